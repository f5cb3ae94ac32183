"""The small phone marks who was there, and says what its person has seen."""

from uuid import UUID

from tests import make
from tests.client import TestApp
from tests.phone import Carried
from tests.sync.world import full_world


async def carried(app: TestApp, person: UUID) -> Carried:
    phone = Carried(app.with_token(await make.token(person)))
    await phone.pull()
    return phone


async def test_the_second_leader_is_shown_what_the_first_one_marked_and_decides(app: TestApp) -> None:
    everything = await full_world(app)
    slot = str(await make.slot(everything.exchange))
    one, other = [await carried(app, everything.leader) for _ in range(2)]
    for phone, state in ((one, "present"), (other, "late")):
        mark = phone.phone.mark(slot, str(everything.participant), state)
        await phone.push()
    [shown] = other.phone.noticed

    other.phone.mark(slot, str(everything.participant), "late")
    await other.push()
    await one.pull()

    found = one.phone.all("attendance")[mark]
    assert (shown["current"]["state"], found["state"], found["version"]) == ("present", "late", 2)


async def test_a_mark_that_somebody_took_away_is_made_anew(app: TestApp) -> None:
    everything = await full_world(app)
    slot = str(await make.slot(everything.exchange))
    phone = await carried(app, everything.leader)
    mark = phone.phone.mark(slot, str(everything.participant), "present")
    await phone.push()
    await phone.client.delete(f"/slots/{slot}/attendance/{everything.participant}")

    for _ in range(2):
        phone.phone.mark(slot, str(everything.participant), "absent")
        await phone.push()
    await phone.pull()

    assert (len(phone.phone.noticed), phone.phone.all("attendance")[mark]["state"]) == (1, "absent")


async def test_what_was_seen_on_one_phone_is_seen_on_the_other(app: TestApp) -> None:
    everything = await full_world(app)
    leader = await app.as_(everything.leader)
    told = await leader.post(f"/exchanges/{everything.exchange}/announcements", json={"title": "Rain", "text": "Hall."})
    one, other = [await carried(app, everything.participant) for _ in range(2)]

    one.phone.see(told.json()["id"])
    await one.push()
    await other.pull()

    assert (list(other.phone.all("announcement")), list(other.phone.all("announcement_seen"))) == (
        [told.json()["id"]],
    ) * 2
