"""What happens in the small exchange while docs/sync is recorded: a chapter for each thing that a phone has to know."""

from typing import Any
from uuid import UUID, uuid5

from tests.sync import recorded_world as world
from tests.sync.recorder import API, JSON, Asked, Recorder
from yema.app import KINDS

EXCHANGE = f"{API}/exchanges/{{exchange.1}}"


def pull(cursor: str | None = None, **asked: Any) -> Asked:
    known = {} if cursor is None else {"cursor": cursor}
    return f"{API}/sync/pull", {"locale": "en", "kinds_version": KINDS.version, **known, **asked}


def push(*mutations: Any) -> Asked:
    return f"{API}/sync/push", {"mutations": list(mutations)}


def does(number: int, kind: str, thing: str, base: int, data: JSON | None = None) -> JSON:
    """A mutation, a delete where it has no data; each was made a minute after the one before."""
    op = "delete" if data is None else "put"
    named = {"mutation_id": f"{{mutation.{number}}}", "kind": kind, "id": thing, "op": op, "base_version": base}
    return {**named, "made_at": f"2027-07-14T21:{number:02}:00+02:00", **({} if data is None else {"data": data})}


def writes(number: int, thing: str, text: str, base: int = 0, **fields: Any) -> JSON:
    draft = {"exchange": "{exchange.1}", "text": text, "locale": "en", "written_at": "2027-07-14T20:55:00+02:00"}
    return does(number, "entry", thing, base, {**draft, **fields})


async def pulling(r: Recorder) -> None:
    await r.record("first-pull", "anna", pull(), "Anna's phone is fresh: it has no cursor, and gets everything.")
    await r.record("nothing-new", "anna", pull("{cursor.1}"), "Nothing has happened: the same cursor comes back.")
    later = {"starts_at": "2027-07-14T11:00:00+02:00"}
    await r.quietly("bartek", push(does(1, "slot", "{slot.1}", 1, later)))
    await r.quietly("bartek", (f"{EXCHANGE}/releases", None))
    story = "Bartek has moved a slot because of rain, and released the plan: that slot comes, and nothing else."
    await r.record("one-changed-slot", "anna", pull("{cursor.1}"), story)


async def writing(r: Recorder) -> None:
    first = writes(2, "{entry.1}", "We built a raft.", slot="{slot.1}", prompt="{prompt.1}", mood=4)
    await r.record("page-written", "anna", push(first), "Anna has written a page in the bus.")
    story = "The answer was lost in a tunnel, so the phone sends the very same again."
    await r.record("page-sent-again", "anna", push(first), story)
    await r.quietly("anna", push(writes(3, "{entry.1}", "We built a raft. It sank.", 1)))
    mine = writes(4, "{entry.1}", "We built a raft. It was mine.", 1)
    story = (
        "Her other phone had revised version 1 too, and was faster. Both texts are kept; this one is the present one."
    )
    await r.record("page-conflict", "anna", push(mine), story)
    revisions = f"{API}/journal/entries/{{entry.1}}/revisions"
    await r.record("page-revisions", "anna", (revisions, None), "All texts of that page, the latest first.")


async def sharing(r: Recorder) -> None:
    before = (await r.quietly("carla", pull()))["cursor"]
    shares = {"shared_with": "coordinators"}
    story = "Anna shares on the phone that still shows version 2: nobody sees anything, and it gets the page as it is."
    await r.record("share-conflict", "anna", push(does(5, "reflection", "{entry.1}", 2, shares)), story)
    story = "She looks at it again, and shares version 3 with the coordinators."
    await r.record("page-shared", "anna", push(does(6, "reflection", "{entry.1}", 3, shares)), story)
    story = "Carla coordinates: the page comes to her as a reflection, in a space that was not there before."
    seen = (await r.record("reflection-comes", "carla", pull(before), story))["cursor"]
    await r.record("page-taken-back", "anna", push(does(7, "reflection", "{entry.1}", 3)), "Anna takes it back.")
    await r.record("reflection-gone", "carla", pull(seen), "On Carla's phone it is gone.")


