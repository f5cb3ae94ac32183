"""Sharing and taking back, done offline: what is shared is what the author was looking at, or nothing."""

from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.client import TestApp
from tests.sync.world import JSON, Door, World, door, knowing, mutation, page_of, statuses, told, world
from yema.journals.tables import Reflection


async def written(app: TestApp) -> tuple[World, Door, str]:
    """A world, the phone of an author, and their page in its version 1."""
    everybody = await world()
    phone = await door(app, everybody.participant)
    await phone.push_one(page := page_of(everybody.exchange, "First"))
    await phone.pull()
    return everybody, phone, page["id"]


def share(entry: str, shared_with: str = "group", base: int = 1) -> JSON:
    return mutation("reflection", "put", entry, base, shared_with=shared_with)


def take_back(entry: str, base: int = 1) -> JSON:
    return mutation("reflection", "delete", entry, base)


async def seen_by(app: TestApp, *people: UUID) -> list[list[str]]:
    """The texts of the reflections that each of them sees."""
    return [[data["text"] for data in (await (await door(app, who)).pull()).data("reflection")] for who in people]


@pytest.mark.parametrize(
    ("shared_with", "readers"),
    [("group", ["groupmate", "leader"]), ("leader", ["leader"]), ("coordinators", ["coordinator"])],
)
async def test_a_shared_page_comes_to_those_it_was_shared_with(
    app: TestApp, shared_with: str, readers: list[str]
) -> None:
    everybody, phone, entry = await written(app)
    people = ("groupmate", "leader", "leader2", "participant2", "facilitator", "coordinator", "stranger")

    result = await phone.push_one(share(entry, shared_with))

    seen = await seen_by(app, *(getattr(everybody, who) for who in people))
    assert (told(result), result["version"]) == (("applied", ""), 1)
    assert [who for who, texts in zip(people, seen, strict=True) if texts == ["First"]] == readers
    assert sum(len(texts) for texts in seen) == len(readers)


async def test_the_author_sees_on_every_phone_with_whom_a_page_is_shared(app: TestApp) -> None:
    everybody, phone, entry = await written(app)
    other = await knowing(app, everybody.participant)

    await phone.push_one(share(entry, "leader"))
    shared = (await other.pull()).data("entry")[0]
    await phone.push_one(take_back(entry))
    taken_back = (await other.pull()).data("entry")[0]

    assert (shared["shared_with"], shared["shared_version"]) == ("leader", 1)
    assert {"shared_with", "shared_version"} & taken_back.keys() == set()


@pytest.mark.parametrize("base", [0, 1, 3])
async def test_sharing_a_text_that_was_overtaken_is_a_conflict_and_shares_nothing(app: TestApp, base: int) -> None:
    everybody, phone, entry = await written(app)
    await (await door(app, everybody.participant)).push_one(page_of(everybody.exchange, "Too much", entry, 1))

    result = await phone.push_one(share(entry, base=base))

    assert (told(result), "version" in result) == (("conflict", "stale"), False)
    assert (result["current"]["version"], result["current"]["text"]) == (2, "Too much")
    assert (await Reflection.count(), await seen_by(app, everybody.groupmate)) == (0, [[]])


async def test_a_later_text_is_not_seen_before_it_is_shared_too(app: TestApp) -> None:
    everybody, phone, entry = await written(app)
    mate = await knowing(app, everybody.groupmate)
    await phone.push(share(entry), page_of(everybody.exchange, "Draft", entry, 1))

    before = await mate.pull()
    await phone.push_one(share(entry, base=2))
    after = await mate.pull()

    assert [[data["text"] for data in came.data("reflection")] for came in (before, after)] == [["First"], ["Draft"]]


async def test_taking_back_leaves_a_tombstone_there_and_the_page_with_its_author(app: TestApp) -> None:
    everybody, phone, entry = await written(app)
    await phone.push_one(share(entry))
    mate = await knowing(app, everybody.groupmate)

    result = await phone.push_one(take_back(entry))

    assert (told(result), result["version"]) == (("applied", ""), 1)
    assert (await mate.pull()).ops() == [("reflection", "gone", entry)]
    assert [data["text"] for data in (await phone.pull()).data("entry")] == ["First"]


