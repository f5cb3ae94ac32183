"""Whom announcements are told, what stands on the lock screen, and what leaders hear of who has not seen them."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.test_announcements import tell, to
from tests.exchanges.test_members import id_of, patch
from tests.exchanges.world import World, world
from tests.journals.test_secrecy import canary
from tests.told import bodies, concerns, messages, outbox, telling, told
from yema.changes.notified import Settled
from yema.exchanges.notified import announcements

GENERAL = "Your leaders have something to tell you. Open YEMA to read it."


def of(w: World, announcement: str) -> dict[str, str]:
    return {"exchange": str(w.exchange), "announcement": announcement}


async def see(app: TestApp, announcement: str, *people: UUID) -> None:
    for person in people:
        assert (await (await app.as_(person)).post(f"/announcements/{announcement}/seen")).status_code == 204


async def test_it_is_told_at_once_to_all_members_but_its_author(app: TestApp) -> None:
    w = await world()
    made = (await tell(app, w))["id"]

    found = await telling("announcement", "announcement_made")

    people = {w.participant, w.groupmate, w.participant2, w.leader2, w.facilitator, w.coordinator}
    [row] = await outbox("announcement_made")
    assert {*found.people} == people
    assert (found.topic, found.about, found.urgent) == (f"announcement:{made}", of(w, made), False)
    assert (found.exchange, found.zone, found.expires_at) == (w.exchange, make.ZONE, row["made_at"] + timedelta(days=3))


async def test_an_urgent_one_is_another_kind_that_nobody_can_turn_off(app: TestApp) -> None:
    w = await world()
    await tell(app, w, urgent=True, audience=to("groups", w.group2))

    found = await telling("urgent_announcement", "announcement_made")

    [row] = await outbox("announcement_made")
    assert ({*found.people}, found.urgent) == ({w.participant2, w.leader2}, True)
    assert found.expires_at == row["made_at"] + timedelta(days=1)
    assert await concerns("announcement", "announcement_made") == []
    assert {kind.name: kind.certain for kind in announcements.kinds} == {
        "announcement": False,
        "urgent_announcement": True,
        "unseen": False,
    }


async def test_only_who_has_not_seen_it_is_reminded(app: TestApp) -> None:
    w = await world()
    made = (await tell(app, w, audience=to("groups", w.group)))["id"]
    await see(app, made, w.participant)
    await (await app.as_(w.leader)).post(f"/announcements/{made}/reminders")

    assert await told("announcement", "announcement_reminded") == {w.groupmate}


async def test_who_has_seen_it_or_all_where_it_was_taken_back_are_not_bothered(app: TestApp) -> None:
    w = await world()
    made = (await tell(app, w))["id"]
    await see(app, made, w.participant, w.participant)
    await (await app.as_(w.leader)).delete(f"/announcements/{made}")

    assert len(await outbox("announcement_seen")) == 1
    assert await concerns("announcement", "announcement_seen") == [Settled([f"announcement:{made}"], [w.participant])]
    assert await concerns("announcement", "announcement_withdrawn") == [Settled([f"announcement:{made}"], None)]
    assert await concerns("announcement", "announcement_made") == []


async def test_the_lock_screen_says_nothing_of_what_it_says(app: TestApp) -> None:
    w = await world()
    word = canary()
    plain = (await tell(app, w, title=word, text=word))["id"]
    urgent = (await tell(app, w, title=word, text=word, urgent=True))["id"]

    found = [
        *await messages("announcement", of(w, plain), w.participant),
        *await messages("urgent_announcement", of(w, urgent), w.participant),
    ]

    assert found == [("Announcement", GENERAL), ("Important announcement", GENERAL)]
    assert word not in str(await outbox("announcement_made"))


@pytest.mark.parametrize("change", ["leaves", "moves", "is suspended", "sees it", "it is taken back"])
async def test_what_no_longer_holds_is_not_told(app: TestApp, change: str) -> None:
    w = await world()
    made = (await tell(app, w, audience=to("groups", w.group)))["id"]
    about, people = of(w, made), (w.participant, w.groupmate)
    before = await bodies("announcement", about, *people)
    if change == "leaves":
        await patch(app, w, w.leader, w.participant, state="left")
    elif change == "moves":
        await patch(app, w, w.coordinator, w.participant, group=str(w.group2))
    elif change == "is suspended":
        await make.suspend(w.participant)
    elif change == "sees it":
        await see(app, made, w.participant)
    else:
        await (await app.as_(w.leader)).delete(f"/announcements/{made}")

    after = await bodies("announcement", about, *people)

    assert before == [GENERAL, GENERAL]
    assert after == [None, None if change == "it is taken back" else GENERAL]


async def test_who_never_was_to_hear_of_it_reads_nothing(app: TestApp) -> None:
    w = await world()
    made = (await tell(app, w, audience=to("people", w.participant2)))["id"]
    others = (w.participant, w.leader, w.coordinator, w.pending, w.left, w.stranger)

    found = await bodies("announcement", of(w, made), w.participant2, *others)

    assert found == [GENERAL, *[None] * len(others)]


@pytest.mark.parametrize(("urgent", "minutes"), [(False, 60), (True, 15)])
async def test_after_a_while_it_is_looked_at_who_has_not_seen_it(app: TestApp, urgent: bool, minutes: int) -> None:
    w = await world()
    made = (await tell(app, w, urgent=urgent, audience=to("groups", w.group2)))["id"]
    [row] = await outbox("announcement_looked_at")

    found = await telling("unseen", "announcement_looked_at")

    assert row["not_before"] - row["made_at"] == timedelta(minutes=minutes)
    assert ({*found.people}, found.topic, found.once) == ({w.leader, w.leader2}, f"unseen:{made}", True)


async def test_leaders_hear_of_it_whose_people_have_not_seen_it(app: TestApp) -> None:
    w = await world()
    made = (await tell(app, w, audience=to("people", w.participant, w.participant2)))["id"]
    about, people = of(w, made), (w.leader, w.leader2, w.facilitator, w.coordinator, w.participant2)
    second = await make.leader(w.exchange, w.group)

    first = await told("unseen", "announcement_looked_at")
    await see(app, made, w.participant)

    assert first == {w.leader, second, w.leader2}
    assert await bodies("unseen", about, second, *people) == [
        None,
        "1 of 2 has seen your announcement.",
        "1 of 2 has seen an announcement that concerns your group.",
        None,
        None,
        None,
    ]


async def test_nobody_hears_of_it_where_all_have_seen_it(app: TestApp) -> None:
    w = await world()
    made = (await tell(app, w, audience=to("people", w.participant, w.participant2)))["id"]
    await see(app, made, w.participant)
    early = await concerns("unseen", "announcement_seen")
    await see(app, made, w.participant2)

    assert early == []
    assert await concerns("unseen", "announcement_seen") == [Settled([f"unseen:{made}"], None)]
    assert await concerns("unseen", "announcement_looked_at") == []
    assert await bodies("unseen", of(w, made), w.leader, w.leader2) == [None, None]


async def test_an_author_who_has_left_hears_nothing_of_it(app: TestApp) -> None:
    w = await world()
    made = (await tell(app, w, audience=to("groups", w.group2)))["id"]
    member = await id_of(w.leader)
    coordinator = await app.as_(w.coordinator)
    await coordinator.patch(f"/exchanges/{w.exchange}/members/{member}", json={"state": "left"})

    assert await told("unseen", "announcement_looked_at") == {w.leader2}
    assert await bodies("unseen", of(w, made), w.leader) == [None]