async def deleting(r: Recorder) -> None:
    story = "The phone that shows version 2 deletes the page: there is a later text, so it stays. Edit beats delete."
    await r.record("delete-conflict", "anna", push(does(8, "entry", "{entry.1}", 2)), story)
    story = "Anna has seen that text, and deletes the page."
    await r.record("page-deleted", "anna", push(does(9, "entry", "{entry.1}", 3)), story)
    story = "Her other phone hears of it: a tombstone. It had pulled before the page was written, so that is all."
    await r.record("tombstone", "anna", pull("{cursor.2}"), story)


async def planning(r: Recorder) -> None:
    walk = {"kind": "free", "title": "Walk to the well", "locale": "en"}
    hours = {"starts_at": "2027-07-14T17:00:00+02:00", "ends_at": "2027-07-14T18:00:00+02:00"}
    new = does(10, "slot", "{slot.3}", 0, {"exchange": "{exchange.1}", **walk, **hours})
    await r.record("slot-scheduled", "bartek", push(new), "Bartek, offline on the lawn, puts a walk on the plan.")
    await r.quietly("carla", push(does(11, "slot", "{slot.3}", 1, {"title": "Walk to both wells", "locale": "en"})))
    story = "Carla was faster. Nothing is written; Bartek's phone gets the slot as it is now, and asks him."
    late = does(12, "slot", "{slot.3}", 1, {"starts_at": "2027-07-14T17:30:00+02:00"})
    await r.record("slot-conflict", "bartek", push(late), story)
    await r.record("slot-cancelled", "bartek", push(does(13, "slot", "{slot.3}", 2)), "He cancels it instead.")


async def telling(r: Recorder) -> None:
    hours = {"starts_at": "2027-07-14T18:00:00+02:00", "ends_at": "2027-07-14T18:30:00+02:00"}
    ball = {"exchange": "{exchange.1}", "kind": "activity", "activity": "{activity.1}", **hours}
    await r.quietly("bartek", push(does(31, "slot", "{slot.4}", 0, ball)))
    known = (await r.quietly("bartek", pull()))["cursor"]
    went = {"minutes": 25, "group_size": 18, "change": "Use two balls.", "locale": "en"}
    story = "Bartek tells from the lawn how the activity of that slot went: the id is the slot's."
    await r.record("run-told", "bartek", push(does(32, "run_report", "{slot.4}", 0, went)), story)
    story = "It comes to his own phones, and to nobody else's."
    await r.record("run-comes", "bartek", pull(known), story)
    story = "His other phone had not heard of it, and tells it for the first time too: it is shown what stands there."
    await r.record(
        "run-conflict", "bartek", push(does(33, "run_report", "{slot.4}", 0, {**went, "minutes": 30})), story
    )


async def repeating(r: Recorder) -> None:
    known = (await r.quietly("carla", pull()))["cursor"]
    hours = {"starts_at": "2027-07-14T21:00:00+02:00", "ends_at": "2027-07-14T21:30:00+02:00"}
    evening = {"kind": "reflection", "title": "Circle", "locale": "en", **hours, "repeat": {"until": "2027-07-16"}}
    story = (
        "Bartek puts a circle on three evenings. The answer is about the first; the ids of the others follow from it."
    )
    new = does(34, "slot", "{slot.5}", 0, {"exchange": "{exchange.1}", **evening})
    await r.record("series-scheduled", "bartek", push(new), story)
    first = UUID(r.names.value("slot.5"))
    for number, day in ((6, "2027-07-15"), (7, "2027-07-16")):
        r.names.bind(f"slot.{number}", uuid5(first, day))
    later = {"starts_at": "2027-07-15T20:30:00+02:00", "scope": "following"}
    story = (
        "From the second evening on they begin earlier. The version in the answer is that of the slot that is named."
    )
    await r.record("series-changed", "bartek", push(does(35, "slot", "{slot.6}", 1, later)), story)
    await r.record("series-comes", "carla", pull(known), "The others come to all leaders' phones, to Bartek's too.")