async def test_taking_back_needs_no_version(app: TestApp) -> None:
    """Whatever was written meanwhile: who takes back does not want to be read."""
    everybody, phone, entry = await written(app)
    await phone.push(share(entry), page_of(everybody.exchange, "More", entry, 1))

    assert told(await phone.push_one(take_back(entry, base=1))) == ("applied", "")
    assert await seen_by(app, everybody.groupmate) == [[]]


async def test_sharing_with_others_takes_it_from_those_who_had_it(app: TestApp) -> None:
    everybody, phone, entry = await written(app)
    await phone.push_one(share(entry, "group"))
    mate = await knowing(app, everybody.groupmate)

    await phone.push_one(share(entry, "coordinators"))

    assert (await mate.pull()).ops() == [("reflection", "gone", entry)]
    assert await seen_by(app, everybody.coordinator) == [["First"]]


async def test_deleting_a_page_takes_back_what_was_shared_of_it(app: TestApp) -> None:
    everybody, phone, entry = await written(app)
    await phone.push_one(share(entry))
    mate = await knowing(app, everybody.groupmate)

    await phone.push_one(mutation("entry", "delete", entry, 1))

    assert (await mate.pull()).ops() == [("reflection", "gone", entry)]


async def test_a_lost_answer_shares_and_takes_back_once(app: TestApp) -> None:
    everybody, phone, entry = await written(app)
    pushed = [share(entry), take_back(entry)]

    before, after = await phone.push(*pushed), await phone.push(*pushed)

    assert (statuses(before), statuses(after)) == (["applied"] * 2, ["duplicate"] * 2)
    assert await seen_by(app, everybody.groupmate) == [[]]


async def test_what_is_not_shared_cannot_be_taken_back(app: TestApp) -> None:
    _, phone, entry = await written(app)

    assert told(await phone.push_one(take_back(entry))) == ("rejected", "not_shared")


async def test_nobody_shares_or_takes_back_for_somebody_else(app: TestApp) -> None:
    everybody, phone, entry = await written(app)
    await phone.push_one(share(entry, "leader"))
    others = [await door(app, who) for who in (everybody.leader, everybody.coordinator, everybody.groupmate)]

    results = [result for other in others for result in await other.push(share(entry), take_back(entry))]

    assert [told(result) for result in results] == [("rejected", "not_found")] * 6
    assert await seen_by(app, everybody.leader) == [["First"]]


@pytest.mark.parametrize("data", [{}, {"shared_with": "everybody"}, {"shared_with": "group", "text": "?"}])
async def test_sharing_with_whom_nobody_knows_is_rejected(app: TestApp, data: dict[str, Any]) -> None:
    _, phone, entry = await written(app)

    assert told(await phone.push_one(mutation("reflection", "put", entry, 1, **data))) == ("rejected", "invalid")


async def test_who_has_no_group_can_share_with_the_coordinators_only(app: TestApp) -> None:
    exchange = await make.exchange()
    phone = await door(app, await make.participant(exchange))
    await phone.push_one(page := page_of(exchange))

    results = await phone.push(*(share(page["id"], whom) for whom in ("group", "leader", "coordinators")))

    assert [told(result) for result in results] == [("rejected", "no_group")] * 2 + [("applied", "")]


async def test_an_answer_comes_to_the_author_and_to_those_who_see_the_page(app: TestApp) -> None:
    everybody, phone, entry = await written(app)
    await phone.push_one(share(entry, "group"))
    mate, stranger = await knowing(app, everybody.groupmate), await knowing(app, everybody.stranger)
    await phone.pull()

    leader = await app.as_(everybody.leader)
    answer = (await leader.post(f"/reflections/{entry}/feedback", json={"text": "Well seen"})).json()
    came = [await one.pull() for one in (phone, mate, stranger)]

    assert [one.data("feedback") for one in came[1:]] == [[answer], []]
    assert came[0].data("feedback") == [answer, answer]  # in the group's space and in their own


async def test_an_answer_goes_with_what_it_answers(app: TestApp) -> None:
    everybody, phone, entry = await written(app)
    await phone.push_one(share(entry, "leader"))
    leader = await knowing(app, everybody.leader)
    answer = (await leader.client.post(f"/reflections/{entry}/feedback", json={"text": "Well seen"})).json()
    await leader.pull()

    await phone.push_one(take_back(entry))

    assert sorted((await leader.pull()).ops()) == [("feedback", "gone", answer["id"]), ("reflection", "gone", entry)]
