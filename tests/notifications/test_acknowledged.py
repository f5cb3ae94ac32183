"""How far an announcement came: sent, shown, seen; and who is missing, in a sentence."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from tests import make
from tests.accounts.doors import told
from tests.client import TestApp
from tests.exchanges.world import World, world
from tests.notifications.doors import BEGAN, line, way
from tests.notifications.people import device
from yema.accounts.tables import Device
from yema.app import NOTIFICATIONS
from yema.changes import transaction
from yema.exchanges.schemas.told.announcements import RecipientView
from yema.i18n import CATALOGUES
from yema.ids import uuid7
from yema.notifications.channels.log import LogChannel
from yema.notifications.delivering import Postman
from yema.notifications.queries.acknowledged import Course, Way, acknowledging, reach, summary
from yema.notifications.spreading import spread

RAIN = {"title": "Rain", "text": "We meet in the hall."}
NAMES = ["Ania", "Bohdan", "Carmen", "Dario", "Émile", "Fatima", "Greta", "Hania", "Ivo", "Jana", "Kai", "Lena", "Mia"]


async def announced(app: TestApp, w: World, *people: UUID) -> str:
    """An announcement to these people; its id."""
    audience = {"kind": "people", "people": [str(one) for one in people]}
    leader = await app.as_(w.leader)
    made = await leader.post(f"/exchanges/{w.exchange}/announcements", json={**RAIN, "audience": audience})
    found: str = made.json()["id"]
    return found


async def read(app: TestApp, who: UUID, announcement: str) -> Any:
    return (await (await app.as_(who)).get(f"/announcements/{announcement}/acknowledgement")).json()


async def test_a_leader_sees_how_far_it_came_with_each(app: TestApp) -> None:
    w = await world()
    people = [await make.participant(w.exchange, w.group, name=name) for name in NAMES[:5]]
    announcement = await announced(app, w, *people)
    later = BEGAN + timedelta(minutes=1)
    marks: list[dict[str, Any]] = [{}, {"sent_at": BEGAN, "shown_at": later}, {"sent_at": BEGAN}, {}, {}]
    lines = [
        await line(one, topic=f"announcement:{announcement}", **its) for one, its in zip(people, marks, strict=True)
    ]
    await (await app.as_(people[0])).post(f"/announcements/{announcement}/seen")
    phones = [await device(one) for one in people]
    await way(lines[1], people[1], phones[1], state="sent", sent_at=BEGAN)
    await way(lines[2], people[2], phones[2], state="gone")
    await way(lines[2], people[2], state="sent", sent_at=BEGAN)
    await way(lines[3], people[3], phones[3])
    await way(await line(people[4], topic="other"), people[4], phones[4], state="sent", sent_at=BEGAN)

    found = await read(app, w.leader, announcement)

    counts = [found[name] for name in ("recipients", "sent", "shown", "seen")]
    people_of_it = {
        one["display_name"]: (one["reach"], [f"{name}_at" in one for name in ("sent", "shown", "seen")])
        for one in found["people"]
    }
    assert counts == [5, 3, 2, 1]
    assert found["summary"] == "1 of 5 has seen it. Not yet: Bohdan, Carmen, Dario, and Émile."
    assert [*people_of_it] == ["Bohdan", "Carmen", "Dario", "Émile", "Ania"]
    assert people_of_it == {
        "Ania": ("inbox", [True, True, True]),
        "Bohdan": ("push", [True, True, False]),
        "Carmen": ("email", [True, False, False]),
        "Dario": ("push", [False, False, False]),
        "Émile": ("inbox", [False, False, False]),
    }


async def test_only_those_who_lead_read_it(app: TestApp) -> None:
    w = await world()
    announcement = await announced(app, w, w.participant, w.participant2)
    people = ("participant", "participant2", "groupmate", "pending", "left", "stranger", "leader2", "coordinator")
    paths = [f"/announcements/{one}/acknowledgement" for one in (announcement, uuid7())]

    answers = {who: [told(await (await app.as_(getattr(w, who))).get(path)) for path in paths] for who in people}

    nothing = (404, "not_found")
    first = {
        **dict.fromkeys(("participant", "participant2"), (403, "leaders_only")),
        **dict.fromkeys(("groupmate", "pending", "left", "stranger"), nothing),
        **dict.fromkeys(("leader2", "coordinator"), (200, "")),
    }
    assert answers == {who: [answer, nothing] for who, answer in first.items()}


async def test_what_came_to_others_of_another_announcement_counts_for_nothing(app: TestApp) -> None:
    w = await world()
    announcement = await announced(app, w, w.participant)
    for who in (w.participant2, w.stranger, w.left):
        mine = await line(who, topic=f"announcement:{announcement}", sent_at=BEGAN, shown_at=BEGAN)
        await way(mine, who, await device(who), state="sent", sent_at=BEGAN)

    found = await read(app, w.leader, announcement)

    assert [found[name] for name in ("recipients", "sent", "shown", "seen")] == [1, 0, 0, 0]
    assert [one["person"] for one in found["people"]] == [str(w.participant)]


async def test_what_only_stood_in_our_log_was_sent_to_nobody(app: TestApp) -> None:
    w = await world()
    await device(w.participant)
    announcement = await announced(app, w, w.participant)
    while await spread(NOTIFICATIONS):
        pass
    await Postman(NOTIFICATIONS, {"fcm": LogChannel("fcm")}).deliver("fcm")

    found = await read(app, w.leader, announcement)

    assert (found["sent"], [one["reach"] for one in found["people"]]) == (0, ["inbox"])


async def test_it_does_not_sink_when_a_phone_goes(app: TestApp) -> None:
    w = await world()
    announcement = await announced(app, w, w.participant)
    for seen_at in (BEGAN + timedelta(minutes=9), None):
        mine = await line(
            w.participant, topic=f"announcement:{announcement}", sent_at=BEGAN, shown_at=BEGAN, seen_at=seen_at
        )
    phone = await device(w.participant)
    await way(mine, w.participant, phone, state="sent", sent_at=BEGAN, shown_at=BEGAN)
    async with transaction():
        await Device.delete().where(Device.id == phone)

    found = await read(app, w.leader, announcement)

    assert [found[name] for name in ("recipients", "sent", "shown", "seen")] == [1, 1, 1, 0]
    assert found["people"][0]["sent_at"] == "2027-07-14T08:00:00Z"


async def test_who_is_suspended_is_not_missing(app: TestApp) -> None:
    w = await world()
    announcement = await announced(app, w, w.participant, w.participant2)
    await make.suspend(w.participant2)

    found = await read(app, w.leader, announcement)
    told_to = (await (await app.as_(w.leader)).get(f"/exchanges/{w.exchange}/announcements")).json()["items"]

    assert ([one["person"] for one in found["people"]], found["recipients"]) == ([str(w.participant)], 1)
    assert [(one["recipients"], one["seen"]) for one in told_to] == [(1, 0)]


@pytest.mark.parametrize(
    ("recipients", "missing", "said"),
    [
        (0, 0, "It was told to nobody."),
        (4, 0, "Everybody has seen it."),
        (4, 4, "0 of 4 have seen it. Not yet: Ania, Bohdan, Carmen, and Dario."),
        (2, 1, "1 of 2 has seen it. Not yet: Ania."),
        (
            28,
            10,
            "18 of 28 have seen it. Not yet: Ania, Bohdan, Carmen, Dario, Émile, Fatima, Greta, Hania, Ivo, and Jana.",
        ),
        (
            28,
            13,
            "15 of 28 have seen it. Not yet: Ania, Bohdan, Carmen, Dario, Émile, Fatima, Greta, Hania, Ivo, Jana, and 3 more people.",
        ),
    ],
)
def test_at_most_ten_are_named(recipients: int, missing: int, said: str) -> None:
    assert summary(("en",), recipients, NAMES[:missing]) == said


@pytest.mark.parametrize("tag", CATALOGUES)
def test_every_language_names_those_who_are_missing_and_counts_the_rest(tag: str) -> None:
    said = summary((tag,), 28, NAMES)

    assert [name for name in NAMES if name in said] == NAMES[:10]
    assert [number in said for number in ("15", "28", "3")] == [True] * 3
    assert "%" not in said


def test_in_arabic_a_foreign_name_keeps_its_direction() -> None:
    assert "\u2068Ania\u2069" in summary(("ar",), 2, ["Ania"])


INSTANTS = st.none() | st.integers(0, 1_000).map(lambda minutes: BEGAN + timedelta(minutes=minutes))
WAYS = st.builds(
    Way,
    st.sampled_from(["fcm", "webpush", "email"]),
    st.sampled_from(["waiting", "sent", "moot", "expired", "refused", "gone"]),
    st.booleans(),
)
COURSES = st.builds(Course, INSTANTS, INSTANTS, st.lists(WAYS, max_size=5).map(tuple))


@given(COURSES, INSTANTS)
def test_what_was_seen_was_shown_and_what_was_shown_was_sent(course: Course, seen_at: Any) -> None:
    recipient = RecipientView(person=uuid7(), display_name="Ania", seen_at=UNSET if seen_at is None else seen_at)

    found = acknowledging(recipient, course)

    steps = [found.sent_at, found.shown_at, found.seen_at]
    known = [one for one in steps if one is not UNSET]
    assert steps == [*known, *[UNSET] * (3 - len(known))]
    assert known == sorted(known)
    assert (found.seen_at is UNSET) == (seen_at is None)


@pytest.mark.parametrize(
    ("ways", "by"),
    [
        ([], "inbox"),
        ([("fcm", "waiting")], "push"),
        ([("webpush", "sent"), ("email", "sent")], "push"),
        ([("fcm", "gone"), ("email", "waiting")], "email"),
        ([("fcm", "expired"), ("fcm", "refused"), ("email", "moot")], "inbox"),
    ],
)
def test_it_reaches_somebody_by_what_still_works(ways: list[tuple[str, str]], by: str) -> None:
    assert reach([Way(channel, state, came=False) for channel, state in ways]) == by
