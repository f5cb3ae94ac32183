"""What to buy and pack."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from yema.accounts.signed_in import SignedIn
from yema.exchanges.queries.memberships import exchange_led_by
from yema.exchanges.queries.overview.shopping import materials_of, materials_sheet
from yema.exchanges.routes.overview.sheets import sheet_answer
from yema.exchanges.schemas.plan.materials import MaterialsView
from yema.exchanges.sheets import CSV, XLSX, csv_bytes, xlsx_bytes


@get("/exchanges/{exchange_id:uuid}/materials", operation_id="listMaterials")
async def list_materials(exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> MaterialsView:
    """What must be bought and packed for the plan, for the people and groups that there are: in total and for each day. Leaders only.

    Needs of the activities and of the slots; so much for each participant counts participants, for each small group the groups of the
    slot, or one where people were chosen.
    """
    return await materials_of(await exchange_led_by(person, exchange_id), person)


@get(
    "/exchanges/{exchange_id:uuid}/materials.csv",
    operation_id="readMaterialsCsv",
    responses={200: ResponseSpec(str, description="The sheet", media_type=CSV, generate_examples=False)},
)
async def read_materials_csv(
    request: Request[Any, Any, Any], exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> ASGIResponse:
    """The same as CSV for a spreadsheet, in my language: a row for each thing, a column for each day. Leaders only."""
    sheet = await materials_sheet(await exchange_led_by(person, exchange_id), person)
    return sheet_answer(request, csv_bytes(sheet.columns, sheet.rows), CSV, "materials.csv", sheet.language)


@get(
    "/exchanges/{exchange_id:uuid}/materials.xlsx",
    operation_id="readMaterialsXlsx",
    responses={200: ResponseSpec(bytes, description="The sheet", media_type=XLSX, generate_examples=False)},
)
async def read_materials_xlsx(
    request: Request[Any, Any, Any], exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> ASGIResponse:
    """The same as an Excel workbook, from right to left where my language is. Leaders only."""
    sheet = await materials_sheet(await exchange_led_by(person, exchange_id), person)
    body = await asyncio.to_thread(xlsx_bytes, sheet.title, sheet.columns, sheet.rows, language=sheet.language)
    return sheet_answer(request, body, XLSX, "materials.xlsx", sheet.language)


handlers = [list_materials, read_materials_csv, read_materials_xlsx]
