"""DELETE /me: what a person wrote is gone in every copy, everybody's phones hear of it, and nobody's own things are torn."""

from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest

from tests import make
from tests.accounts.doors import told
from tests.client import TestApp
from tests.phone import Carried
from yema.accounts.tables import AccessToken, Notice, Person, SignIn, SignInCode, Staff
from yema.changes import transaction
from yema.erasing import NO_NAME, erase, erase_again
from yema.ids import uuid7
from yema.journals.tables import Entry, Feedback, Reflection, Revision
from yema.settings import Settings
from yema.vault import keyring

NAME = "Marzena Kanarek"
TEXT = "A canary sang in the mine"


class Circle(NamedTuple):
    """A group with its leader, and somebody in it who will be erased."""

    exchange: UUID
    person: UUID
    client: httpx.AsyncClient
    leader: httpx.AsyncClient
    mate: httpx.AsyncClient


@pytest.fixture
async def circle(app: TestApp) -> Circle:
    exchange = await make.exchange()
    group = await make.group(exchange)
    person = await make.participant(exchange, group, name=NAME, email="marzena@example.org")
    leader, mate = await make.leader(exchange, group), await make.participant(exchange, group)
    return Circle(exchange, person, await app.as_(person), await app.as_(leader), await app.as_(mate))


async def shared(circle: Circle, text: str = TEXT, by: httpx.AsyncClient | None = None) -> UUID:
    """A page that the group sees, with an answer of the leader's."""
    client, entry = by or circle.client, uuid7()
    made = [
        await client.put(f"/journal/entries/{entry}", json=make.entry(circle.exchange, text)),
        await client.put(f"/journal/entries/{entry}/sharing", json={"shared_with": "group"}),
        await circle.leader.post(f"/reflections/{entry}/feedback", json={"text": "Well sung"}),
    ]
    assert [answer.is_success for answer in made] == [True] * 3
    return entry


async def test_the_token_that_asked_works_no_longer(circle: Circle) -> None:
    erased = await circle.client.delete("/me")

    assert (erased.status_code, told(await circle.client.get("/me"))) == (204, (401, "not_signed_in"))


async def test_nothing_of_the_diary_is_left_and_its_key_is_gone(circle: Circle) -> None:
    await shared(circle)
    before = [await table.count() for table in (Entry, Revision, Reflection, Feedback)]

    await circle.client.delete("/me")

    assert before == [1, 1, 1, 1]
    assert [await table.count() for table in (Entry, Revision, Reflection, Feedback)] == [0, 0, 0, 0]
    assert (keyring().key_of(circle.person), keyring().is_erased(circle.person)) == (None, True)


async def test_no_way_in_is_left(circle: Circle, app: TestApp) -> None:
    tokens = await make.tokens(circle.person)
    await circle.client.post("/me/sign-ins/codes")

    await circle.client.delete("/me")

    rotated = {"refresh_token": tokens.refresh_token, "rotation_id": "rotation-1"}
    assert told(await app.anybody.post("/sign-in/refresh", json=rotated)) == (401, "not_signed_in")
    mine = (SignIn, SignInCode, Notice)
    assert [await table.exists().where(table.person == circle.person) for table in mine] == [False] * 3
    assert await AccessToken.count() == 2  # those of the leader and of the mate


async def test_the_row_that_others_refer_to_says_nothing_any_more(circle: Circle) -> None:
    await circle.client.delete("/me")

    [row] = await Person.select().where(Person.id == circle.person)
    assert (row["display_name"], row["email"], row["born"], row["suspended_at"] is None) == (NO_NAME, None, None, False)


async def test_phones_of_others_drop_what_they_had_of_them(circle: Circle) -> None:
    await shared(circle)
    phones = [Carried(circle.leader), Carried(circle.mate)]
    for phone in phones:
        await phone.pull()
    before = [TEXT in seen(phone) and NAME in seen(phone) for phone in phones]

    await circle.client.delete("/me")
    for phone in phones:
        await phone.pull()

    assert before == [True, True]
    assert [[word in seen(phone) for word in (TEXT, NAME, "Well sung")] for phone in phones] == [[False] * 3] * 2


def seen(phone: Carried) -> str:
    """All that a phone holds, as text."""
    return repr([thing.data for things in phone.phone.things.values() for thing in things.values()])


