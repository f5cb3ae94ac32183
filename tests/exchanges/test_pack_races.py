"""Planning beside authors who withdraw, and leaders who take another version: no plan is left without its text."""

import asyncio
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest

from tests import make
from tests.client import TestApp
from tests.database.outside import between
from tests.exchanges.test_packs import Plan, plan_in
from yema.activities.actions import withdrawing
from yema.activities.actions.publish import HOLD_PACK, publish_pack
from yema.activities.actions.withdrawing import withdraw_version
from yema.activities.queries.frozen import frozen_pack
from yema.activities.tables import PackVersion
from yema.changes import SpaceKey, transaction
from yema.database import Statement
from yema.errors import YemaError
from yema.exchanges.actions.plan import packs as planning
from yema.exchanges.actions.plan.packs import begin_to_plan, take_version
from yema.exchanges.actions.plan.slots import change_slot
from yema.exchanges.schemas.plan.plan import SlotChange
from yema.exchanges.tables.plan import ExchangePack, Slot
from yema.ids import uuid7
from yema.settings import Settings

ROUNDS = 15


def unlocked(statement: Statement) -> Statement:
    return Statement(statement.sqlite.replace("?", "{}"))


async def begins(exchange: UUID, activity: UUID) -> bool:
    try:
        async with transaction() as tx:
            await begin_to_plan(tx, exchange, activity)
            await asyncio.sleep(0.03)  # a moment in which the other one could come between
    except YemaError:
        return False
    return True


async def lost_to_withdrawal(plan: Plan) -> int:
    """Begin to plan while the version is withdrawn; how often that happened after it was already gone."""
    lost = 0
    for number in range(2, ROUNDS + 2):
        exchange = await make.exchange()
        await publish_pack(plan.pack)
        gone: list[int] = []

        async def withdraw(number: int = number, gone: list[int] = gone) -> None:
            await withdraw_version(plan.pack, number)
            gone.append(await ExchangePack.count().where(ExchangePack.number == number))

        await asyncio.gather(begins(exchange, UUID(plan.lake)), withdraw())
        # Whoever came later found the version before it, and not this one.
        lost += await ExchangePack.count().where(ExchangePack.number == number) != gone[0]
    return lost


async def test_who_begins_to_plan_was_faster_than_the_withdrawal_or_does_not_get_it(
    app: TestApp, tmp_path: Path
) -> None:
    plan = await plan_in(app, tmp_path)

    assert await lost_to_withdrawal(plan) == 0


@pytest.mark.postgres
@pytest.mark.parametrize(("held", "seen"), [(True, 1), (False, 0)], ids=["held", "not held"])
async def test_whoever_withdraws_sees_all_who_have_begun_to_plan(
    app: TestApp, house: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: bool, seen: int
) -> None:
    """The same at the worst moment, and that without the lock a plan would begin with what is withdrawn."""
    plan = await plan_in(app, tmp_path)
    if not held:
        monkeypatch.setattr(planning, "HOLD_PACK", unlocked(HOLD_PACK))
        monkeypatch.setattr(withdrawing, "HOLD_PACK", unlocked(HOLD_PACK))

    async def withdraw() -> int:
        await withdraw_version(plan.pack, 1)
        return int(await ExchangePack.count())

    found = await between(house, "exchange_pack", begins(plan.exchange, UUID(plan.lake)), withdraw())

    assert (found, await ExchangePack.count()) == ([True, seen], 1)


async def test_many_first_slots_at_once_keep_one_version(app: TestApp, tmp_path: Path) -> None:
    plan = await plan_in(app, tmp_path)

    publishing = asyncio.create_task(publish_pack(plan.pack))
    answers = await asyncio.gather(*(plan.schedule(plan.lake) for _ in range(8)))
    await publishing

    assert {answer.status_code for answer in answers} == {201}
    assert await ExchangePack.count() == 1


async def slots_without_text(plan: Plan) -> int:
    """Change a slot to an activity while a version is taken that does not have it; how many slots lost their text."""
    leader = make.signed_in(await make.leader(plan.exchange))
    by = await make.membership(leader.id, plan.exchange)
    lost = 0
    for _ in range(ROUNDS):
        slot = UUID((await plan.schedule(plan.lake)).json()["id"])
        with suppress(YemaError):
            await take_version(by, plan.pack, 1, None)
        await asyncio.gather(
            change_slot(by, slot, SlotChange(activity=UUID(plan.hill)), leader, None),
            take_version(by, plan.pack, 2, None),
            return_exceptions=True,
        )
        [row] = await ExchangePack.select(ExchangePack.number)
        known = (await frozen_pack(plan.pack, row["number"])).titles
        slots = await Slot.select(Slot.activity).where(Slot.state != "cancelled")
        lost += sum(one["activity"] not in known for one in slots)
        async with transaction() as tx:
            await Slot.update({Slot.state: "cancelled"}).where(Slot.exchange == plan.exchange)
            tx.touched(SpaceKey("exchange_leaders", plan.exchange), "slot", slot)
    return lost


async def test_a_version_is_not_taken_from_under_a_slot_that_is_changing(app: TestApp, tmp_path: Path) -> None:
    plan = await plan_in(app, tmp_path)
    await plan.write("hill")
    async with transaction() as tx:
        # As if it had been planned before: the exchange keeps the first version.
        await ExchangePack.insert(ExchangePack(id=uuid7(), exchange=plan.exchange, pack=plan.pack, number=1))
        tx.touched(SpaceKey("exchange", plan.exchange), "planned_pack", plan.pack)

    assert await slots_without_text(plan) == 0
    assert await PackVersion.count() == 2


@pytest.mark.postgres
@pytest.mark.parametrize("held", [True, False], ids=["held", "not held"])
async def test_whoever_takes_a_version_holds_the_pack_while_a_slot_changes(
    app: TestApp, house: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    """The same at the worst moment, and that without the locks a slot would lose its text."""
    plan = await plan_in(app, tmp_path)
    slot = UUID((await plan.schedule(plan.lake)).json()["id"])
    await plan.write("hill")
    leader = make.signed_in(await make.leader(plan.exchange))
    by = await make.membership(leader.id, plan.exchange)
    if not held:
        monkeypatch.setattr(planning, "HOLD_PACK", unlocked(HOLD_PACK))
        monkeypatch.setattr(planning, "_HOLD_PIN", unlocked(planning._HOLD_PIN))

    await between(
        house,
        "exchange_pack",
        take_version(by, plan.pack, 2, None),
        change_slot(by, slot, SlotChange(activity=UUID(plan.hill)), leader, None),
    )

    [pin], [row] = await ExchangePack.select(ExchangePack.number), await Slot.select(Slot.activity)
    assert (pin["number"], row["activity"]) == (2, UUID(plan.lake if held else plan.hill))
