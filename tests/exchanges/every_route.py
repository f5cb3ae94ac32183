"""Every route that takes an id of an exchange, or of something in it; for whom it is; and how it is asked."""

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from tests import make
from tests.activities.workshop import blocks
from tests.client import TestApp
from tests.exchanges.test_packs import host_of
from tests.exchanges.test_planned_media import PICTURE, desk_of, hand_in
from tests.exchanges.test_travel import leg
from tests.exchanges.world import World
from yema.activities.actions.publish import publish_pack
from yema.activities.queries.frozen import frozen_pack
from yema.app import create_app
from yema.exchanges.tables.exchange import Member
from yema.ids import uuid7
from yema.settings import Settings

TOLD = {"minutes": 40, "group_size": 12}
RAIN = {"title": "Rain", "text": "We meet in the hall."}
IDS = ("exchange_id", "slot_id", "entry_id", "reflection_id", "leg_id", "announcement_id", "help_request_id")
LEADERS = {
    "listExchangePacks",
    "takeVersion",
    "listJoinCodes",
    "makeJoinCode",
    "endJoinCode",
    "listReleases",
    "releasePlan",
    "importCalendar",
    "scheduleSlot",
    "changeSlot",
    "cancelSlot",
    "splitSlot",
    "listSlotChanges",
    "listPlanChanges",
    "previewRelease",
    "undoRelease",
    "changeMember",
    "relinkMember",
    "answerReflection",
    "tellRun",
    "planTravelLeg",
    "changeTravelLeg",
    "dropTravelLeg",
    "announce",
    "wordAnnouncement",
    "withdrawAnnouncement",
    "listRecipients",
    "readAcknowledgement",
    "remindOfAnnouncement",
    "readAttendance",
    "markAttendance",
    "clearAttendance",
    "invitePeople",
    "readParticulars",
    "writeParticulars",
    "writeMemberEmergencySheet",
    "listEmergencySheets",
    "printEmergencySheets",
    "readEligibility",
    "mixGroups",
    "listWarnings",
    "listMaterials",
    "readMaterialsCsv",
    "readMaterialsXlsx",
    "changeGroup",
    "makeVenue",
    "changeVenue",
    "removeVenue",
}
COORDINATORS = {
    "changeExchange",
    "copyExchange",
    "makeGroup",
    "removeGroup",
    "openDiary",
    "exportMobilitiesCsv",
    "exportMobilitiesXlsx",
}
MEMBERS = {
    "readExchange",
    "listGroups",
    "listVenues",
    "readItinerary",
    "readSchedule",
    "printProgramme",
    "readSlot",
    "readPlannedActivity",
    "readPlannedPackFile",
    "findPlannedMedium",
    "listMembers",
    "leaveExchange",
    "listPrompts",
    "listReflections",
    "readReflection",
    "listFeedback",
    "writeEntry",
    "listTravel",
    "readTravelLeg",
    "listAnnouncements",
    "readAnnouncement",
    "seeAnnouncement",
    "readOwnParticulars",
    "writeOwnParticulars",
    "writeEmergencySheet",
    "listEmergencySheetOpenings",
    "askForHelp",
    "listHelpRequests",
}
AUTHORS = {"readEntry", "listRevisions", "deleteEntry", "shareEntry", "takeEntryBack"}
AUTHORS |= {"readEmergencySheet", "deleteEmergencySheet"}
"""What only the one who wrote it sees."""
TELLERS = {"readOwnRun", "takeRunBack"}
"""What only the one who told it sees."""
HELPERS = {"takeHelpRequest", "giveHelpRequestBack", "closeHelpRequest"}
"""For whoever has asked, and those who may come; for other members nobody asked."""
EVERY_ROUTE = LEADERS | COORDINATORS | MEMBERS | AUTHORS | TELLERS | HELPERS


def routes() -> dict[str, tuple[str, str]]:
    """(method, path) of every operation that takes such an id."""
    paths = create_app(Settings(data=Path("unused"))).openapi_schema.to_schema()["paths"]
    return {
        operation["operationId"]: (method.upper(), path.removeprefix("/api/v1"))
        for path, operations in paths.items()
        if any(f"{{{name}}}" in path for name in IDS)
        for method, operation in operations.items()
    }


ROUTES = routes()