async def test_the_leader_reads_nothing_of_them_anywhere(circle: Circle) -> None:
    entry = await shared(circle)
    paths = [f"/exchanges/{circle.exchange}/{what}" for what in ("members", "reflections")]
    before = "".join([(await circle.leader.get(path)).text for path in paths])

    await circle.client.delete("/me")

    after = "".join([(await circle.leader.get(path)).text for path in paths])
    assert [(word in before, word in after) for word in (NAME, TEXT)] == [(True, False)] * 2
    assert (await circle.leader.get(f"/reflections/{entry}/feedback")).status_code == 404


async def test_they_are_among_those_who_left(circle: Circle) -> None:
    await circle.client.delete("/me")

    members = (await circle.leader.get(f"/exchanges/{circle.exchange}/members")).json()["items"]
    [gone] = [member for member in members if member["person"] == str(circle.person)]
    assert (gone["display_name"], gone["state"]) == (NO_NAME, "left")


async def test_the_answers_they_gave_stay_with_whom_they_gave_them_to_without_a_name(circle: Circle) -> None:
    await shared(circle)
    phones = [Carried(circle.client), Carried(circle.mate)]
    for phone in phones:
        await phone.pull()

    await circle.leader.delete("/me")
    for phone in phones:
        await phone.pull()

    answers = [phone.phone.all("feedback").values() for phone in phones]
    assert [[(one["display_name"], one["text"]) for one in them] for them in answers] == [[(NO_NAME, "Well sung")]] * 2


async def test_an_answer_to_a_page_that_was_taken_back_is_not_shown_again(circle: Circle) -> None:
    entry = await shared(circle)
    phone = Carried(circle.mate)
    await phone.pull()
    before = len(phone.phone.all("feedback"))
    await circle.client.delete(f"/journal/entries/{entry}/sharing")

    erased = await circle.leader.delete("/me")
    await phone.pull()

    assert (before, erased.status_code, phone.phone.all("feedback")) == (1, 204, {})


async def test_what_a_leader_planned_and_released_stays(app: TestApp) -> None:
    exchange = await make.exchange()
    leader, mate = await make.coordinator(exchange), await make.participant(exchange)
    as_leader, as_mate = await app.as_(leader), await app.as_(mate)
    await make.slot(exchange, responsible=(leader,))
    await as_leader.post(f"/exchanges/{exchange}/releases")
    before = (await as_mate.get(f"/exchanges/{exchange}/itinerary")).json()

    await as_leader.delete("/me")

    assert (await as_mate.get(f"/exchanges/{exchange}/itinerary")).json() == before


async def test_whoever_worked_for_an_organisation_does_so_no_longer(app: TestApp) -> None:
    trainer = await make.staff(await make.organisation())

    await (await app.as_(trainer)).delete("/me")

    assert not await Staff.exists().where(Staff.person == trainer)


async def test_the_address_is_free_for_somebody_else(circle: Circle) -> None:
    await circle.client.delete("/me")

    assert await make.person(email="marzena@example.org") != circle.person


async def test_an_operators_token_erases_nobody(circle: Circle, app: TestApp) -> None:
    operator = app.with_token(await make.token(circle.person, "operator"))

    answer = await operator.delete("/me")

    assert (told(answer), keyring().is_erased(circle.person)) == ((403, "diary_closed"), False)


async def test_what_was_broken_off_after_the_key_is_ended_later(circle: Circle) -> None:
    await shared(circle)
    await keyring().destroy_key(circle.person)

    ended = [await erase_again(keyring().all_erased()) for _ in range(2)]

    assert (ended, await Entry.count(), told(await circle.client.get("/me"))) == ([1, 0], 0, (401, "not_signed_in"))


async def test_erasing_twice_is_erasing_once(circle: Circle) -> None:
    await erase(circle.person)
    await erase(circle.person)

    assert await Person.count().where(Person.display_name == NO_NAME) == 1


async def test_others_keep_everything(circle: Circle, house: Settings) -> None:
    theirs = await shared(circle, "A page of the mate", by=circle.mate)
    page: dict[str, Any] = (await circle.mate.get(f"/journal/entries/{theirs}")).json()

    await circle.client.delete("/me")

    assert (await circle.mate.get(f"/journal/entries/{theirs}")).json() == page
    async with transaction():  # the house still writes
        assert await Reflection.count() == 1
