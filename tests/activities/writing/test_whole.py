"""Everything that trainers know of an activity goes in, and comes out the same: of the workshop, and of a version."""

import asyncio
from collections.abc import Callable
from typing import Any, get_args
from uuid import UUID

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.activities.workshop import Desk, activity, desk
from tests.client import TestApp
from tests.media import files
from yema.activities.actions.publish import publish_pack
from yema.activities.pack.source import plain
from yema.activities.pack.vocabulary import BlockKind, Competence, Energy, Method, Per, Phase, Setting
from yema.activities.rules import MEDIA_OF
from yema.app import create_asgi
from yema.house import open_house
from yema.settings import Settings

EXAMPLES = 40
MEDIA = {"picture": "hands.jpg", "paper": "rules.pdf", "sound": "river.m4a"}
SENT: dict[str, Callable[[], bytes]] = {"hands.jpg": files.jpeg, "rules.pdf": files.paper, "river.m4a": files.wav}
TYPES = {"jpg": "image/jpeg", "pdf": "application/pdf", "m4a": "audio/wav"}

texts = (
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30)
    .map(plain)
    .filter(bool)
)
slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)


def one_of(kind: Any) -> st.SearchStrategy[str]:
    return st.sampled_from(get_args(kind))


def several(kind: Any, low: int, high: int) -> st.SearchStrategy[list[str]]:
    return st.lists(one_of(kind), min_size=low, max_size=high, unique=True)


def ranges(low: int, high: int) -> st.SearchStrategy[list[int]]:
    return st.tuples(st.integers(low, high), st.integers(low, high)).map(sorted)


@st.composite
def drafts(draw: st.DrawFn) -> dict[str, Any]:
    """The body of a request that writes an activity, without its pack."""
    (least, most), (short, long) = draw(ranges(1, 1000)), draw(ranges(0, 1440))
    more = draw(st.lists(one_of(BlockKind).filter(lambda kind: kind not in ("title", "summary")), max_size=8))
    keys = draw(st.lists(slugs, min_size=len(more) + 2, max_size=len(more) + 2, unique=True))
    kinds = draw(st.permutations(["title", "summary", *more]))
    fields = {
        "slug": draw(slugs),
        "method": draw(one_of(Method)),
        "phase": draw(one_of(Phase)),
        "group_size": {"min": least, "max": most},
        "minutes": {"min": short, "max": long, "preparation": draw(st.integers(0, 1440))},
        "age_from": draw(st.integers(0, 99)),
        "settings": draw(several(Setting, 1, 3)),
        "energy": draw(one_of(Energy)),
        "complexity": draw(st.integers(1, 4)),
        "blocks": [draw(block(kind, key)) for kind, key in zip(kinds, keys, strict=True)],
        "tags": draw(st.lists(slugs, max_size=5)),
        "competences": draw(several(Competence, 0, 8)),
        "source": draw(st.just("") | texts),
    }
    return {**fields, "origin": str(draw(st.uuids()))} if draw(st.booleans()) else fields


@st.composite
def block(draw: st.DrawFn, kind: str, key: str) -> dict[str, Any]:
    found: dict[str, Any] = {"key": key, "kind": kind, "text": draw(texts)}
    if kind in ("picture", "sound") or (kind == "handout" and draw(st.booleans())):
        found["media"] = MEDIA[MEDIA_OF[kind]]
    if kind == "step" and draw(st.booleans()):
        found["minutes"] = draw(st.integers(0, 1440))
    if kind == "material":
        found |= {"quantity": draw(st.floats(0.01, 10_000)), "per": draw(one_of(Per))}
    return found


def _written(shown: dict[str, Any]) -> dict[str, Any]:
    """What was sent, taken out of the activity in the making."""
    blocks = [{name: v for name, v in one.items() if name not in ("id", "state")} for one in shown["blocks"]]
    left_out = ("id", "pack", "locale", "source_locale", "version")
    return {**{name: v for name, v in shown.items() if name not in left_out}, "blocks": blocks}


def _published(shown: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    """What was sent, taken out of the activity that readers get; keys and the names of media they do not see."""
    blocks = []
    for one, mine in zip(shown["blocks"], sent["blocks"], strict=True):
        found = {name: v for name, v in one.items() if name not in ("id", "locale", "media")} | {"key": mine["key"]}
        if "media" in one:
            name = MEDIA[one["media"]["kind"]]
            found["media"] = name
        blocks.append(found)
    plain = ("slug", "method", "phase", "age_from", "energy", "complexity", "tags", "competences", "origin")
    return {
        **{name: shown[name] for name in plain if name in shown},
        "settings": shown["setting"],
        "group_size": {"min": shown["group_size_min"], "max": shown["group_size_max"]},
        "minutes": {
            "min": shown["minutes_min"],
            "max": shown["minutes_max"],
            "preparation": shown["minutes_preparation"],
        },
        "source": shown.get("source", ""),
        "blocks": blocks,
    }


def test_what_was_written_is_what_is_read(settings: Settings) -> None:
    with asyncio.Runner() as runner:
        house = open_house(settings)
        runner.run(house.__aenter__())
        app = TestApp(create_asgi(settings))
        try:
            trainer = runner.run(_desk_with_media(app))
            _try_all(runner, app, trainer)
        finally:
            runner.run(app.close())
            runner.run(house.__aexit__(None, None, None))


async def _desk_with_media(app: TestApp) -> Desk:
    trainer = await desk(app, public=True)
    for name, made in SENT.items():
        kind = {"content-type": TYPES[name.rpartition(".")[2]]}
        answer = await trainer.client.post(f"/packs/{trainer.pack}/media?name={name}", content=made(), headers=kind)
        assert answer.status_code == 201, answer.text
    return trainer


def _try_all(runner: asyncio.Runner, app: TestApp, trainer: Desk) -> None:
    @hypothesis_settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(first=drafts(), second=drafts())
    def try_one(first: dict[str, Any], second: dict[str, Any]) -> None:
        runner.run(_try(app, trainer, first, second))

    try_one()


async def _try(app: TestApp, trainer: Desk, first: dict[str, Any], second: dict[str, Any]) -> None:
    """Write the first, change all of it into the second, publish that."""
    answer = await trainer.client.post("/activities", json={**activity(trainer.pack), **first})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    try:
        assert (_written(made), await trainer.read(made["id"])) == (first, made)
        changed = await trainer.change(made, **{"origin": None, **second})
        assert (changed.status_code, _written(changed.json())) == (200, second)
        assert await trainer.read(made["id"]) == changed.json()
        await publish_pack(UUID(trainer.pack))
        shown = (await app.anybody.get(f"/activities/{made['id']}")).json()
        assert _published(shown, second) == second
    finally:
        assert (await trainer.client.delete(f"/activities/{made['id']}")).status_code == 204