async def ask(client: httpx.AsyncClient, operation: str, ids: dict[str, Any]) -> httpx.Response:
    bodies: dict[str, dict[str, Any]] = {
        "makeJoinCode": {},
        "scheduleSlot": make.draft(),
        "changeSlot": {"title": "Other"},
        "splitSlot": {"parts": [{"people": [str(uuid7())]}] * 2},
        "changeMember": {"state": "active"},
        "writeEntry": make.entry(ids["exchange_id"]),
        "shareEntry": {"shared_with": "leader"},
        "takeVersion": {"version": 1},
        "answerReflection": {"text": "Well done"},
        "tellRun": TOLD,
        "writeParticulars": {},
        "writeOwnParticulars": {},
        "writeEmergencySheet": {"diet": "Fish"},
        "writeMemberEmergencySheet": {"diet": "Fish"},
        "mixGroups": {"size": 2},
        "planTravelLeg": leg(ids["group_id"]),
        "changeExchange": {"title": "Other"},
        "copyExchange": {"title": "Next year", "starts_on": "2028-07-14"},
        "makeGroup": {"name": "PL", "country": "PL"},
        "changeGroup": {"city": "Katowice"},
        "makeVenue": {"name": "Lawn"},
        "changeVenue": {"name": "Other"},
        "changeTravelLeg": {"carrier": "IC 1"},
        "askForHelp": {},
        "announce": RAIN,
        "wordAnnouncement": RAIN,
        "markAttendance": {"marks": [{"person": str(ids["person_id"]), "state": "present"}]},
    }
    method, path = ROUTES[operation]
    if operation == "findPlannedMedium":
        ids = {**ids, "sha256": ids["rendition"]}
    return await client.request(
        method, path.format(**ids), json=bodies.get(operation), headers={"If-Match": "*", "If-None-Match": "*"}
    )


async def ask_all(
    client: httpx.AsyncClient, operations: set[str], ids: dict[str, Any]
) -> dict[str, tuple[int, dict[str, Any]]]:
    """Status and body of every answer; what is different in each answer by nature is left out."""
    answers = {}
    for operation in sorted(operations):
        answer = await ask(client, operation, ids)
        answers[operation] = (answer.status_code, {k: v for k, v in answer.json().items() if k != "request_id"})
    return answers


async def things(app: TestApp, w: World) -> dict[str, Any]:
    """An id for each parameter, of something that is really there and released or shared."""
    author, leader = await app.as_(w.participant), await app.as_(w.leader)
    trainer = await desk_of(app, await host_of(w.exchange), public=False)
    rendition, pack = await hand_in(trainer), UUID(trainer.pack)
    activity = (await trainer.activity(blocks=blocks(PICTURE)))["id"]
    await publish_pack(pack)
    body = make.draft(activity=activity)
    slot = (await leader.post(f"/exchanges/{w.exchange}/slots", json=body)).json()["id"]
    assert (await leader.put(f"/slots/{slot}/run", json=TOLD)).status_code == 201
    file = (await frozen_pack(pack, 1)).files["en"]
    await leader.post(f"/exchanges/{w.exchange}/releases")
    code = (await leader.post(f"/exchanges/{w.exchange}/join-codes", json={})).json()["id"]
    entry = uuid7()
    await author.put(f"/journal/entries/{entry}", json=make.entry(w.exchange))
    shared = await author.put(f"/journal/entries/{entry}/sharing", json={"shared_with": "group"})
    assert shared.status_code == 200
    way = (await leader.post(f"/exchanges/{w.exchange}/travel", json=leg(w.group))).json()["id"]
    told = (await leader.post(f"/exchanges/{w.exchange}/announcements", json=RAIN)).json()["id"]
    call = (await author.post(f"/exchanges/{w.exchange}/help-requests", json={"text": "By the lake"})).json()["id"]
    sheet = await author.put(f"/exchanges/{w.exchange}/emergency-sheet", json={"diet": "Vegan"})
    assert sheet.status_code == 201
    [member] = await Member.select(Member.id).where(Member.person == w.participant)
    return {
        "exchange_id": w.exchange,
        "slot_id": UUID(slot),
        "entry_id": entry,
        "reflection_id": entry,
        "member_id": member["id"],
        "code_id": UUID(code),
        "pack_id": pack,
        "locale": "en",
        "sha256": file.sha256,
        "rendition": rendition,
        "activity_id": UUID(activity),
        "number": 1,
        "group_id": w.group,
        "venue_id": await make.venue(w.exchange),
        "person_id": w.participant,
        "leg_id": UUID(way),
        "announcement_id": UUID(told),
        "help_request_id": UUID(call),
    }


def nowhere() -> dict[str, Any]:
    others = ("member_id", "code_id", "pack_id", "activity_id", "group_id", "person_id", "venue_id")
    ids: dict[str, Any] = {name: uuid7() for name in (*IDS, *others)}
    return {**ids, "number": 1, "locale": "en", "sha256": "0" * 64, "rendition": "0" * 64}
