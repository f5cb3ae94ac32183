"""What to buy and pack for an exchange, as a list and as a sheet."""

import asyncio
from typing import NamedTuple

from babel.dates import format_skeleton

from yema.accounts.signed_in import SignedIn
from yema.errors import N_
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.overview.whole import whole_exchange
from yema.exchanges.schemas.plan.materials import MaterialsView
from yema.exchanges.sheets import Cell
from yema.exchanges.shopping import key_of, materials_for
from yema.i18n import catalogue_for, choose, gettext

TITLE = N_("What to buy and pack")


class Sheet(NamedTuple):
    """A title, heads of columns and rows, in the reader's language, which is `language`."""

    title: str
    columns: list[str]
    rows: list[list[Cell]]
    language: str


async def materials_of(membership: Membership, reader: SignedIn) -> MaterialsView:
    """What the plan needs, with the activities in the reader's language. For leaders."""
    return await asyncio.to_thread(materials_for, await whole_exchange(membership, reader))


async def materials_sheet(membership: Membership, reader: SignedIn) -> Sheet:
    """The same as a sheet: a row for each thing, with a column for each day on which something is needed."""
    exchange = await whole_exchange(membership, reader)
    materials = await asyncio.to_thread(materials_for, exchange)
    titles = {slot.id: _title(slot, reader) for slot in exchange.slots}
    language = catalogue_for(reader.wanted)
    heads = [
        gettext(reader.wanted, head) for head in (N_("Item"), N_("Unit"), N_("In all"), N_("Needed at the same time"))
    ]
    days = [format_skeleton("yMMMEd", day.date, locale=language) for day in materials.days]
    by_day = [{key_of(item): item.sum for item in day.items} for day in materials.days]
    rows: list[list[Cell]] = [
        [
            *(item.name, item.unit or None, _whole(item.sum), _whole(item.needed_at_once)),
            *(_whole(day.get(key_of(item))) for day in by_day),
            ", ".join(dict.fromkeys(filter(None, (titles[slot] for slot in item.slots)))),
        ]
        for item in materials.items
    ]
    return Sheet(
        gettext(reader.wanted, TITLE), [*heads, *days, gettext(reader.wanted, N_("Needed for"))], rows, language
    )


def _title(slot: SlotBody, reader: SignedIn) -> str:
    return slot.titles.get(choose(reader.wanted, frozenset(slot.titles), next(iter(slot.titles), "")), "")


def _whole(amount: float | None) -> float | None:
    return int(amount) if amount is not None and amount.is_integer() else amount
