"""What was said of people who were invited, and when it is forgotten."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import time_machine

from tests import make
from tests.accounts.doors import join
from tests.client import TestApp
from tests.exchanges.test_inviting import invited, secret
from tests.exchanges.world import world
from yema.changes import transaction
from yema.erasing import erase
from yema.exchanges.actions.people.inviting import sweep_invitations
from yema.exchanges.tables.exchange import JoinCode, Particulars


async def test_what_was_said_of_somebody_goes_with_the_invitation(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)
    came, stayed = (await invited(leader, w, "name,gender\nOla,f\nJan,m\n"))["lines"]
    await join(app.anybody, secret=secret(came))

    for one in (came, stayed):
        await leader.delete(f"/exchanges/{w.exchange}/join-codes/{one['join_code']}")

    rows = await Particulars.select(Particulars.id)
    assert [row["id"] for row in rows] == [UUID(came["join_code"])]


async def test_who_has_not_come_a_month_after_it_expired_is_forgotten(app: TestApp) -> None:
    w = await world()
    report = await invited(await app.as_(w.leader), w, "name,gender\nOla,f\nJan,m\n", "?hours=1")
    await join(app.anybody, secret=secret(report["lines"][0]))

    swept = []
    for days in (29, 31, 32):
        with time_machine.travel(datetime.now(UTC) + timedelta(days=days, hours=2)):
            swept.append(await sweep_invitations())

    names = {row["invited"] for row in await JoinCode.select(JoinCode.invited)}
    assert (swept, names, await Particulars.count()) == ([0, 1, 0], {"Ola", None}, 1)


async def test_an_erased_persons_name_is_on_no_invitation(app: TestApp) -> None:
    w = await world()
    report = await invited(await app.as_(w.leader), w, "name,gender\nOla,f\n")
    joined = (await join(app.anybody, secret=secret(report["lines"][0]))).json()

    await erase(UUID(joined["person"]))

    assert (await JoinCode.exists().where(JoinCode.invited.is_not_null()), await Particulars.count()) == (False, 0)


async def test_what_was_said_of_somebody_goes_with_their_group(app: TestApp) -> None:
    w = await world()
    coordinator = await app.as_(w.coordinator)
    group = await make.group(w.exchange, "IT")
    await invited(coordinator, w, "name,group,gender\nOla,IT,f\nJan,PL,m\n")

    answer = await coordinator.delete(f"/exchanges/{w.exchange}/groups/{group}")

    [kept] = await JoinCode.select(JoinCode.id)
    assert (answer.status_code, await Particulars.select(Particulars.id)) == (204, [kept])


async def test_the_daily_sweep_takes_what_belongs_to_neither_a_member_nor_an_invitation(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)
    came, _ = (await invited(leader, w, "name,gender\nOla,f\nJan,m\n"))["lines"]
    await join(app.anybody, secret=secret(came))
    async with transaction():
        await JoinCode.delete(force=True)

    await sweep_invitations()

    assert await Particulars.select(Particulars.id) == [{"id": UUID(came["join_code"])}]
