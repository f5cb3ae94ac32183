"""The small exchange in which the pairs of docs/sync are recorded, and the two things that happen to it from outside."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from tests import make
from tests.activities import packs
from tests.client import TestApp
from tests.sync.placeholders import Names
from yema.activities.actions.publish import publish_pack
from yema.activities.actions.store import store_pack
from yema.activities.packfile import read_pack
from yema.app import KINDS, create_app
from yema.changes import Kinds, Pulled, SpaceKey, transaction
from yema.database import Statement, engine, execute
from yema.exchanges.actions.told.release import release_plan
from yema.http.log import RequestLog
from yema.http.replay import Replay
from yema.ids import now, uuid7
from yema.journals.tables import Prompt
from yema.settings import Settings

SONG = UUID("01900000-0000-7000-8000-000000000001")
_PACK = {"id": "01900000-0000-7000-8000-000000000002"}
_ACTIVITY = {"id": "01900000-0000-7000-8000-000000000003"}

_END_TOKENS = Statement("UPDATE access_token SET expires_at = {}")
_LOSE = (
    Statement("DELETE FROM journal_revision WHERE entry = {}"),
    Statement("DELETE FROM journal_entry WHERE id = {}"),
    Statement("DELETE FROM change WHERE thing = {}"),
)
_SET_BACK = Statement("UPDATE space SET version = version - 1 WHERE kind = 'person' AND owner = {}")
_NEW_EPOCH = Statement("UPDATE space SET epoch = epoch + 1")


async def _songs(person: Any, space: SpaceKey, ids: Sequence[UUID]) -> dict[UUID, Any]:
    return {SONG: {"id": str(SONG), "title": "The well song"}}


def app_of_the_story(settings: Settings) -> TestApp:
    """The application with one more kind, which phones know from the next `kinds_version` on: a later server will have such."""
    app = create_app(settings)
    app.state.kinds = Kinds(
        [*KINDS.pulled.values(), Pulled("song", _songs, since=KINDS.version + 1)], KINDS.pushed.values()
    )
    return TestApp(RequestLog(Replay(app)))


async def begin(names: Names, folder: Path) -> dict[str, UUID]:
    """Two groups, a place, two slots that were released, a question, a pack; the people by their names."""
    exchange = await make.exchange("Water connects us")
    poland, ukraine = await make.group(exchange, "PL", "Poland"), await make.group(exchange, "UA", "Ukraine")
    people = {
        "anna": await make.participant(exchange, poland, name="Anna"),
        "bartek": await make.leader(exchange, poland, name="Bartek"),
        "carla": await make.coordinator(exchange, name="Carla"),
        "dmytro": await make.participant(exchange, poland, name="Dmytro"),
        "emil": await make.participant(exchange, poland, name="Emil", state="pending"),
    }
    lawn = await make.venue(exchange)
    rafts = await make.slot(exchange, "10:00-11:30", title="Rafts of reeds", venue=lawn)
    evening = await make.slot(exchange, "19:00-20:30", title="Polish evening", groups=(poland,))
    await release_plan(await make.membership(people["bartek"], exchange))
    song_and_prompt = await _prompt_and_song(exchange)
    pack = await _small_pack(folder)
    bound = {"exchange.1": exchange, "group.1": poland, "group.2": ukraine, "venue.1": lawn, "slot.1": rafts}
    for name, value in {
        **bound,
        "slot.2": evening,
        "prompt.1": song_and_prompt,
        "pack.1": pack,
        "activity.1": UUID(_ACTIVITY["id"]),
        "song.1": SONG,
    }.items():
        names.bind(name, value)
    return people


async def _prompt_and_song(exchange: UUID) -> UUID:
    texts = '{"en": "What surprised you?", "pl": "Co cię zdziwiło?"}'
    prompt = Prompt(id=uuid7(), exchange=exchange, position=1, texts=texts)
    async with transaction() as tx:
        await Prompt.insert(prompt)
        tx.touched(SpaceKey("exchange", exchange), "prompt", prompt.id)
        tx.touched(SpaceKey("exchange", exchange), "song", SONG)
    return prompt.id


async def _small_pack(folder: Path) -> UUID:
    place = packs.folder(folder, packs.activity("name-ball", "Name ball", **_ACTIVITY), **_PACK)
    packs.po(place, "pl", pack__title=("Small", "Mała paczka"))
    pack = await store_pack(read_pack(place), organisation=None, public=True)
    await publish_pack(pack)
    return pack


async def an_hour_passes() -> None:
    """Access tokens have ended."""
    async with transaction():
        await execute(_END_TOKENS, now() - timedelta(seconds=1))


async def put_back_without(entry: UUID, author: UUID) -> None:
    """What a phone sees of a restore: the backup was made before this page was written, and every space has a new epoch."""
    async with engine().begin():
        for statement in _LOSE:
            await execute(statement, entry)
        await execute(_SET_BACK, author)
        await execute(_NEW_EPOCH)