async def announcing(r: Recorder) -> None:
    before, leaders = [(await r.quietly(name, pull()))["cursor"] for name in ("anna", "bartek")]
    told = {"title": "Bring boots", "text": "It has rained on the meadow.", "locale": "en", "urgent": True}
    mine = {"kind": "groups", "groups": ["{group.1}"]}
    new = does(36, "announcement", "{announcement.1}", 0, {"exchange": "{exchange.1}", **told, "audience": mine})
    await r.quietly("bartek", push(new))
    story = "Bartek has told his group something. It comes in the group's space, whatever is released."
    known = (await r.record("announcement-comes", "anna", pull(before), story))["cursor"]
    story = "Anna taps that she has seen it. The id is the announcement's."
    await r.record("announcement-seen", "anna", push(does(37, "announcement_seen", "{announcement.1}", 0, {})), story)
    await r.record("announcement-seen-comes", "anna", pull(known), "Her other phones need not show it again.")
    story = "Leaders have it in their own space too, with counts: who told it is not counted."
    await r.record("announcement-counted", "bartek", pull(leaders), story)


async def attending(r: Recorder) -> None:
    slot, anna = (UUID(r.names.value(name)) for name in ("slot.1", "person.anna"))
    r.names.bind("attendance.1", uuid5(slot, str(anna)))
    says = {"slot": "{slot.1}", "person": "{person.anna}"}
    story = "Bartek ticks Anna off, offline. The id follows from slot and person."
    mark = does(38, "attendance", "{attendance.1}", 0, {**says, "state": "present"})
    await r.record("attendance-marked", "bartek", push(mark), story)
    story = "Carla, offline as well, says that Anna was late: the same id, so she is shown what Bartek said."
    late = {**says, "state": "late"}
    await r.record("attendance-conflict", "carla", push(does(39, "attendance", "{attendance.1}", 0, late)), story)
    story = "Carla has asked Bartek, and says it again with the version that she was shown."
    await r.record("attendance-changed", "carla", push(does(40, "attendance", "{attendance.1}", 1, late)), story)


async def refused(r: Recorder) -> None:
    await r.quietly("dmytro", push(writes(14, "{entry.2}", "Dear diary")))
    await r.record(
        "one-bad-item",
        "anna",
        push(
            writes(15, "{entry.3}", "Before the bad ones."),
            "not a mutation at all",
            {**writes(16, "{entry.4}", "A field that nobody knows."), "colour": "blue"},
            writes(17, "{entry.4}", "", 0),
            does(18, "song", "{song.1}", 0, {"title": "Mine"}),
            writes(15, "{entry.3}", "The same mutation_id with another text."),
            writes(19, "{entry.2}", "The id of Dmytro's page."),
            writes(20, "{entry.4}", "In an exchange that is not mine.", exchange="{group.1}"),
            writes(21, "{entry.4}", "About a slot that is none.", slot="{group.1}"),
            does(22, "reflection", "{entry.3}", 1),
            does(23, "slot", "{slot.1}", 2),
            writes(24, "{entry.4}", "Behind the bad ones."),
        ),
        "One bad item never stops the others. What cannot be read at all has no mutation_id in its result: count.",
    )
    loud = {"starts_at": "2027-07-14T23:00:00+02:00", "ends_at": "2027-07-14T22:00:00+02:00"}
    await r.record(
        "plan-refused",
        "bartek",
        push(
            does(25, "slot", "{slot.3}", 3, {"title": "Walk again", "locale": "en"}),
            does(26, "slot", "{slot.1}", 2, loud),
            does(27, "slot", "{slot.1}", 2, {"zone": "Europe/Atlantis"}),
        ),
        "A slot that was cancelled, one that ends before it starts, and a zone that is not on the map.",
    )


