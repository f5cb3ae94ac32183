"""What is reported to the programme: a row for each mobility, as CSV and as XLSX, for coordinators."""

import csv
import io
from typing import Any
from uuid import UUID

import httpx
import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from tests.client import TestApp
from tests.exchanges.reckoned import PEOPLE, but, good
from tests.exchanges.valued import HALL, PARTIES, PLACES, POLAND, SPAIN, someone, uid
from tests.exchanges.world import World, world
from yema.exchanges.programme.mobilities import COLUMNS, mobilities
from yema.exchanges.tables.exchange import Member
from yema.exchanges.whole import Someone, WholeExchange


def whole(people: list[Someone] = PEOPLE, **fields: Any) -> WholeExchange:
    """The Polish group hosts; the Spanish one comes from Madrid."""
    poland = replace(PARTIES[0], city="Kraków", hosts=True, latitude=50.06, longitude=19.94, oid="E10000001")
    spain = replace(PARTIES[1], city="Madrid", latitude=40.4168, longitude=-3.7038, oid="E10000002", organisation="Ola")
    places = {one.id: replace(one, main=one.id == HALL) for one in PLACES}
    return good(people=people, parties={POLAND: poland, SPAIN: spain}, places=places, **fields)


def rows(of: WholeExchange) -> list[dict[str, Any]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in mobilities(of)]


def row(of: WholeExchange, number: int) -> dict[str, Any]:
    [found] = [one for one in rows(of) if one["Mobility activity ID"] == str(uid(number + 500))]
    return found


def test_a_mobility_says_who_when_from_where_and_for_how_long() -> None:
    people = but(201, travel_days=2, fewer_opportunities=True)

    found = row(whole(people, oid="E10000009", project_number="2024-1-PL01-KA152-YOU-000123456"), 201)

    assert {name: str(cell) for name, cell in found.items()} == {
        "Grant Agreement No.": "2024-1-PL01-KA152-YOU-000123456",
        "Mobility activity ID": str(uid(701)),
        "Participant": "P201",
        "Role": "Participant",
        "Start date": "2027-07-14",
        "End date": "2027-07-21",
        "Sending Organisation OID": "E10000002",
        "Sending Organisation": "Ola",
        "Sending country": "ES",
        "Sending city": "Madrid",
        "Receiving Organisation OID": "E10000001",
        "Receiving country": "PL",
        "Receiving city": "Kraków",
        "Duration (in days)": "8",
        "Funded travel days": "2",
        "Funded duration including travel days (in days)": "10",
        "Distance (in km)": "2126",
        "Distance band": "2000-2999",
        "Green travel": "None",
        "Fewer opportunities": "Yes",
    }


@pytest.mark.parametrize(("said", "cell"), [(True, "Yes"), (False, "No"), (None, None)])
def test_what_nobody_said_is_empty_and_not_no(said: bool | None, cell: str | None) -> None:
    assert row(whole(but(101, fewer_opportunities=said)), 101)["Fewer opportunities"] == cell


def test_facilitators_are_sent_by_the_organisation_and_coordinators_have_no_mobility() -> None:
    people = [someone(300, "facilitator", None), someone(301, "coordinator", None)]

    found = rows(whole(people, oid="E10000009"))

    assert [(one["Role"], one["Sending Organisation OID"], one["Sending country"]) for one in found] == [
        ("Facilitator", "E10000009", "PL")
    ]


def test_rows_go_by_group_role_and_name() -> None:
    found = [(one["Sending country"], one["Role"]) for one in rows(whole())]

    assert found == [
        ("PL", "Participant"),
        *[("PL", "Participant")] * 7,
        ("PL", "Group leader"),
        *[("ES", "Participant")] * 8,
        ("ES", "Group leader"),
    ]


async def export(app: TestApp, w: World, ending: str, who: UUID | None = None) -> httpx.Response:
    client = await app.as_(who or w.coordinator)
    return await client.get(f"/exchanges/{w.exchange}/mobilities.{ending}", headers={"accept-language": "ar"})


async def members(w: World) -> set[str]:
    active = Member.select(Member.id, Member.role).where(Member.exchange == w.exchange, Member.state == "active")
    return {str(row["id"]) for row in await active if row["role"] != "coordinator"}


async def test_coordinators_get_a_line_for_each_active_member(app: TestApp) -> None:
    w = await world()

    answer = await export(app, w, "csv")

    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ({one["Mobility activity ID"] for one in lines}, [*lines[0]]) == (await members(w), [*COLUMNS])


async def test_the_workbook_says_the_same(app: TestApp) -> None:
    w = await world()

    plain, book = await export(app, w, "csv"), await export(app, w, "xlsx")

    sheet = load_workbook(io.BytesIO(book.content)).active
    assert sheet is not None
    cells = [["" if cell is None else str(cell) for cell in line] for line in sheet.iter_rows(values_only=True)]
    assert cells == list(csv.reader(io.StringIO(plain.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
async def test_names_of_minors_are_kept_by_no_cache(app: TestApp, ending: str) -> None:
    answer = await export(app, await world(), ending)

    assert (answer.headers["cache-control"], answer.headers["content-disposition"]) == (
        "private, no-store",
        f'attachment; filename="mobilities.{ending}"',
    )


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
async def test_leaders_get_no_names_of_other_groups(app: TestApp, ending: str) -> None:
    w = await world()

    answers = [await export(app, w, ending, who) for who in (w.leader, w.facilitator, w.participant)]

    assert [(one.status_code, one.json()["code"]) for one in answers] == [(403, "coordinators_only")] * 3
