"""Who hears of reflections and of answers, and how little they hear of them before they open the app."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.world import World, world
from tests.journals.diary import author
from tests.told import bodies, last_about, named, people_told, tellings
from yema.changes import SpaceKey, transaction
from yema.changes.notified import Telling, since_the_first
from yema.changes.tables import Outbox
from yema.exchanges.tables.exchange import Member
from yema.ids import now
from yema.journals.notified import kinds

FEEDBACK, REFLECTIONS, OF_GROUP = (named(kinds, n) for n in ("feedback", "reflections", "group_reflections"))
ANSWERED = "Somebody has answered your reflection."


async def answer(app: TestApp, by: UUID, entry: UUID, text: str = "Marzena, well done") -> None:
    made = await (await app.as_(by)).post(f"/reflections/{entry}/feedback", json={"text": text})
    assert made.status_code == 201, made.text


async def leave(app: TestApp, w: World, who: UUID) -> None:
    await (await app.as_(who)).delete(f"/exchanges/{w.exchange}/members/me")


async def move(w: World, who: UUID) -> None:
    """To the second group, as an operator does it who knows nothing of reflections."""
    async with transaction() as tx:
        await Member.update({Member.group: w.group2}).where(Member.person == who, Member.exchange == w.exchange)
        tx.touched(SpaceKey("exchange", w.exchange), "member", who)


async def test_the_author_hears_that_there_is_an_answer_and_nobody_else_does(app: TestApp) -> None:
    w = await world()
    entry = await (await author(app, w.participant, w.exchange)).shared("group", "My secret")
    await answer(app, w.leader, entry)

    [told] = await tellings(FEEDBACK)

    assert isinstance(told, Telling)
    assert (told.topic, told.people, told.about) == (
        f"feedback:{entry}",
        [w.participant],
        {"exchange": str(w.exchange), "reflection": str(entry)},
    )
    assert await bodies(FEEDBACK, told.about, w.participant, w.groupmate, w.leader) == [ANSWERED, None, None]


async def test_whoever_answers_themselves_is_not_told(app: TestApp) -> None:
    w = await world()
    entry = await (await author(app, w.leader, w.exchange)).shared("group")

    await answer(app, w.leader, entry)

    assert await tellings(FEEDBACK) == []


@pytest.mark.parametrize("what", ["taken back", "left", "moved", "suspended"])
async def test_an_answer_that_cannot_be_read_any_more_is_not_told(app: TestApp, what: str) -> None:
    w = await world()
    writer = await author(app, w.participant, w.exchange)
    entry = await writer.shared("group")
    await answer(app, w.leader, entry)
    about = await last_about(FEEDBACK)
    before = await bodies(FEEDBACK, about, w.participant)

    if what == "taken back":
        await writer.client.delete(f"/journal/entries/{entry}/sharing")
    elif what == "left":
        await leave(app, w, w.participant)
    elif what == "moved":
        await move(w, w.participant)
    else:
        await make.suspend(w.participant)

    assert (before, await bodies(FEEDBACK, about, w.participant)) == ([ANSWERED], [None])


@pytest.mark.parametrize(
    ("shared_with", "told"),
    [("coordinators", ({"coordinator"}, set())), ("leader", (set(), {"leader"})), ("group", (set(), set()))],
)
async def test_those_it_was_shared_with_hear_of_a_reflection(
    app: TestApp, shared_with: str, told: tuple[set[str], set[str]]
) -> None:
    w = await world()
    await make.suspend(await make.leader(w.exchange, w.group))
    await (await author(app, w.participant, w.exchange)).shared(shared_with)

    heard = [await people_told(kind) for kind in (REFLECTIONS, OF_GROUP)]

    assert heard == [{getattr(w, name) for name in names} for names in told]


async def test_nothing_is_told_of_what_was_taken_back_before_anybody_heard(app: TestApp) -> None:
    w = await world()
    writer = await author(app, w.participant, w.exchange)
    entry = await writer.shared("coordinators")

    await writer.client.delete(f"/journal/entries/{entry}/sharing")

    assert await tellings(REFLECTIONS) == []


async def test_what_is_shared_again_after_it_was_taken_back_is_told_again(app: TestApp) -> None:
    w = await world()
    writer = await author(app, w.participant, w.exchange)
    entry = await writer.shared("leader")
    await writer.client.delete(f"/journal/entries/{entry}/sharing")
    async with transaction():
        await Outbox.update({Outbox.done_at: now()}).where(Outbox.event == "reflection_shared")

    await writer.share(entry, "leader")

    assert await Outbox.count().where(Outbox.event == "reflection_shared", Outbox.done_at.is_null()) == 1


async def test_each_reads_how_many_wait_in_the_circle_that_they_see(app: TestApp) -> None:
    w = await world()
    mine, other = await author(app, w.participant, w.exchange), await author(app, w.participant2, w.exchange)
    about = {"exchange": str(w.exchange), "since": now().isoformat()}
    for page in ("Marzena", "Bogdan"):
        await mine.shared("leader", page)
    await other.shared("leader")
    for _ in range(3):
        await other.shared("coordinators")
    await mine.shared("group")
    await (await author(app, w.coordinator, w.exchange)).shared("coordinators", "One's own")
    people = (w.leader, w.leader2, w.coordinator, w.participant, w.stranger, w.left)

    said = {kind.name: await bodies(kind, about, *people) for kind in (REFLECTIONS, OF_GROUP)}

    assert said == {
        "reflections": [None, None, "3 wait for an answer.", None, None, None],
        "group_reflections": ["2 wait for an answer.", "1 waits for an answer.", None, None, None, None],
    }


async def test_what_was_answered_is_new_no_more_until_it_is_shared_with_other_words(app: TestApp) -> None:
    w = await world()
    writer = await author(app, w.participant, w.exchange)
    entry = await writer.shared("leader")
    about = await last_about(OF_GROUP)
    found = [await bodies(OF_GROUP, about, w.leader)]
    await answer(app, w.leader, entry)
    found.append(await bodies(OF_GROUP, about, w.leader))

    await writer.write("Better words", entry)
    await writer.share(entry, "leader")

    found.append(await bodies(OF_GROUP, about, w.leader))
    assert found == [["1 waits for an answer."], [None], ["1 waits for an answer."]]


async def test_what_was_shared_before_the_first_telling_is_not_new(app: TestApp) -> None:
    w = await world()
    writer = await author(app, w.participant, w.exchange)
    for _ in range(2):
        await writer.shared("coordinators")
    first, second = [told.about for told in await tellings(REFLECTIONS) if isinstance(told, Telling)]

    seen = [await bodies(REFLECTIONS, about, w.coordinator) for about in (second, since_the_first(first, second))]

    assert seen == [["1 waits for an answer."], ["2 wait for an answer."]]


@pytest.mark.parametrize("what", ["left", "moved"])
async def test_the_pages_of_those_who_go_are_not_counted(app: TestApp, what: str) -> None:
    w = await world()
    await (await author(app, w.participant, w.exchange)).shared("leader")
    about = await last_about(OF_GROUP)

    await (leave(app, w, w.participant) if what == "left" else move(w, w.participant))

    assert await bodies(OF_GROUP, about, w.leader, w.leader2) == [None, None]


async def test_neither_the_outbox_nor_a_telling_says_who_shared_what(app: TestApp) -> None:
    w = await world()
    entry = await (await author(app, w.participant, w.exchange)).shared("leader", "Marzena cried")
    await answer(app, w.leader, entry, "Bogdan answers")

    rows = await Outbox.select(Outbox.dedupe_key, Outbox.about).where(
        Outbox.event.is_in(["reflection_shared", "feedback_given"])
    )
    told = [*await tellings(OF_GROUP), *await tellings(FEEDBACK)]
    abouts = [one.about for one in told if isinstance(one, Telling)]

    found = f"{rows} {abouts}"
    assert len(abouts) == 2
    assert [w for w in (str(w.participant), str(w.leader), "Marzena", "Bogdan", "cried") if w in found] == []


async def test_it_is_told_long_enough_for_those_who_hear_of_it_on_mondays(app: TestApp) -> None:
    w = await world()
    entry = await (await author(app, w.participant, w.exchange)).shared("leader")
    await answer(app, w.leader, entry)

    told = [*await tellings(OF_GROUP), *await tellings(FEEDBACK)]

    assert all(isinstance(one, Telling) and one.expires_at > now() + timedelta(days=7) for one in told)
