"""Activities as those who write them make, change and remove them."""

from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.activities import workshop
from tests.activities.workshop import blocks, desk
from tests.client import TestApp
from tests.http.worlds import manners, pointers, problem
from yema.activities.actions import writing
from yema.activities.actions.publish import publish_pack
from yema.activities.actions.rows.texts import save_texts
from yema.activities.pack.source import Translation, block_id
from yema.changes import transaction
from yema.exchanges.tables.plan import Slot
from yema.ids import uuid7

STEP = {"key": "step", "kind": "step", "text": "Sit down.", "minutes": 5}


async def test_a_new_activity_is_the_last_one_of_its_pack(app: TestApp) -> None:
    trainer = await desk(app)
    for slug in ("z", "a", "m"):
        await trainer.activity(slug)

    found = (await trainer.read_pack())["activities"]

    assert [(row["slug"], row["title"], row["version"]) for row in found] == [(s, "River", 1) for s in ("z", "a", "m")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "lake"),
        ("method", "simulation"),
        ("phase", "evaluation"),
        ("group_size", {"min": 1, "max": 2}),
        ("minutes", {"min": 7, "max": 7, "preparation": 30}),
        ("age_from", 16),
        ("settings", ["indoor", "online"]),
        ("energy", "lively"),
        ("complexity", 4),
        ("tags", ["water", "trust"]),
        ("competences", ["citizenship", "stem"]),
        ("source", "Found in a book."),
        ("origin", str(UUID(int=7))),
    ],
)
async def test_a_field_of_an_activity_is_changed_and_the_others_stay(app: TestApp, field: str, value: Any) -> None:
    trainer = await desk(app)
    made = await trainer.activity()

    answer = await trainer.change(made, **{field: value})

    assert answer.json() == {**made, field: value, "version": 2}
    assert answer.json() == await trainer.read(made["id"])


async def test_an_origin_is_taken_away_with_null(app: TestApp) -> None:
    trainer = await desk(app)
    made = await trainer.activity(origin=str(uuid7()))

    answer = await trainer.change(made, origin=None)

    assert answer.json().get("origin", "none") == "none"


async def test_blocks_are_replaced_moved_and_kept_by_their_key(app: TestApp) -> None:
    trainer = await desk(app)
    tip = {"key": "tip", "kind": "tip", "text": "Bring tea."}
    made = await trainer.activity(blocks=blocks(STEP, tip))
    ids = {block["key"]: block["id"] for block in made["blocks"]}
    title, summary = blocks()
    new = {"kind": "follow_up", "text": "Write a letter."}

    answer = await trainer.change(made, blocks=[tip, title, summary, new])

    found = answer.json()["blocks"]
    assert [(block["text"], block["id"]) for block in found[:3]] == [
        ("Bring tea.", ids["tip"]),
        ("River", ids["title"]),
        ("We sit at the river.", ids["summary"]),
    ]
    assert (found[3]["text"], found[3]["key"][:10], len(found)) == ("Write a letter.", "follow-up-", 4)


async def test_a_key_of_a_block_that_went_is_not_given_again(app: TestApp) -> None:
    trainer = await desk(app)
    keyless = {"kind": "tip", "text": "Bring tea."}
    made = await trainer.activity(blocks=blocks(keyless))
    without = (await trainer.change(made, blocks=blocks())).json()

    again = (await trainer.change(without, blocks=blocks(keyless))).json()

    assert again["blocks"][2]["key"] != made["blocks"][2]["key"]


async def test_title_and_summary_get_the_keys_that_they_have_everywhere(app: TestApp) -> None:
    trainer = await desk(app)

    made = await trainer.activity(
        blocks=[{"kind": "title", "text": "River"}, {"kind": "summary", "text": "We sit at the river."}]
    )

    assert [block["key"] for block in made["blocks"]] == ["title", "summary"]


async def _translate(activity: dict[str, Any], key: str, text: str, source: str) -> None:
    async with transaction():
        await save_texts([(block_id(UUID(activity["id"]), key), "pl", Translation(text=text, source=source))])


