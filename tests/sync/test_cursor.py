"""The cursor: small, opaque, and good for one person only."""

import base64
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import make
from tests.client import TestApp
from tests.http.worlds import manners, problem
from tests.sync.world import door, full_world, knowing, page_of, rewrite_space, world
from yema.app import KINDS
from yema.changes import transaction
from yema.changes.tables import Change, Space
from yema.database import LookUps, recorded
from yema.settings import Settings
from yema.sync.cursor import Cursor, Mark, Terms
from yema.sync.errors import BadCursor
from yema.sync.pull import pull
from yema.sync.schemas import PullDraft
from yema.vault import open_keys

SMALL_MAX = 200
A_MILLION = 1_000_000

NUMBERS = st.integers(0, 2**63 - 1)
PAGING = st.builds(Mark, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.integers(0, 7))
RESTING = st.builds(Mark, NUMBERS, NUMBERS, NUMBERS)
TERMS = st.builds(Terms, st.integers(1, 10_000), st.integers(0, 2**24 - 1), st.integers(0, 2**24 - 1))
CURSORS = st.one_of(
    st.builds(Cursor, TERMS, st.dictionaries(NUMBERS, RESTING, max_size=20)),
    st.builds(Cursor, TERMS, st.dictionaries(NUMBERS, PAGING, max_size=20), st.integers(1, 3), st.integers(1, 10_000)),
)
AT_HOME = settings(deadline=None, max_examples=150)


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keys, without the rest of a house."""
    open_keys(Settings(data=tmp_path_factory.mktemp("keys")))


@AT_HOME
@given(CURSORS, st.uuids())
def test_a_cursor_comes_back_as_it_was(at_home: None, cursor: Cursor, person: UUID) -> None:
    assert Cursor.read(cursor.text(person), person) == cursor


@AT_HOME
@given(CURSORS, st.uuids(), st.data())
def test_a_cursor_with_any_bit_flipped_is_refused(
    at_home: None, cursor: Cursor, person: UUID, data: st.DataObject
) -> None:
    text = bytearray(cursor.text(person).encode())
    place, bit = data.draw(st.integers(0, len(text) - 1)), data.draw(st.integers(0, 6))

    text[place] ^= 1 << bit

    with pytest.raises(BadCursor):
        Cursor.read(text.decode(), person)


@AT_HOME
@given(CURSORS, st.uuids(), st.data())
def test_a_cursor_that_is_cut_or_longer_is_refused(
    at_home: None, cursor: Cursor, person: UUID, data: st.DataObject
) -> None:
    text = cursor.text(person)
    other = data.draw(
        st.one_of(st.integers(0, len(text) - 1).map(lambda end: text[:end]), st.text(min_size=1).map(text.__add__))
    )

    with pytest.raises(BadCursor):
        Cursor.read(other, person)


@AT_HOME
@given(CURSORS, st.uuids(), st.uuids())
def test_a_cursor_is_good_for_its_person_only(at_home: None, cursor: Cursor, person: UUID, other: UUID) -> None:
    if person != other:
        with pytest.raises(BadCursor):
            Cursor.read(cursor.text(person), other)


@AT_HOME
@given(st.text())
def test_anything_else_is_no_cursor(at_home: None, text: str) -> None:
    with pytest.raises(BadCursor):
        Cursor.read(text, UUID(int=1))


def spoilt(cursor: str) -> dict[str, str]:
    """What may come in place of a cursor."""
    return {
        "cut": cursor[:-1],
        "longer": cursor + "A",
        "flipped": cursor[:-3] + ("A" if cursor[-3] != "A" else "B") + cursor[-2:],
        "another spelling": cursor[:-1] + chr(ord(cursor[-1]) + 1),
        "padded": cursor + "=",
        "spaced": f" {cursor}",
        "made up": base64.urlsafe_b64encode(b"\x01" * 40).decode(),
        "words": "the beginning",
        "not ASCII": "żółw",
        "one character": "A",
    }


async def test_what_is_no_cursor_of_ours_is_refused(app: TestApp) -> None:
    phone = await knowing(app, await make.person())

    answers = {how: await phone.ask(cursor) for how, cursor in spoilt(phone.cursor or "").items()}

    bad = problem(400, "bad_cursor")
    assert {how: manners(answer) for how, answer in answers.items()} == dict.fromkeys(answers, bad)


@pytest.mark.parametrize("paging", [False, True])
async def test_another_persons_cursor_is_refused(app: TestApp, paging: bool) -> None:
    everybody = await world()
    phone, other = await door(app, everybody.participant), await door(app, everybody.groupmate)
    await phone.page(limit=1 if paging else 500)

    assert manners(await other.ask(phone.cursor)) == problem(400, "bad_cursor")


async def test_without_a_cursor_everything_comes_again(app: TestApp) -> None:
    phone = await door(app, (await full_world(app)).participant)

    first = await phone.pull()
    for empty in (None, ""):
        phone.cursor = empty
        again = await phone.pull()

        assert (again.changes, again.states) == (first.changes, first.states)


async def test_the_same_phone_goes_on_after_it_signed_in_anew(app: TestApp) -> None:
    person = (await full_world(app)).participant
    before, after = await knowing(app, person), await door(app, person)
    after.cursor = before.cursor

    assert (await after.page())["changes"] == []


async def in_many_exchanges(spaces: int) -> UUID:
    """Somebody who sees so many spaces."""
    person = await make.person()
    for _ in range(spaces - 1):
        await make.participant(await make.exchange(), who=person)
    return person


async def grow(ids: int, seqs: int) -> None:
    """As if many other spaces and changes had been there before."""
    async with transaction():
        await Change.delete(force=True)
        for row in await Space.select(Space.id).where(Space.id < 1000):
            await Space.update({Space.id: row["id"] + ids, Space.version: seqs}).where(Space.id == row["id"])


async def bytes_of_nothing_new(app: TestApp, person: UUID) -> int:
    phone = await knowing(app, person)
    answer = await phone.ask(phone.cursor)
    assert answer.json() == {"changes": [], "spaces": [], "cursor": phone.cursor, "complete": True}
    return len(answer.content)


@pytest.mark.parametrize(("ids", "seqs"), [(0, 3), (A_MILLION, A_MILLION), (200 * A_MILLION, A_MILLION)])
async def test_nothing_new_is_said_in_under_two_hundred_bytes_and_twelve_for_each_space_more(
    app: TestApp, ids: int, seqs: int
) -> None:
    sizes = []
    for spaces in (8, 20):
        person = await in_many_exchanges(spaces)
        await grow(ids, seqs)
        sizes.append(await bytes_of_nothing_new(app, person))

    assert (sizes[0] < SMALL_MAX, (sizes[1] - sizes[0]) / 12 <= 12) == (True, True), sizes


async def test_a_restored_epoch_makes_it_hardly_longer(app: TestApp) -> None:
    person = await in_many_exchanges(8)
    for row in await Space.select(Space.kind, Space.owner):
        await rewrite_space(row["kind"], row["owner"], epoch=2**31 - 1)

    assert await bytes_of_nothing_new(app, person) < SMALL_MAX


async def test_nothing_new_takes_one_look_up_beside_the_token(app: TestApp) -> None:
    everybody = await world()
    phone = await knowing(app, everybody.leader)
    asked = PullDraft(locale="en", kinds_version=1, cursor=phone.cursor or "")

    with recorded(look_ups := LookUps()):
        page = await pull(make.signed_in(everybody.leader), asked, KINDS)

    assert (page.changes, len(look_ups.seen), look_ups.complete) == ([], 1, True)


async def test_a_cursor_says_nothing_of_what_it_stands_for(app: TestApp) -> None:
    """Not even the person or an exchange can be read from it."""
    everything = await full_world(app)
    phone = await door(app, everything.participant)
    await phone.push_one(page_of(everything.exchange))
    await phone.pull()

    raw = base64.urlsafe_b64decode((phone.cursor or "") + "==")

    assert [one.bytes in raw for one in (everything.participant, everything.exchange, everything.group)] == [False] * 3
