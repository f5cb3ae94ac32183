"""Exchanges from before there were pins: each keeps the latest version of what it has planned."""

import importlib
from pathlib import Path

from tests.client import TestApp
from tests.exchanges.test_packs import plan_in
from yema.activities.actions.publish import publish_pack
from yema.database import Statement, engine, execute
from yema.exchanges.tables.plan import ExchangePack

_migration = importlib.import_module("yema.exchanges.piccolo_migrations.exchanges_2026_11_21t11_01_00_000000")
_CLEAR = (Statement("DELETE FROM exchange_pack"), Statement("DELETE FROM change WHERE kind = 'planned_pack'"))


async def test_an_older_plan_keeps_the_latest_version_and_phones_hear_of_it(app: TestApp, tmp_path: Path) -> None:
    plan = await plan_in(app, tmp_path)
    for activity in (plan.lake, plan.hill):
        await plan.schedule(activity)
    await publish_pack(plan.pack)
    async with engine().begin():
        for statement in _CLEAR:
            await execute(statement)

    async with engine().begin():
        await _migration._pin()

    pins = await ExchangePack.select(ExchangePack.exchange, ExchangePack.pack, ExchangePack.number)
    assert pins == [{"exchange": plan.exchange, "pack": plan.pack, "number": 2}]
    assert [told["version"] for told in await plan.pulled(plan.member)] == [2]
