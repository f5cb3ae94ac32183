"""What a request for help says stands nowhere in clear, and opens for nobody but those whom it is for."""

from uuid import UUID

import pytest
from msgspec import UNSET

from tests import make
from tests.accounts.doors import told
from tests.client import TestApp
from tests.exchanges.help_world import call, close, door, listed, seen_by, take, wait
from tests.exchanges.test_emergency_secrecy import everywhere as everywhere
from tests.exchanges.test_members import patch
from tests.exchanges.world import world
from tests.journals.test_secrecy import Places, canary
from yema.erasing import erase
from yema.exchanges.queries.care.help import help_requests_of
from yema.exchanges.sealed import open_help, open_sheet
from yema.exchanges.tables.care import HelpRequest
from yema.ids import now
from yema.vault import keyring


async def test_nothing_of_it_stands_in_clear_anywhere(app: TestApp, everywhere: Places) -> None:
    w = await world()
    words = {name: canary() for name in ("first", "again", "long", "unknown", "stranger")}
    me, stranger = await app.as_(w.participant), await app.as_(w.stranger)

    answers = [
        await me.post(door(w), json={"text": words["first"]}, headers={"idempotency-key": "k"}),
        await me.post(door(w), json={"text": words["again"]}),
        await me.post(door(w), json={"text": words["long"] * 50}),
        await me.post(door(w), json={words["unknown"]: words["unknown"]}),
        await stranger.post(door(w), json={"text": words["stranger"]}),
    ]
    request = answers[0].json()["id"]
    await take(app, w.leader, request)
    read = [one["text"] for one in await listed(app, w, w.leader)]

    assert [answer.status_code for answer in answers] == [201, 201, 400, 400, 404]
    assert read == [words["again"]]
    assert {name: await everywhere.holding(word) for name, word in words.items()} == {name: set() for name in words}


async def test_a_relinked_phone_asks_and_does_not_open_what_was_asked_before(app: TestApp) -> None:
    """Somebody else may hold it."""
    w = await world()
    await call(app, w, w.participant, text="By the lake")
    relinked, membership = make.signed_in(w.participant), await make.membership(w.participant, w.exchange)
    relinked.diary_since = now()

    [before] = await help_requests_of(relinked, membership)
    relinked.diary_since = before.made_at
    [after] = await help_requests_of(relinked, membership)

    assert (before.text, after.text) == (UNSET, "By the lake")


async def test_it_opens_under_its_own_person_and_id_only(app: TestApp) -> None:
    w = await world()
    await call(app, w, w.participant, text="By the lake")
    other = UUID((await call(app, w, w.groupmate, text="Ill"))["id"])
    [row] = await HelpRequest.select().where(HelpRequest.person == w.participant)
    sealed = row["sealed"]

    opens = [
        open_help(w.participant, row["id"], sealed),
        open_help(w.groupmate, row["id"], sealed),
        open_help(w.participant, other, sealed),
        open_help(w.participant, row["id"], sealed[:-1] + b"?"),
        open_sheet(w.participant, row["id"], 1, sealed),
    ]

    assert opens == ["By the lake", None, None, None, None]


async def test_an_operators_token_opens_none(app: TestApp) -> None:
    w = await world()
    request = (await call(app, w, w.participant, text="By the lake"))["id"]
    operator = app.with_token(await make.token(w.leader, via="operator"))

    answers = [
        await operator.get(door(w)),
        await operator.post(door(w), json={}),
        await operator.put(f"/help-requests/{request}/taken"),
        await operator.delete(f"/help-requests/{request}/taken"),
        await operator.put(f"/help-requests/{request}/closed"),
    ]

    assert [told(answer) for answer in answers] == [(403, "diary_closed")] * 5


@pytest.mark.parametrize("goes", ["leaves", "removed", "erased"])
async def test_it_goes_with_who_has_asked(app: TestApp, goes: str) -> None:
    w = await world()
    await call(app, w, w.participant, text="By the lake")
    if goes == "leaves":
        await (await app.as_(w.participant)).delete(f"/exchanges/{w.exchange}/members/me")
    elif goes == "removed":
        await patch(app, w, w.leader, w.participant, state="left")
    else:
        await erase(w.participant)

    assert (await HelpRequest.count(), await listed(app, w, w.leader)) == (0, [])


async def test_whose_key_is_destroyed_asks_without_words(app: TestApp) -> None:
    w = await world()
    await call(app, w, w.participant, text="By the lake")
    await keyring().destroy_key(w.participant)

    [seen] = await listed(app, w, w.leader)

    assert (seen["person"], "text" in seen) == (str(w.participant), False)


async def test_who_came_from_elsewhere_does_not_read_it_either(app: TestApp) -> None:
    w = await world()
    request = (await call(app, w, w.participant, text="By the lake"))["id"]
    await wait(request, 15)

    taken = (await take(app, w.facilitator, request)).json()
    refused = (await take(app, w.leader2, request)).json()

    assert (taken["person"], "text" in taken) == (str(w.participant), False)
    assert (refused["code"], "text" in refused["current"]) == ("help_taken", False)


async def test_when_it_is_over_of_the_leaders_only_who_came_reads_it(app: TestApp) -> None:
    """Who led the group then, and who leads the group that the person is in now, know that there was a call."""
    w = await world()
    w2 = w._replace(left=await make.leader(w.exchange, w.group))
    request = (await call(app, w, w.participant, text="My leader scares me"))["id"]
    await take(app, w.leader, request)
    await close(app, w.participant, request)
    before = await seen_by(app, w2, "participant", "leader", "left", "coordinator")
    await patch(app, w, w.coordinator, w.participant, group=str(w.group2))

    after = await seen_by(app, w2, "participant", "leader", "left", "leader2", "coordinator")

    words = ["My leader scares me"]
    assert before == {"participant": words, "leader": words, "left": ["-"], "coordinator": words}
    assert after == {"participant": words, "leader": [], "left": [], "leader2": ["-"], "coordinator": words}


async def test_nothing_of_it_is_kept_by_a_cache(app: TestApp) -> None:
    w = await world()
    me = await app.as_(w.participant)

    answers = [await me.post(door(w), json={"text": "Come"}), await me.get(door(w))]

    assert {answer.headers["cache-control"] for answer in answers} == {"private, no-store"}
