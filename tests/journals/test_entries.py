"""The pages of a diary: writing, revising, deleting."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.world import world
from tests.journals.diary import author, without_request
from yema.changes import SpaceKey, transaction
from yema.changes.tables import Change
from yema.ids import uuid7
from yema.journals.actions.writing import write_entry
from yema.journals.schemas import TEXT_BYTES_MAX, EntryDraft
from yema.journals.tables import Entry, Feedback, Prompt, Reflection, Revision


async def a_prompt(exchange: UUID) -> UUID:
    row = Prompt(
        id=uuid7(), exchange=exchange, position=1, texts='{"en":"What surprised you?","pl":"Co cię zdziwiło?"}'
    )
    async with transaction() as tx:
        await Prompt.insert(row)
        tx.touched(SpaceKey("exchange", exchange), "prompt", row.id)
    return row.id


async def test_a_new_page_is_shown_as_it_was_sent(app: TestApp) -> None:
    exchange = await make.exchange()
    client, entry = await app.as_(await make.participant(exchange)), uuid7()
    body = make.entry(
        exchange,
        "Ćma 🦋\n\u0007",
        written_at="2027-07-14T21:00:00Z",
        slot=str(await make.slot(exchange)),
        prompt=str(await a_prompt(exchange)),
        mood=4,
        competences=["citizenship"],
    )

    made = await client.put(f"/journal/entries/{entry}", json=body)

    read = await client.get(f"/journal/entries/{entry}")
    expected = {"id": str(entry), **body, "version": 1}
    assert (made.status_code, made.json(), read.json()) == (201, expected, expected)


async def test_a_revised_page_keeps_every_revision(app: TestApp) -> None:
    exchange = await make.exchange()
    client, entry = await app.as_(await make.participant(exchange)), uuid7()
    answers = [
        await client.put(f"/journal/entries/{entry}", json=make.entry(exchange, text))
        for text in ("First", "Second", "Third")
    ]

    numbers = await Revision.select(Revision.number).where(Revision.entry == entry).order_by(Revision.number)

    assert ([(a.status_code, a.json()["version"], a.json()["text"]) for a in answers], numbers) == (
        [(201, 1, "First"), (200, 2, "Second"), (200, 3, "Third")],
        [{"number": 1}, {"number": 2}, {"number": 3}],
    )


async def test_of_many_phones_that_write_one_page_at_once_nothing_is_lost(app: TestApp) -> None:
    exchange = await make.exchange()
    writer, entry = await make.participant(exchange), uuid7()
    membership, person = await make.membership(writer, exchange), make.signed_in(writer)

    await asyncio.gather(
        *(
            write_entry(membership, entry, EntryDraft(exchange=exchange, text=f"Text {n}", locale="en"), person)
            for n in range(16)
        )
    )

    numbers = await Revision.select(Revision.number).where(Revision.entry == entry).order_by(Revision.number)
    assert [row["number"] for row in numbers] == list(range(1, 17))


async def test_a_page_is_revised_with_the_version_that_was_seen(app: TestApp) -> None:
    exchange = await make.exchange()
    writer = await author(app, await make.participant(exchange), exchange)
    entry = await writer.write("First")
    etag = (await writer.client.get(f"/journal/entries/{entry}")).headers["etag"]

    answer = await writer.client.put(
        f"/journal/entries/{entry}", json=make.entry(exchange, "Second"), headers={"If-Match": etag}
    )

    assert (answer.status_code, answer.json()["version"]) == (200, 2)


async def test_a_stale_version_is_answered_with_the_present_page(app: TestApp) -> None:
    exchange = await make.exchange()
    writer = await author(app, await make.participant(exchange), exchange)
    entry = await writer.write("First")
    await writer.write("Second", entry)

    answer = await writer.client.put(
        f"/journal/entries/{entry}", json=make.entry(exchange, "Third"), headers={"If-Match": '"1"'}
    )

    present = (await writer.client.get(f"/journal/entries/{entry}")).json()
    kept = await Revision.count().where(Revision.entry == entry)
    assert (answer.status_code, answer.json()["current"], present["text"], kept) == (412, present, "Second", 2)


@pytest.mark.parametrize("headers", [{}, {"If-Match": '"1"'}])
async def test_a_taken_id_is_refused_with_the_same_words_whoever_holds_it(
    app: TestApp, headers: dict[str, str]
) -> None:
    first, second = await make.exchange(), await make.exchange("Second")
    person = await make.participant(first)
    await make.member(second, who=person)
    writer = await author(app, person, first)
    somebody = await author(app, await make.participant(first), first)
    mine_elsewhere = await (await author(app, person, second)).write()
    theirs = await somebody.write()

    answers = [
        await writer.client.put(f"/journal/entries/{entry}", json=make.entry(first), headers=headers)
        for entry in (theirs, mine_elsewhere)
    ]

    bodies = [without_request(answer.json()) for answer in answers]
    expected = "id_taken" if not headers else "not_found"
    assert ([body["code"] for body in bodies], bodies[0]) == ([expected] * 2, bodies[1])


@pytest.mark.parametrize("text", ["x" * (TEXT_BYTES_MAX + 1), "ż" * (TEXT_BYTES_MAX // 2 + 1), "x" * 900_000])
async def test_a_text_over_64_kib_is_too_long(app: TestApp, text: str) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.participant(exchange))

    answer = await client.put(f"/journal/entries/{uuid7()}", json=make.entry(exchange, text))

    assert (answer.status_code, answer.json()["code"], await Entry.count()) == (413, "text_too_long", 0)


async def test_a_text_of_64_kib_is_kept(app: TestApp) -> None:
    exchange = await make.exchange()
    writer = await author(app, await make.participant(exchange), exchange)
    text = "ż" * (TEXT_BYTES_MAX // 2)

    entry = await writer.write(text)

    assert (await writer.client.get(f"/journal/entries/{entry}")).json()["text"] == text


@pytest.mark.parametrize("field", ["slot", "prompt"])
async def test_a_page_is_about_something_of_its_exchange(app: TestApp, field: str) -> None:
    exchange, elsewhere = await make.exchange(), await make.exchange("Elsewhere")
    client = await app.as_(await make.participant(exchange))
    foreign = await (make.slot if field == "slot" else a_prompt)(elsewhere)

    answer = await client.put(f"/journal/entries/{uuid7()}", json=make.entry(exchange, **{field: str(foreign)}))

    assert (answer.status_code, answer.json()["code"]) == (400, "not_of_this_exchange")


@pytest.mark.parametrize(
    "fields",
    [
        {"mood": 6},
        {"mood": "4"},
        {"competences": ["reading"]},
        {"text": ""},
        {"text": "a\x00b"},
        {"locale": "?"},
        {"written_at": "2027-07-14T21:00:00"},
        {"written_at": "0001-01-01T00:00:00+14:00"},
        {"written_at": "9999-12-31T23:00:00-12:00"},
        {"colour": "blue"},
    ],
)
async def test_what_a_page_cannot_hold_is_refused(app: TestApp, fields: dict[str, Any]) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.participant(exchange))

    answer = await client.put(f"/journal/entries/{uuid7()}", json=make.entry(exchange) | fields)

    assert (answer.status_code, await Entry.count()) == (400, 0)


async def test_half_a_character_is_refused(app: TestApp) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.participant(exchange))
    body = f'{{"exchange":"{exchange}","locale":"en","text":"\\ud83e"}}'

    answer = await client.put(f"/journal/entries/{uuid7()}", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 400


async def test_a_deleted_page_is_gone_with_everything_about_it(app: TestApp) -> None:
    w = await world()
    writer, leader = await author(app, w.participant, w.exchange), await app.as_(w.leader)
    entry = await writer.shared("leader")
    await writer.write("Revised", entry)
    feedback = (await leader.post(f"/reflections/{entry}/feedback", json={"text": "Well done"})).json()["id"]
    before = [await table.count() for table in (Revision, Reflection, Feedback)]

    answer = await writer.client.delete(f"/journal/entries/{entry}")

    rows = await Change.select(Change.kind, Change.thing, Change.op, Change.space.kind.as_alias("space"))
    gone = {(row["space"], row["kind"], row["thing"]) for row in rows if row["op"] == "gone"}
    assert (before, answer.status_code, [await t.count() for t in (Revision, Reflection, Feedback)], gone) == (
        [2, 1, 1],
        204,
        [0, 0, 0],
        {
            ("person", "entry", entry),
            ("person", "feedback", UUID(feedback)),
            ("group_leaders", "reflection", entry),
            ("group_leaders", "feedback", UUID(feedback)),
        },
    )


async def test_a_deleted_page_is_not_found_by_anybody(app: TestApp) -> None:
    w = await world()
    writer = await author(app, w.participant, w.exchange)
    entry = await writer.shared("group")
    await writer.client.delete(f"/journal/entries/{entry}")

    answers = [
        await writer.client.get(f"/journal/entries/{entry}"),
        await writer.client.delete(f"/journal/entries/{entry}"),
        await writer.client.put(f"/journal/entries/{entry}/sharing", json={"shared_with": "group"}),
        await writer.client.get(f"/reflections/{entry}/feedback"),
        await (await app.as_(w.groupmate)).get(f"/reflections/{entry}"),
    ]

    listed = (await writer.client.get("/journal/entries")).json()["items"]
    assert ([answer.status_code for answer in answers], listed) == ([404] * 5, [])


async def test_writing_goes_before_deleting(app: TestApp) -> None:
    exchange = await make.exchange()
    writer = await author(app, await make.participant(exchange), exchange)
    entry = await writer.write("First")
    await writer.client.delete(f"/journal/entries/{entry}")

    await writer.write("Written on a phone that was offline", entry)

    read = (await writer.client.get(f"/journal/entries/{entry}")).json()
    assert (read["text"], read["version"]) == ("Written on a phone that was offline", 3)


async def test_pages_are_listed_the_newest_first_a_page_at_a_time(app: TestApp) -> None:
    exchange = await make.exchange()
    writer = await author(app, await make.participant(exchange), exchange)
    made = [await writer.write(f"Text {n}") for n in range(5)]
    found, params = [], {"limit": "2"}
    while True:
        page = (await writer.client.get("/journal/entries", params=params)).json()
        found.append([UUID(entry["id"]) for entry in page["items"]])
        if "next_cursor" not in page:
            break
        params["cursor"] = page["next_cursor"]

    assert found == [[made[4], made[3]], [made[2], made[1]], [made[0]]]


async def test_a_diary_stays_readable_after_leaving(app: TestApp) -> None:
    exchange = await make.exchange()
    writer = await author(app, await make.participant(exchange), exchange)
    entry = await writer.write("Mine")

    await writer.client.delete(f"/exchanges/{exchange}/members/me")

    assert (await writer.client.get(f"/journal/entries/{entry}")).json()["text"] == "Mine"


async def test_an_operators_token_opens_no_diary(app: TestApp) -> None:
    exchange = await make.exchange()
    person = await make.participant(exchange)
    entry = await (await author(app, person, exchange)).write("Mine")
    operator = app.with_token(await make.token(person, via="operator"))

    answers = [await operator.get("/journal/entries"), await operator.get(f"/journal/entries/{entry}")]

    assert [answer.status_code for answer in answers] == [403, 403]
