"""What a person chooses to be told, how, and when not."""

import asyncio
from typing import Any, get_args

import httpx
import pytest
from litestar import Litestar

from tests import make
from tests.accounts.doors import told
from tests.client import TestApp
from yema.changes.notified import About, Addressee, Message, NotificationKind
from yema.errors import N_
from yema.notifications.queries.choices import CADENCES
from yema.notifications.rules import MINUTES_BEFORE
from yema.notifications.schemas import MinutesBefore
from yema.notifications.tables import Choice, Habits

PATH = "/notifications/preferences"
USUAL = {"minutes_before": 15, "quiet_from": "22:00", "quiet_until": "07:00"}


async def _word(about: About, addressees: list[Addressee]) -> list[Message | None]:
    return [None for _ in addressees]


def a_kind(name: str, *roles: str, **more: Any) -> NotificationKind:
    title = N_("Please sign in.")
    return NotificationKind(name=name, title=title, events={}, word=_word, roles=frozenset(roles), **more)  # type: ignore[arg-type]


KINDS = (
    a_kind("slot", "participant", "leader", push="immediate"),
    a_kind("bus", "participant", "facilitator", certain=True),
    a_kind("waiting", "leader", "coordinator", email="daily"),
    a_kind("reflections", "coordinator", push="off", email="daily"),
    a_kind("runs", "trainer", push="off", email="weekly"),
)


