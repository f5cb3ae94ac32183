"""Pages of a diary from several phones: every text is kept, an edit beats a delete, and ids tell nothing."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.client import TestApp
from tests.http.worlds import manners, problem
from tests.sync.world import (
    Door,
    World,
    door,
    knowing,
    mutation,
    page_of,
    prompt,
    statuses,
    told,
    world,
)
from yema.ids import uuid7
from yema.journals.schemas import TEXT_BYTES_MAX
from yema.journals.tables import Entry, Revision


async def two_phones(app: TestApp) -> tuple[World, Door, Door, str]:
    """Two phones of one author who both know version 1 of a page."""
    everybody = await world()
    first = await door(app, everybody.participant)
    await first.push_one(page := page_of(everybody.exchange, "First"))
    second = await knowing(app, everybody.participant)
    await first.pull()
    return everybody, first, second, page["id"]


async def texts(phone: Door, entry: str) -> list[tuple[int, str]]:
    """(version, text) of all that was ever written on a page."""
    items = (await phone.client.get(f"/journal/entries/{entry}/revisions")).json()["items"]
    return [(item["version"], item["text"]) for item in items]


async def test_a_page_that_was_pushed_is_pulled_as_it_was_written(app: TestApp) -> None:
    everybody = await world()
    slot, question = await make.slot(everybody.exchange), await prompt(everybody.exchange, en="Well?")
    about: dict[str, Any] = {"slot": str(slot), "prompt": str(question), "mood": 4, "competences": ["citizenship"]}
    phone = await door(app, everybody.participant)
    page = page_of(everybody.exchange, "Żółw", written_at="2027-07-14T20:00:00Z", **about)

    result = await phone.push_one(page)

    assert result == {"mutation_id": page["mutation_id"], "status": "applied", "version": 1}
    assert (await phone.pull()).data("entry") == [{"id": page["id"], "version": 1, **page["data"]}]


async def test_a_stale_text_is_written_all_the_same_and_what_it_overtook_is_shown(app: TestApp) -> None:
    everybody, first, second, entry = await two_phones(app)

    applied = await first.push_one(page_of(everybody.exchange, "On the bus", entry, 1))
    result = await second.push_one(page_of(everybody.exchange, "In the tent", entry, 1))

    assert (told(applied), applied["version"]) == (("applied", ""), 2)
    assert (told(result), result["version"]) == (("conflict", ""), 3)
    assert (result["current"]["version"], result["current"]["text"]) == (2, "On the bus")
    assert await texts(first, entry) == [(3, "In the tent"), (2, "On the bus"), (1, "First")]
    assert [data["text"] for data in (await first.pull()).data("entry")] == ["In the tent"]


async def test_of_many_phones_that_write_at_once_every_text_is_kept_and_each_hears_its_own_version(
    app: TestApp,
) -> None:
    everybody, _, _, entry = await two_phones(app)
    phones = [await door(app, everybody.participant) for _ in range(12)]

    results = await asyncio.gather(
        *(phone.push_one(page_of(everybody.exchange, f"Text {n}", entry, 1)) for n, phone in enumerate(phones))
    )

    written = dict(await texts(phones[0], entry))
    assert sorted(statuses(results)) == ["applied"] + ["conflict"] * 11
    assert [written[result["version"]] for result in results] == [f"Text {n}" for n in range(12)]
    overtaken = [r["current"] for r in results if r["status"] == "conflict"]
    assert all(written[current["version"]] == current["text"] for current in overtaken)


async def test_another_persons_revisions_are_not_there(app: TestApp) -> None:
    everybody, first, _, entry = await two_phones(app)
    await first.client.put(f"/journal/entries/{entry}/sharing", json={"shared_with": "leader"})
    others = [await app.as_(person) for person in (everybody.leader, everybody.coordinator, everybody.groupmate)]

    answers = [await other.get(f"/journal/entries/{entry}/revisions") for other in others]

    assert len(await texts(first, entry)) == 1
    assert [manners(answer) for answer in answers] == [problem(404, "not_found")] * 3


@pytest.mark.parametrize("base", [0, 1, 7])
async def test_the_same_text_again_is_no_conflict(app: TestApp, base: int) -> None:
    """Two phones push the same page again after a restore."""
    everybody, first, second, entry = await two_phones(app)
    about: dict[str, Any] = {"mood": 3, "competences": ["digital"]}
    await first.push_one(page_of(everybody.exchange, "Same", entry, 1, **about))

    again = page_of(everybody.exchange, "Same", entry, base, written_at="2027-07-14T20:00:00Z", **about)
    result = await second.push_one(again)

    assert (told(result), result["version"], "current" in result) == (("applied", ""), 3, False)


OTHERWISE: list[dict[str, Any]] = [
    {"text": "Other"},
    {"locale": "pl"},
    {"mood": 4},
    {"competences": ["citizenship"]},
    {"slot": ""},
    {"prompt": ""},
]


async def test_whatever_else_the_page_says_is_a_conflict(app: TestApp) -> None:
    everybody = await world()
    phone = await door(app, everybody.participant)
    about: dict[str, Any] = {
        "slot": str(await make.slot(everybody.exchange)),
        "prompt": str(await prompt(everybody.exchange, en="?")),
    }

    for other in OTHERWISE:
        page = page_of(everybody.exchange, "Same", mood=3, competences=["digital"], **about)
        data = {k: v for k, v in {**page["data"], **other}.items() if v != ""}
        _, result = await phone.push(page, {**page, "mutation_id": str(uuid7()), "data": data})

        assert (told(result), result["current"]["text"]) == (("conflict", ""), "Same")


async def test_an_edit_that_was_not_known_of_beats_a_delete(app: TestApp) -> None:
    everybody, first, second, entry = await two_phones(app)
    await first.push_one(page_of(everybody.exchange, "Edited", entry, 1))

    result = await second.push_one(mutation("entry", "delete", entry, 1))

    assert (told(result), "version" in result) == (("conflict", "stale"), False)
    assert (result["current"]["version"], result["current"]["text"]) == (2, "Edited")
    assert [data["text"] for data in (await second.pull()).data("entry")] == ["Edited"]


async def test_an_edit_that_comes_after_the_delete_brings_the_page_back(app: TestApp) -> None:
    everybody, first, second, entry = await two_phones(app)
    gone = await first.push_one(mutation("entry", "delete", entry, 1))

    result = await second.push_one(page_of(everybody.exchange, "Edited", entry, 1))

    assert (gone["version"], told(result), result["version"]) == (2, ("applied", ""), 3)
    assert [data["text"] for data in (await first.pull()).data("entry")] == ["Edited"]


async def test_a_page_that_was_deleted_is_gone_with_all_its_texts(app: TestApp) -> None:
    everybody, first, second, entry = await two_phones(app)
    await first.push_one(page_of(everybody.exchange, "Two", entry, 1))

    result = await first.push_one(mutation("entry", "delete", entry, 2))

    assert (told(result), (await second.pull()).ops()) == (("applied", ""), [("entry", "gone", entry)])
    assert await Revision.count() == 0


async def test_deleting_twice_is_deleting(app: TestApp) -> None:
    _, first, second, entry = await two_phones(app)

    results = [await phone.push_one(mutation("entry", "delete", entry, 1)) for phone in (first, second)]

    assert [(result["status"], result["version"]) for result in results] == [("applied", 2)] * 2


async def test_a_lost_answer_of_a_page_that_another_phone_has_deleted_is_a_duplicate(app: TestApp) -> None:
    everybody = await world()
    first, second = await door(app, everybody.participant), await door(app, everybody.participant)
    await first.push_one(page := page_of(everybody.exchange))
    await second.push_one(mutation("entry", "delete", page["id"], 1))

    result = await first.push_one(page)

    assert (result["status"], result["version"]) == ("duplicate", 1)
    assert (await first.pull()).ids("entry") == []


async def test_deleting_what_never_was_is_rejected(app: TestApp) -> None:
    everybody = await world()
    others = page_of(everybody.exchange)
    await (await door(app, everybody.groupmate)).push_one(others)
    phone = await door(app, everybody.participant)

    results = await phone.push(mutation("entry", "delete"), mutation("entry", "delete", others["id"], 1))

    assert [told(result) for result in results] == [("rejected", "not_found")] * 2
    assert without_name(results[0]) == without_name(results[1])
    assert (await Entry.select(Entry.version))[0]["version"] == 1


def without_name(result: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in result.items() if key != "mutation_id"}


@pytest.mark.parametrize("base", [0, 3])
async def test_a_taken_id_is_refused_with_the_same_words_whoever_holds_it(app: TestApp, base: int) -> None:
    """Mine in another exchange, a groupmate's, a stranger's, one that was deleted."""
    everybody = await world()
    await make.participant(everybody.elsewhere, who=everybody.participant)
    mine, theirs, strangers, deleted = (uuid7() for _ in range(4))
    await holds(app, everybody.participant, everybody.elsewhere, mine)
    await holds(app, everybody.groupmate, everybody.exchange, theirs)
    await holds(app, everybody.stranger, everybody.elsewhere, strangers)
    await (await holds(app, everybody.groupmate, everybody.exchange, deleted)).push_one(
        mutation("entry", "delete", deleted, 1)
    )
    phone = await door(app, everybody.participant)

    results = await phone.push(
        *(page_of(everybody.exchange, "Mine", taken, base) for taken in (mine, theirs, strangers, deleted))
    )

    assert told(results[0]) == ("rejected", "id_taken")
    assert [without_name(result) for result in results] == [without_name(results[0])] * 4


async def holds(app: TestApp, person: UUID, exchange: UUID, entry: UUID) -> Door:
    phone = await door(app, person)
    assert statuses(await phone.push(page_of(exchange, thing=entry))) == ["applied"]
    return phone


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, "invalid"),
    ({"text": "x" * (TEXT_BYTES_MAX + 1)}, "text_too_long"),
    ({"mood": 6}, "invalid"),
    ({"locale": "not a tag"}, "invalid"),
    ({"slot": str(uuid7())}, "not_of_this_exchange"),
    ({"prompt": str(uuid7())}, "not_of_this_exchange"),
    ({"written_at": "0001-01-01T00:00:00Z"}, "invalid"),
    ({"colour": "blue"}, "invalid"),
]


async def test_a_page_that_the_route_would_refuse_is_rejected(app: TestApp) -> None:
    everybody = await world()
    phone = await door(app, everybody.participant)

    results = await phone.push(
        *(mutation("entry", "put", **{**make.entry(everybody.exchange), **fields}) for fields, _ in REFUSED)
    )

    assert [told(result) for result in results] == [("rejected", code) for _, code in REFUSED]
    assert await Entry.count() == 0


async def test_a_phone_that_knows_more_than_the_server_keeps_its_text(app: TestApp) -> None:
    """After a restore: the server has forgotten versions that the phone knows."""
    everybody, first, _, entry = await two_phones(app)

    result = await first.push_one(page_of(everybody.exchange, "Later", entry, 9))

    assert (result["status"], result["version"], result["current"]["text"]) == ("conflict", 2, "First")


async def test_who_leaves_may_still_delete_from_their_diary_and_not_write_there(app: TestApp) -> None:
    everybody, first, _, entry = await two_phones(app)
    await first.client.delete(f"/exchanges/{everybody.exchange}/members/me")

    results = await first.push(page_of(everybody.exchange, "More", entry, 1), mutation("entry", "delete", entry, 1))

    assert [told(result) for result in results] == [("rejected", "not_found"), ("applied", "")]
