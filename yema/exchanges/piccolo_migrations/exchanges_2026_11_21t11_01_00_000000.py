from datetime import UTC, datetime

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from yema.database import Statement, execute, fetch
from yema.database.migrations import sql
from yema.database.statements import as_id
from yema.ids import uuid7

ID = "2026-11-21T11:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "exchanges keep the latest versions of the packs on their plans"

_PLANNED = Statement(
    "SELECT DISTINCT s.exchange, a.pack, p.latest FROM slot s JOIN activity a ON a.id = s.activity JOIN pack p ON p.id = a.pack"
    " WHERE p.latest IS NOT NULL ORDER BY 1, 2"
)
_PIN = Statement("INSERT INTO exchange_pack (id, exchange, pack, number) VALUES ({}, {}, {}, {})")
_ADVANCE = Statement(
    "UPDATE space SET version = version + 1 WHERE kind = 'exchange' AND owner = {} RETURNING id, version"
)
_RECORD = Statement(
    "INSERT INTO change (space, kind, thing, seq, op, at) VALUES ({}, 'planned_pack', {}, {}, 'put', {})"
)


async def _pin() -> None:
    at = datetime.now(UTC)
    for exchange, pack, number in await fetch(_PLANNED):
        await execute(_PIN, uuid7(), as_id(exchange), as_id(pack), number)
        # An exchange that never told anybody of itself has no space, and nobody who could read it.
        for space, seq in await execute(_ADVANCE, as_id(exchange)):
            await execute(_RECORD, space, as_id(pack), seq, at)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="exchanges", description=DESCRIPTION)
    manager.add_raw(sql(
        'CREATE UNIQUE INDEX exchange_pack_exchange_pack ON exchange_pack (exchange, pack)',
    ))
    manager.add_raw(_pin)
    return manager