@pytest.fixture(autouse=True)
def kinds(litestar_app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(litestar_app.state, "notifications", KINDS)


async def offered(client: httpx.AsyncClient) -> dict[str, tuple[str, str]]:
    """The (push, email) of each kind."""
    found = (await client.get(PATH)).json()["kinds"]
    return {one["kind"]: (one["push"], one["email"]) for one in found}


def test_all_minutes_that_are_looked_at_can_be_chosen() -> None:
    assert get_args(MinutesBefore) == (0, *MINUTES_BEFORE)


async def test_who_has_chosen_nothing_has_what_all_have(app: TestApp) -> None:
    participant = await app.as_(await make.participant(await make.exchange()))

    answer = await participant.get(PATH, headers={"accept-language": "pl"})

    titled = {"title": "Zaloguj się, proszę."}
    assert answer.json() == {
        **USUAL,
        "kinds": [
            {
                "kind": "slot",
                "push": "immediate",
                "email": "off",
                "certain": False,
                "choices": list(CADENCES),
                **titled,
            },
            {"kind": "bus", "push": "immediate", "email": "off", "certain": True, "choices": ["immediate"], **titled},
        ],
    }
    assert answer.headers["content-language"] == "pl"


async def test_each_is_offered_what_concerns_their_parts(app: TestApp) -> None:
    exchange, organisation = await make.exchange(), await make.organisation()
    both = await make.staff(organisation, "trainer")
    people = {
        "participant": await make.participant(exchange),
        "leader": await make.leader(exchange),
        "facilitator": await make.member(exchange, "facilitator"),
        "coordinator": await make.coordinator(exchange),
        "trainer": await make.staff(organisation, "trainer"),
        "coordinating staff": await make.staff(organisation, "coordinator"),
        "both": await make.participant(exchange, who=both),
        "waits": await make.participant(exchange, state="pending"),
        "left": await make.participant(exchange, state="left"),
        "nobody": await make.person(),
    }

    found = {name: [*await offered(await app.as_(who))] for name, who in people.items()}

    assert found == {
        "participant": ["slot", "bus"],
        "leader": ["slot", "waiting"],
        "facilitator": ["bus"],
        "coordinator": ["waiting", "reflections"],
        "trainer": ["runs"],
        "coordinating staff": ["waiting", "reflections"],
        "both": ["slot", "bus", "runs"],
        "waits": [],
        "left": [],
        "nobody": [],
    }


async def test_what_is_chosen_stays_and_the_rest_is_as_it_was(app: TestApp) -> None:
    exchange = await make.exchange()
    ana, bo = await app.as_(await make.participant(exchange)), await app.as_(await make.participant(exchange))
    slot = {"kind": "slot", "push": "daily"}

    first = await ana.put(PATH, json={"minutes_before": 0, "kinds": [slot, {"kind": "bus", "email": "immediate"}]})
    second = await ana.put(PATH, json={"quiet_from": "21:30", "kinds": [{"kind": "slot", "email": "weekly"}]})

    assert [answer.status_code for answer in (first, second)] == [200, 200]
    assert second.json() == (await ana.get(PATH)).json()
    habits = {name: second.json()[name] for name in USUAL}
    assert habits == {"minutes_before": 0, "quiet_from": "21:30", "quiet_until": "07:00"}
    assert await offered(ana) == {"slot": ("daily", "weekly"), "bus": ("immediate", "immediate")}
    assert await offered(bo) == {"slot": ("immediate", "off"), "bus": ("immediate", "off")}


async def test_nothing_is_written_where_nothing_is_chosen(app: TestApp) -> None:
    ana = await app.as_(await make.participant(await make.exchange()))

    answer = await ana.put(PATH, json={})

    assert (answer.status_code, {name: answer.json()[name] for name in USUAL}) == (200, USUAL)
    assert (await Habits.count(), await Choice.count()) == (0, 0)


async def test_of_many_at_once_each_kind_has_one_choice(app: TestApp) -> None:
    ana = await app.as_(await make.participant(await make.exchange()))
    bodies = [
        {"minutes_before": 30, "kinds": [{"kind": "slot", "push": cadence}]} for cadence in ("off", "daily", "weekly")
    ]

    answers = await asyncio.gather(*(ana.put(PATH, json=body) for body in bodies * 4))

    assert {answer.status_code for answer in answers} == {200}
    assert (await Habits.count(), await Choice.count()) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ({"kind": "bus", "push": "off"}, (409, "always_told", "/kinds/1/push", "always_told")),
        ({"kind": "bus", "push": "daily"}, (409, "always_told", "/kinds/1/push", "always_told")),
        ({"kind": "nothing", "push": "off"}, (400, "invalid", "/kinds/1/kind", "unknown_kind")),
        ({"kind": "waiting", "push": "off"}, (400, "invalid", "/kinds/1/kind", "unknown_kind")),
        ({"kind": "slot", "push": "hourly"}, (400, "invalid", "/kinds/1/push", "not_allowed")),
    ],
    ids=str,
)
async def test_what_cannot_be_chosen_changes_nothing(app: TestApp, kind: Any, wrong: Any) -> None:
    ana = await app.as_(await make.participant(await make.exchange()))

    answer = await ana.put(PATH, json={"minutes_before": 30, "kinds": [{"kind": "slot", "push": "off"}, kind]})

    [error] = answer.json()["errors"]
    assert (answer.status_code, answer.json()["code"], error["pointer"], error["code"]) == wrong
    assert (await Habits.count(), await Choice.count()) == (0, 0)


async def test_what_always_comes_may_be_said_to_come_at_once(app: TestApp) -> None:
    ana = await app.as_(await make.participant(await make.exchange()))

    answer = await ana.put(PATH, json={"kinds": [{"kind": "bus", "push": "immediate"}]})

    assert told(answer) == (200, "")


@pytest.mark.parametrize(
    "body",
    [
        {"minutes_before": 7},
        {"minutes_before": -5},
        {"minutes_before": True},
        {"quiet_from": "24:00"},
        {"quiet_from": "7:00"},
        {"quiet_until": "07:00\n"},
        {"quiet_until": "07:60"},
        {"quiet_until": None},
        {"kinds": [{"kind": "slot"}] * 51},
        {"loud": True},
    ],
    ids=str,
)
async def test_what_is_no_time_is_refused(app: TestApp, body: Any) -> None:
    ana = await app.as_(await make.participant(await make.exchange()))

    assert (await ana.put(PATH, json=body)).status_code == 400
    assert await Habits.count() == 0
