"""The canary: nothing that stands on an emergency sheet stands in clear anywhere; what was sealed opens nowhere else."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.sheets_world import FULL, group_door, member_door, opened, own_door, sheet, written
from tests.exchanges.world import world
from tests.journals.test_secrecy import Places, canary
from tests.sync.world import door, statuses
from yema.changes import SpaceKey, transaction
from yema.exchanges.sealed import open_sheet, sheet_id
from yema.exchanges.tables.care import EmergencySheet
from yema.http.log import configure_logs
from yema.settings import Settings
from yema.vault import keyring

MATCH_1 = {"if-match": '"1"'}


@pytest.fixture
def everywhere(house: Settings, app: TestApp, capsys: pytest.CaptureFixture[str]) -> Iterator[Places]:
    """All places, with every logger of the process saying all that it can say."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s %(pathname)s"))
    level = root.level
    configure_logs("debug")
    ours = logging.getLogger("yema")
    for logger in (root, ours):
        logger.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield Places(house, stream, capsys)
    root.setLevel(level)
    root.removeHandler(handler)
    ours.handlers.clear()


def sheet_of(word: str) -> dict[str, Any]:
    """The word in every field that takes words."""
    return {
        "contacts": [{"name": word, "relation": word, "phone": "+48 600"}],
        "insurance": {"insurer": word, "policy": word},
        **dict.fromkeys(("allergies", "diet", "medication", "notes"), word),
    }


async def test_nothing_of_a_sheet_stands_in_clear_anywhere(app: TestApp, everywhere: Places) -> None:
    w = await world()
    me, leader = await written(app, w, w.participant), await app.as_(w.leader)
    words = {name: canary() for name in ("own", "stale", "unknown", "long", "leaders", "foreign", "pushed", "conflict")}
    phone, door_of_leader = await door(app, w.participant), await member_door(w, w.participant)

    answers = [
        await me.put(own_door(w), json=sheet_of(words["own"]), headers=MATCH_1),
        await me.put(own_door(w), json=sheet_of(words["stale"]), headers=MATCH_1),
        await me.put(own_door(w), json={**FULL, words["unknown"]: words["unknown"]}),
        await me.put(own_door(w), json=sheet_of(words["long"] * 200)),
        await leader.put(door_of_leader, json=sheet_of(words["leaders"]), headers={"if-match": '"2"'}),
        await (await app.as_(w.leader2)).put(door_of_leader, json=sheet_of(words["foreign"])),
    ]
    seen = (await leader.get(group_door(w) + ".html")).text.count(words["leaders"])
    results = await phone.push(
        sheet(w, w.participant, 3, **sheet_of(words["pushed"])),
        sheet(w, w.participant, 3, **sheet_of(words["conflict"])),
    )
    assert [answer.status_code for answer in answers] == [200, 412, 400, 400, 200, 404]
    assert (seen, statuses(results)) == (8, ["applied", "conflict"])

    found = {name: await everywhere.holding(word) for name, word in words.items()}

    assert found == {name: set() for name in words}


async def test_a_sheet_opens_under_its_own_person_id_and_version_only(app: TestApp) -> None:
    w = await world()
    await written(app, w, w.participant)
    await written(app, w, w.groupmate)
    [row] = await EmergencySheet.select().where(EmergencySheet.person == w.participant)
    where = (row["person"], row["id"], row["version"])

    opens = [
        open_sheet(*where, row["sealed"]) is not None,
        open_sheet(w.groupmate, row["id"], 1, row["sealed"]) is not None,
        open_sheet(w.participant, sheet_id(w.exchange, w.groupmate), 1, row["sealed"]) is not None,
        open_sheet(w.participant, row["id"], 2, row["sealed"]) is not None,
        open_sheet(*where, row["sealed"][:-1] + b"?") is not None,
    ]

    assert opens == [True, False, False, False, False]


async def test_one_damaged_sheet_closes_none_of_the_others(app: TestApp) -> None:
    w = await world()
    await written(app, w, w.participant)
    await written(app, w, w.groupmate)
    async with transaction() as tx:
        await EmergencySheet.update({EmergencySheet.sealed: b"\x01broken"}).where(EmergencySheet.person == w.groupmate)
        tx.touched(SpaceKey("person", w.groupmate), "emergency_sheet", sheet_id(w.exchange, w.groupmate))

    seen = await opened(await app.as_(w.leader), w)

    assert [seen[who] is not None for who in (w.participant, w.groupmate)] == [True, False]


async def test_whose_key_is_destroyed_has_no_sheet_any_more(app: TestApp) -> None:
    w = await world()
    me = await written(app, w, w.participant)
    await keyring().destroy_key(w.participant)

    answers = [(await me.get(own_door(w))).status_code, (await me.put(own_door(w), json=FULL)).status_code]

    assert (answers, (await opened(await app.as_(w.leader), w))[w.participant]) == ([404, 404], None)


async def test_pages_of_the_diary_and_sheets_share_the_key_and_nothing_else(app: TestApp) -> None:
    """A sealed page is no sheet, even under the same id and version."""
    from yema.exchanges.schemas.care.emergency import SheetContent
    from yema.exchanges.sealed import close_sheet
    from yema.journals.errors import DiaryGone
    from yema.journals.sealed import open_entry

    who = await make.person()
    key, thing = await keyring().make_key(who), sheet_id(who, who)

    sealed = close_sheet(key, who, thing, 1, SheetContent(diet="Fish"))

    with pytest.raises(DiaryGone):
        open_entry(who, thing, 1, sealed)