@pytest.mark.parametrize(
    ("text", "minor", "state"),
    [
        ("Sit down!", False, "stale"),
        ("Sit down!", True, "fresh"),
        ("Sit  down.", False, "fresh"),
    ],
)
async def test_a_changed_text_makes_its_translations_stale_unless_the_change_is_minor(
    app: TestApp, text: str, minor: bool, state: str
) -> None:
    trainer = await desk(app)
    made = await trainer.activity(blocks=blocks(STEP))
    await _translate(made, "step", "Usiądźcie.", "Sit down.")
    await _translate(made, "title", "Rzeka", "River")

    await trainer.change(made, blocks=blocks({**STEP, "text": text}), minor=minor)

    found = (await trainer.read(made["id"], locale="pl"))["blocks"]
    assert [(block["state"], block.get("text")) for block in found] == [
        ("fresh", "Rzeka"),
        ("missing", None),
        (state, "Usiądźcie."),
    ]
    assert found[2]["source_text"] == text


async def test_what_was_stale_before_a_minor_change_is_stale_after_it(app: TestApp) -> None:
    trainer = await desk(app)
    made = await trainer.activity(blocks=blocks(STEP))
    await _translate(made, "step", "Stójcie.", "Stand.")

    await trainer.change(made, blocks=blocks({**STEP, "text": "Sit down!"}), minor=True)

    assert (await trainer.read(made["id"], locale="pl"))["blocks"][2]["state"] == "stale"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"blocks": [*blocks(STEP), STEP]}, [("/blocks/3/key", "key_twice")]),
        ({"blocks": [blocks()[0], STEP]}, [("/blocks", "one_summary")]),
        ({"blocks": [*blocks(), {**blocks()[0], "key": "b"}]}, [("/blocks", "one_title")]),
        ({"group_size": {"min": 9, "max": 8}}, [("/group_size", "min_over_max")]),
        ({"minutes": {"min": 9, "max": 8}}, [("/minutes", "min_over_max")]),
        ({"blocks": blocks({"kind": "tip", "text": "x", "minutes": 5})}, [("/blocks/2/minutes", "step_only")]),
        ({"blocks": blocks({"kind": "material", "text": "x"})}, [("/blocks/2/per", "material_only")]),
        ({"blocks": blocks({"kind": "tip", "text": "x", "quantity": 5})}, [("/blocks/2/per", "material_only")]),
        ({"blocks": blocks({"kind": "picture", "text": "x"})}, [("/blocks/2/media", "media_needed")]),
        (
            {"blocks": blocks({"kind": "tip", "text": "x", "media": "a.jpg"})},
            [("/blocks/2/media", "no_media_here")],
        ),
        (
            {"blocks": blocks({"kind": "picture", "text": "x", "media": "a.jpg"})},
            [("/blocks/2/media", "media_unknown")],
        ),
        ({"blocks": [{**blocks()[0], "text": "x" * 201}, blocks()[1]]}, [("/blocks/0/text", "too_long")]),
        (
            {"minutes": {"min": 9, "max": 8}, "blocks": blocks({**STEP, "kind": "tip"})},
            [("/minutes", "min_over_max"), ("/blocks/2/minutes", "step_only")],
        ),
        ({"blocks": blocks({"kind": "picture", "text": "", "media": "a.jpg"})}, [("/blocks/2/text", "too_short")]),
        ({"slug": "No Slug"}, [("/slug", "bad_characters")]),
    ],
)
async def test_a_fault_of_an_activity_is_pointed_at(
    app: TestApp, change: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    trainer = await desk(app)
    made = await trainer.activity("lake")

    new = await trainer.client.post("/activities", json=workshop.activity(trainer.pack) | change)
    changed = await trainer.change(made, **change)

    assert [manners(answer) for answer in (new, changed)] == [problem(400, "invalid")] * 2
    assert [pointers(answer) for answer in (new, changed)] == [expected] * 2
    assert (await trainer.read_pack())["activities"] == [
        {"id": made["id"], "slug": "lake", "title": "River", "version": 1}
    ]


async def test_a_slug_is_taken_once_in_a_pack(app: TestApp) -> None:
    trainer = await desk(app)
    await trainer.activity("a")
    other = await trainer.activity("b")

    answers = [
        await trainer.client.post("/activities", json=workshop.activity(trainer.pack, "a")),
        await trainer.change(other, slug="a"),
    ]

    assert [manners(answer) for answer in answers] == [problem(409, "slug_taken")] * 2


async def test_a_pack_holds_so_many_activities(app: TestApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "ACTIVITIES_MAX", 1)
    trainer = await desk(app)
    await trainer.activity("a")

    answer = await trainer.client.post("/activities", json=workshop.activity(trainer.pack, "b"))

    assert (manners(answer), answer.json()["title"]) == (
        problem(409, "pack_full"),
        "This pack is full: it holds 1 activities at most.",
    )


async def test_a_removed_activity_goes_with_the_next_version_and_stays_in_the_last(app: TestApp) -> None:
    trainer = await desk(app, public=True)
    stays, goes = await trainer.activity("stays"), await trainer.activity("goes")
    await publish_pack(UUID(trainer.pack))

    answer = await trainer.client.delete(f"/activities/{goes['id']}")

    shown = (await app.anybody.get(f"/activities/{goes['id']}")).status_code
    await publish_pack(UUID(trainer.pack))
    cards = (await app.anybody.get("/activities")).json()["items"]
    assert (answer.status_code, shown, [card["id"] for card in cards]) == (204, 200, [stays["id"]])


async def test_a_removed_activity_is_not_there_any_more_for_those_who_write(app: TestApp) -> None:
    trainer = await desk(app)
    made = await trainer.activity()
    await trainer.client.delete(f"/activities/{made['id']}")
    path = f"/activities/{made['id']}"

    answers = [
        await trainer.client.get(path, params={"view": "workshop"}),
        await trainer.client.patch(path, json={}, headers=workshop.ANY),
        await trainer.client.delete(path),
    ]

    assert [manners(answer) for answer in answers] == [problem(404, "not_found")] * 3
    assert (await trainer.read_pack())["activities"] == []


async def test_the_slug_of_a_removed_activity_is_free(app: TestApp) -> None:
    trainer = await desk(app)
    made = await trainer.activity("river")
    await trainer.client.delete(f"/activities/{made['id']}")

    assert (await trainer.activity("river"))["slug"] == "river"


async def test_who_planned_with_a_removed_activity_keeps_it(app: TestApp) -> None:
    trainer = await desk(app, public=True)
    made = await trainer.activity()
    await publish_pack(UUID(trainer.pack))
    slot = await make.slot(await make.exchange(), activity=UUID(made["id"]))

    await trainer.client.delete(f"/activities/{made['id']}")

    assert await Slot.select(Slot.activity).where(Slot.id == slot) == [{"activity": UUID(made["id"])}]


async def test_a_change_is_not_read_before_the_next_version(app: TestApp) -> None:
    trainer = await desk(app, public=True)
    made = await trainer.activity()
    await publish_pack(UUID(trainer.pack))
    path = f"/activities/{made['id']}"

    await trainer.change(made, energy="lively")

    before = (await app.anybody.get(path)).json()["energy"]
    await publish_pack(UUID(trainer.pack))
    assert (before, (await app.anybody.get(path)).json()["energy"]) == ("calm", "lively")


@pytest.mark.parametrize("locale", ["", "nonsense", "%00"])
async def test_without_a_language_the_texts_are_those_of_the_pack(app: TestApp, locale: str) -> None:
    trainer = await desk(app)
    made = await trainer.activity()

    answer = await trainer.client.get(
        f"/activities/{made['id']}?view=workshop&locale={locale}", headers={"accept-language": "pl"}
    )

    assert (answer.json(), answer.headers["content-language"]) == (made, "en")
