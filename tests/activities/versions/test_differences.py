"""What changed between two states of a pack, beside an oracle that counts by hand."""

from itertools import combinations
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.activities.versions.sources import activity, pack
from yema.activities.actions.forking import adaptation
from yema.activities.pack.differences import Differences, FieldChange, LocaleChange, _moved, differences
from yema.activities.pack.source import ActivityDraft, Medium, PackSource

NOTHING = Differences([], [], [], [])
KEYS = ("one", "two", "three", "one=other", "two=other")
SLUGS = ("lake", "hill", "wood", "town")


@st.composite
def activities(draw: st.DrawFn, slug: str) -> ActivityDraft:
    keys = draw(st.lists(st.sampled_from(KEYS), max_size=4, unique_by=lambda key: key.partition("=")[0]))
    return activity(slug, *keys, title=draw(st.sampled_from(["", "Other"])), age_from=draw(st.integers(12, 13)))


@st.composite
def sources(draw: st.DrawFn) -> PackSource:
    slugs = draw(st.lists(st.sampled_from(SLUGS), unique=True))
    made = [draw(activities(slug)) for slug in slugs]
    places = [f"{one.slug} {block.key}" for one in made for block in one.blocks]
    texts = st.dictionaries(st.sampled_from(places), st.sampled_from(["a", "b"])) if places else st.just({})
    return pack(made, title=draw(st.sampled_from(["Small", "Big"])), pl=draw(texts), uk=draw(texts))


@given(sources())
def test_a_pack_is_the_same_as_itself(source: PackSource) -> None:
    assert differences(source, source) == NOTHING


@given(sources())
def test_an_adaptation_is_at_first_the_same_as_its_origin(source: PackSource) -> None:
    copy = adaptation(source, uuid4(), 1)

    assert differences(source, copy, adapted=True) == NOTHING


@given(sources(), sources())
def test_nothing_is_named_only_where_all_is_equal(before: PackSource, after: PackSource) -> None:
    def said(source: PackSource) -> tuple[object, ...]:
        texts = {
            locale: {k: t.text for k, t in texts.items()} for locale, texts in source.translations.items() if texts
        }
        return source.head.texts, source.activities, texts

    assert (differences(before, after) == NOTHING) == (said(before) == said(after))


@given(sources(), sources())
def test_activities_are_new_removed_or_changed_as_one_would_say(before: PackSource, after: PackSource) -> None:
    old, new = ({one.id: one for one in source.activities} for source in (before, after))

    found = {change.id: change for change in differences(before, after).activities}

    expected = dict.fromkeys(new.keys() - old.keys(), "new") | dict.fromkeys(old.keys() - new.keys(), "removed")
    expected |= {one: "changed" for one in new.keys() & old.keys() if new[one] != old[one]}
    assert {one: change.change for one, change in found.items() if change.change != "moved"} == expected
    assert all(new[one] == old[one] for one, change in found.items() if change.change == "moved")


@given(sources(), sources())
def test_blocks_say_their_texts_before_and_after(before: PackSource, after: PackSource) -> None:
    old, new = (
        {one.id: {block.key: block.text for block in one.blocks} for one in source.activities}
        for source in (before, after)
    )

    for change in differences(before, after).activities:
        was, now = old.get(change.id, {}), new.get(change.id, {})
        expected = {
            (key, was.get(key), now.get(key)) for key in was.keys() | now.keys() if was.get(key) != now.get(key)
        }
        told = {(block.key, block.before, block.after) for block in change.blocks if block.before != block.after}
        assert told == (expected if change.change in ("changed", "moved") else set())


@given(sources(), sources())
def test_texts_are_counted_in_each_language(before: PackSource, after: PackSource) -> None:
    def texts(source: PackSource, locale: str) -> set[tuple[object, str]]:
        return {(key, text.text) for key, text in source.translations.get(locale, {}).items()}

    found = {change.locale: change for change in differences(before, after).locales}

    for locale in ("pl", "uk"):
        places = {key for key, _ in texts(before, locale) ^ texts(after, locale)}
        told = found.get(locale)
        assert (told.texts if told else 0) == len(places)


@given(st.permutations(range(6)), st.permutations(range(6)))
def test_the_fewest_are_said_to_have_moved(before: list[int], after: list[int]) -> None:
    def stays(some: tuple[int, ...]) -> bool:
        return [one for one in before if one in some] == [one for one in after if one in some]

    moved = _moved(before, after)

    longest = next(n for n in range(6, 0, -1) if any(stays(some) for some in combinations(before, n)))
    assert (len(moved), stays(tuple(set(before) - moved))) == (6 - longest, True)


def test_a_field_has_its_values_before_and_after() -> None:
    before = pack([activity("lake")])
    after = pack([activity("lake", age_from=14, tags=["water", "wet"])])

    [changed] = differences(before, after).activities

    assert changed.fields == [FieldChange("age_from", ["12"], ["14"]), FieldChange("tags", [], ["water", "wet"])]


def test_another_picture_under_the_same_name_is_a_change() -> None:
    def shown(sha256: str) -> PackSource:
        source = pack([activity("lake", "map")])
        source.activities[0].blocks[2] = structs.replace(source.activities[0].blocks[2], media="map.png")
        source.media["map.png"] = Medium(uuid4(), "picture", "image/webp", sha256, [])
        return source

    [changed] = differences(shown("a" * 64), shown("b" * 64)).activities

    assert changed.blocks[0].fields == [FieldChange("media", ["map.png", "a" * 64], ["map.png", "b" * 64])]


def test_a_language_comes_and_goes_with_all_its_texts() -> None:
    lake = activity("lake")
    before = pack([lake], pl={"lake title": "Jezioro"})
    after = pack([lake], uk={"lake title": "Озеро", "lake summary": "Коротко."})

    assert differences(before, after).locales == [LocaleChange("pl", "removed", 1), LocaleChange("uk", "new", 2)]


def test_an_activity_that_was_only_put_elsewhere_has_moved() -> None:
    lake, hill, wood = activity("lake"), activity("hill"), activity("wood")

    changes = differences(pack([lake, hill, wood]), pack([wood, lake, hill])).activities

    assert [(change.id, change.change, change.moved) for change in changes] == [(wood.id, "moved", True)]


def test_an_adaptation_is_compared_by_where_its_activities_come_from() -> None:
    source = pack([activity("lake"), activity("hill")])
    copy = adaptation(source, uuid4(), 1)
    lake, _ = copy.activities
    copy.activities = [structs.replace(lake, age_from=14), activity("own")]

    changes = differences(source, copy, adapted=True).activities

    hill = source.activities[1].id
    assert [(c.id, c.change) for c in changes] == [
        (lake.id, "changed"),
        (copy.activities[1].id, "new"),
        (hill, "removed"),
    ]
