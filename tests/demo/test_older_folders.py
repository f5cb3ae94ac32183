"""A demo folder that an earlier YEMA has filled, or in which somebody has looked around, comes to what the fixtures say."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
import time_machine

from tests import make
from yema.activities.actions.publish import publish_pack
from yema.activities.actions.store import store_pack
from yema.activities.pack.source import ActivityDraft, PackSource, block_id
from yema.activities.packfile import read_pack
from yema.activities.queries.frozen import frozen_source
from yema.activities.reading.documents import document_of, encoded
from yema.activities.rules import source_hash
from yema.activities.tables import Pack, PackVersion
from yema.changes import PUBLIC, SpaceKey, transaction
from yema.database import Statement, close_database, execute, open_database
from yema.database import migrations as machinery
from yema.demo import fill as filling
from yema.demo.fill import fill
from yema.demo.fixtures import read_demo
from yema.exchanges.tables.exchange import Exchange, Group, Room, Venue
from yema.exchanges.tables.plan import ExchangePack
from yema.ids import now, uuid7
from yema.settings import Settings
from yema.vault import open_keyring, open_keys

PLACES = sorted((make.FIXTURES / "packs").iterdir())
HOST = read_demo().organisations[0].id
FIRST_NEW = {"activities": "2026-11-21T10:30"}
"""Before this migration packs were nobody's, and only their files were kept."""
NEW = "2026-11-21T11:01"
"""With this one exchanges began to keep versions; what came after it only added tables and columns, in which nothing was."""
DAY, NEXT_DAY = date(2027, 7, 14), date(2027, 7, 15)


def noon(day: date) -> time_machine.travel:
    return time_machine.travel(datetime.combine(day, time(12), UTC))


async def shelved() -> dict[str, int]:
    """The versions on the shelf of the host's public packs."""
    rows = await Pack.select(Pack.slug, Pack.latest).where(Pack.organisation == HOST, Pack.public.eq(True))
    return {row["slug"]: row["latest"] for row in rows}


async def as_in_the_fixtures() -> list[bool]:
    found = []
    for place in PLACES:
        source = read_pack(place)
        [row] = await Pack.select(Pack.latest).where(Pack.id == source.head.id)
        found.append(await frozen_source(source.head.id, row["latest"]) == source)
    return found


