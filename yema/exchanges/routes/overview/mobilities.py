"""The rows that a coordinator brings to the programme's reporting tool. Names of minors are in them: nothing of it is kept by a cache."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from yema.accounts.signed_in import SignedIn
from yema.exchanges.programme.mobilities import COLUMNS
from yema.exchanges.queries import memberships
from yema.exchanges.queries.overview import programme
from yema.exchanges.routes.overview.sheets import sheet_answer
from yema.exchanges.sheets import CSV, XLSX, csv_bytes, xlsx_bytes

_TITLE = "Mobilities"


def _file(request: Request[Any, Any, Any], body: bytes, media_type: str, ending: str) -> ASGIResponse:
    return sheet_answer(request, body, media_type, f"mobilities.{ending}", "en", cache_control="private, no-store")


@get(
    "/exchanges/{exchange_id:uuid}/mobilities.csv",
    operation_id="exportMobilitiesCsv",
    media_type=CSV,
    responses={200: ResponseSpec(str, description="The mobilities", media_type="text/csv", generate_examples=False)},
)
async def export_csv(
    request: Request[Any, Any, Any], exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> ASGIResponse:
    """A row for each participant, leader and facilitator, for the programme's reporting. Coordinators only.

    Columns are in English whatever the reader's language; days are ISO 8601, countries ISO 3166-1; empty is what nobody has said.
    """
    membership = await memberships.exchange_coordinated_by(person, exchange_id)
    return _file(request, csv_bytes(COLUMNS, await programme.mobilities_of(membership)), CSV, "csv")


@get(
    "/exchanges/{exchange_id:uuid}/mobilities.xlsx",
    operation_id="exportMobilitiesXlsx",
    media_type=XLSX,
    responses={200: ResponseSpec(bytes, description="The mobilities", media_type=XLSX, generate_examples=False)},
)
async def export_xlsx(
    request: Request[Any, Any, Any], exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> ASGIResponse:
    """The same as a workbook. Days are ISO 8601 here too, as the reporting tool reads them. Coordinators only."""
    membership = await memberships.exchange_coordinated_by(person, exchange_id)
    rows = [
        [cell.isoformat() if isinstance(cell, date) else cell for cell in row]
        for row in await programme.mobilities_of(membership)
    ]
    return _file(request, await asyncio.to_thread(xlsx_bytes, _TITLE, COLUMNS, rows), XLSX, "xlsx")


handlers = [export_csv, export_xlsx]