async def waiting(r: Recorder) -> None:
    diary = push(writes(28, "{entry.5}", "On my way."))
    story = "Emil has joined, and nobody has let him in yet. His page stays in the outbox: nothing was kept of it."
    await r.record("waits-for-approval", "emil", diary, story)
    await r.quietly("bartek", (await _member(r, "emil"), {"state": "active"}), "PATCH")
    await r.record("approved", "emil", diary, "Bartek has let him in. The very same request works now.")
    half = await r.record("page-1-of-2", "emil", pull(limit=10), "Emil's first pull, ten changes at a time.")
    await r.quietly("bartek", (f"{API}/me", {"display_name": "Bartek M."}), "PATCH")
    story = "Meanwhile Bartek has changed his name. He came on the first page, and comes again, under a higher number."
    await r.record("page-2-of-2", "emil", pull(half["cursor"], limit=10), story)


async def newer(r: Recorder) -> None:
    story = "An update has taught this phone the kind `song`: it gets what it had been spared."
    known = (await r.quietly("anna", pull("{cursor.2}")))["cursor"]
    known = (await r.record("newer-app", "anna", pull(known, kinds_version=KINDS.version + 1), story))["cursor"]
    story = "Anna sets her phone to Polish: all that has words in it comes again."
    await r.record("other-language", "anna", pull(known, kinds_version=KINDS.version + 1, locale="pl"), story)


async def going(r: Recorder) -> None:
    known = (await r.quietly("dmytro", pull()))["cursor"]
    await r.quietly("dmytro", (f"{EXCHANGE}/members/me", None), "DELETE")
    code = await r.quietly("bartek", (f"{EXCHANGE}/join-codes", {"group": "{group.1}"}))
    joins = {"display_name": "Dmytro", "locale": "en", "code": code["code"]}
    await r.quietly("dmytro", (f"{API}/sign-in/join", joins))
    await r.quietly("bartek", (await _member(r, "dmytro"), {"state": "active"}), "PATCH")
    story = "Dmytro left and came back while his phone was off: what it has of the exchange must be replaced."
    known = (await r.record("joined-again", "dmytro", pull(known), story))["cursor"]
    await r.quietly("bartek", (await _member(r, "dmytro"), {"state": "left"}), "PATCH")
    story = "Bartek has removed him: the phone drops the exchange. His diary stays."
    await r.record("left", "dmytro", pull(known), story)


async def ending(r: Recorder) -> None:
    story = "A cursor of somebody else's: forget it, and pull from nothing."
    await r.record("bad-cursor", "dmytro", pull("{cursor.2}"), story)
    await world.an_hour_passes()
    await r.record("token-ended", "anna", pull("{cursor.2}"), "The access token has ended.")
    asks = {"refresh_token": "{refresh.anna}", "rotation_id": "{rotation.1}"}
    story = "New tokens for the refresh token. The phone had stored the rotation_id before it asked."
    await r.record("refreshed", "anna", (f"{API}/sign-in/refresh", asks), story)


async def restored(r: Recorder) -> None:
    await r.quietly("anna", push(writes(29, "{entry.6}", "Since the backup.")))
    known = (await r.quietly("anna", pull()))["cursor"]
    await world.put_back_without(UUID(r.names.value("entry.6")), UUID(r.names.value("person.anna")))
    story = "The server was put back from a backup that is older than entry.6: every space has a new epoch, and comes again."
    await r.record("restored", "anna", pull(known), story)
    story = "The page is missing in what came, so the phone writes it again: as a new one, under a new mutation_id."
    await r.record("written-again", "anna", push(writes(30, "{entry.6}", "Since the backup.")), story)


async def _member(r: Recorder, name: str) -> str:
    found = await r.quietly("bartek", (f"{EXCHANGE}/members", None), "GET")
    [member] = [one["id"] for one in found["items"] if one["person"] == f"{{person.{name}}}"]
    return f"{EXCHANGE}/members/{member}"


CHAPTERS = (
    pulling,
    writing,
    sharing,
    deleting,
    planning,
    telling,
    repeating,
    announcing,
    attending,
    refused,
    waiting,
    newer,
    going,
    ending,
    restored,
)
