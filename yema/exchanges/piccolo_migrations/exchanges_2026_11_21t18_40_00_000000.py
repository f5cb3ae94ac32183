from datetime import timedelta

import msgspec
from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from yema.changes.transaction import Transaction
from yema.database import Statement, fetch
from yema.database.statements import as_id
from yema.exchanges.actions.told.release import remind
from yema.exchanges.plan import SlotBody

ID = "2026-11-21T18:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what was released before anybody was told of anything is told before it begins"

_COMING = "SELECT exchange, body FROM released_slot WHERE {} >= {{}}"
_LATER = Statement(
    _COMING.format("json_extract(body, '$.starts_at')"), postgres=_COMING.format("body::json->>'starts_at'")
)
_NO_RELEASE = 0
_SLOT = msgspec.json.Decoder(SlotBody)


async def _remind() -> None:
    tx = Transaction(None)  # for what it has told; the transaction is the migration's
    # A day less, as the days of the world's zones are two.
    for exchange, body in await fetch(_LATER, (tx.at - timedelta(days=1)).date().isoformat()):
        remind(tx, as_id(exchange), _SLOT.decode(body), _NO_RELEASE)
    await tx.leave_behind(set())


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="exchanges", description=DESCRIPTION)
    manager.add_raw(_remind)
    return manager