@pytest.fixture
def empty(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings of an empty database."""
    if database_kind == "sqlite":
        yield Settings(data=tmp_path)
        return
    server = request.getfixturevalue("postgres_server")
    yield Settings(data=tmp_path, database_url=server.create("yema_older"))
    server.drop("yema_older")


@pytest.fixture
async def older(empty: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Settings]:
    """A folder with the demo as an earlier YEMA has filled it, with the tables of today."""
    open_keys(empty)
    await open_database(empty)
    every = list(machinery._modules())
    with monkeypatch.context() as patch:
        before = [
            found
            for found in every
            if FIRST_NEW.get(found[0], "3") > found[1].ID
            and not (found[0] == "exchanges" and found[1].ID.startswith(NEW))
        ]
        patch.setattr(machinery, "_modules", lambda: iter(before))
        await machinery.migrate()
        patch.setattr(filling, "publish_packs", _publish_as_it_was)
        patch.setattr(filling, "begin_to_plan", _nothing)
        patch.setattr(filling, "bring_to_life", _nothing)
        with noon(DAY):
            await fill(empty)
    await machinery.migrate()
    keyring = await open_keyring(empty)
    yield empty
    await keyring.close()
    await close_database()


async def _nothing(*_: object) -> None:
    """Exchanges kept no versions then, and had nothing but their plan."""


async def _publish_as_it_was(_: UUID) -> dict[str, UUID]:
    """The first pack, with what was in it then, in one language."""
    source = read_pack(PLACES[0])
    planned = {slot.activity for exchange in read_demo().exchanges for day in exchange.days for slot in day.slots}
    source.activities = [activity for activity in source.activities if activity.slug in planned]
    head = source.head
    async with transaction() as tx:
        await _insert(
            "pack", id=head.id, slug=head.slug, source_locale="en", licence=head.licence, authors=_json(head.authors),
            public=True, made_at=tx.at,
        )  # fmt: skip
        texts = {"title": head.texts.title, "summary": head.texts.summary}
        await _insert("pack_text", id=uuid7(), pack=head.id, locale="en", **texts)
        for position, activity in enumerate(source.activities):
            await _insert_activity(head.id, position, activity)
        await _insert_version(source)
        tx.touched(SpaceKey("library", PUBLIC), "pack", head.id)
    return {activity.slug: activity.id for activity in source.activities}


async def _insert_activity(pack: UUID, position: int, activity: ActivityDraft) -> None:
    await _insert(
        "activity", id=activity.id, pack=pack, slug=activity.slug, position=position, method=activity.method,
        phase=activity.phase, group_size_min=activity.group_size.min, group_size_max=activity.group_size.max,
        minutes_min=activity.minutes.min, minutes_max=activity.minutes.max, minutes_preparation=0,
        age_from=activity.age_from, settings=_json(activity.settings), energy=activity.energy,
        complexity=activity.complexity, tags="[]", competences="[]", source=activity.source,
    )  # fmt: skip
    for place, block in enumerate(activity.blocks):
        which = block_id(activity.id, block.key)
        await _insert("block", id=which, activity=activity.id, key=block.key, kind=block.kind, position=place)
        hashed = source_hash(block.text)
        await _insert("block_text", id=uuid7(), block=which, locale="en", text=block.text, source_hash=hashed)


async def _insert_version(source: PackSource) -> None:
    version, edition = uuid7(), encoded(document_of(source, "en", 1))
    await _insert("pack_version", id=version, pack=source.head.id, number=1, published_at=now())
    await _insert(
        "pack_file", id=uuid7(), version=version, locale="en", sha256="0" * 64, content=edition.document,
        cards=edition.cards,
    )  # fmt: skip


async def _insert(table: str, **fields: object) -> None:
    places = ", ".join("{}" for _ in fields)
    await execute(Statement(f"INSERT INTO {table} ({', '.join(fields)}) VALUES ({places})"), *fields.values())


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


@pytest.mark.parametrize("day", [DAY, NEXT_DAY])
async def test_packs_of_an_earlier_demo_become_those_of_today_and_the_hosts(older: Settings, day: date) -> None:
    for _ in range(2):
        with noon(day):
            await fill(older)

    assert (await shelved(), await as_in_the_fixtures()) == ({"first-days": 2, "going-deeper": 1}, [True, True])


async def test_the_exchanges_of_an_earlier_demo_keep_what_they_planned_with(older: Settings) -> None:
    with noon(NEXT_DAY):
        await fill(older)

    kept = await ExchangePack.select(ExchangePack.pack, ExchangePack.number)

    assert kept == [{"pack": read_pack(PLACES[0]).head.id, "number": 1}]


async def test_packs_that_are_as_in_the_fixtures_are_not_published_again(house: Settings) -> None:
    for day in (DAY, NEXT_DAY):
        with noon(day):
            await fill(house)

    assert (await PackVersion.count(), await as_in_the_fixtures()) == (len(PLACES), [True, True])


async def test_what_a_visitor_published_stays_for_the_day(house: Settings) -> None:
    with noon(DAY):
        await fill(house)
        source = read_pack(PLACES[0])
        source.head.texts.title = "My days"
        await publish_pack(await store_pack(source, organisation=HOST, public=True))
        await fill(house)
        same_day = await shelved(), await as_in_the_fixtures()
    with noon(NEXT_DAY):
        await fill(house)

    assert same_day == ({"first-days": 2, "going-deeper": 1}, [False, True])
    assert (await shelved(), await as_in_the_fixtures()) == ({"first-days": 3, "going-deeper": 1}, [True, True])


async def test_a_visitors_pack_that_was_taken_from_everybody_comes_back(house: Settings) -> None:
    with noon(DAY):
        await fill(house)
        await store_pack(read_pack(PLACES[0]), organisation=HOST, public=False)
        hidden = await shelved()
        await fill(house)

    assert (hidden, await shelved()) == ({"going-deeper": 1}, {"first-days": 1, "going-deeper": 1})


async def test_groups_of_an_earlier_demo_come_from_somewhere_and_have_a_house(house: Settings) -> None:
    with noon(DAY):
        await fill(house)
        whole = await places()
        await _forget_places()
        await fill(house)

    assert (await places(), whole["rooms"]) == (whole, 2)


async def places() -> dict[str, object]:
    """What an earlier YEMA could not hold."""
    return {
        "groups": await Group.select(Group.id, Group.latitude, Group.hosts, Group.organisation).order_by(Group.id),
        "main": await Venue.select(Venue.id).where(Venue.main.eq(True)).order_by(Venue.id),
        "ceilings": await Exchange.select(Exchange.ceilings).order_by(Exchange.id),
        "rooms": await Room.count(),
    }


async def _forget_places() -> None:
    async with transaction() as tx:
        await Group.update({Group.latitude: None, Group.hosts: False, Group.organisation: None}, force=True)
        await Venue.update({Venue.main: False}, force=True)
        await Exchange.update({Exchange.ceilings: "{}"}, force=True)
        await Room.delete(force=True)
        for kind in ("group", "venue", "exchange"):
            tx.touched(SpaceKey("exchange", HOST), kind, HOST)
