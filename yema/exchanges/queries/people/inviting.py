"""What a list of people to invite is compared with: the groups of the exchange, and who is in them already."""

from collections import defaultdict
from uuid import UUID

import msgspec

from yema.exchanges.queries.memberships import Membership
from yema.exchanges.tables.exchange import Exchange, Group, Member
from yema.i18n import country_name

Names = set[tuple[UUID | None, str]]
"""(group, name as it is compared)."""


def folded(text: str) -> str:
    """A name as names are compared: without regard to case and blanks."""
    return " ".join(text.split()).casefold()


async def groups_by_word(membership: Membership, language: str) -> tuple[dict[str, UUID], dict[str, list[UUID]]]:
    """The groups by their name, and by their country: its code, its English name and the one in the reader's language."""
    named: dict[str, UUID] = {}
    from_country: dict[str, list[UUID]] = defaultdict(list)
    for row in await Group.select(Group.id, Group.name, Group.country).where(Group.exchange == membership.exchange):
        named[folded(row["name"])] = row["id"]
        words = {row["country"], country_name(row["country"], "en"), country_name(row["country"], language)}
        for word in {folded(word) for word in words}:
            from_country[word].append(row["id"])
    return named, from_country


async def names_in(membership: Membership) -> Names:
    """Who is in the exchange or waits to be."""
    rows = await Member.select(Member.group, Member.person.display_name.as_alias("name")).where(
        Member.exchange == membership.exchange, Member.state != "left"
    )
    return {(row["group"], folded(row["name"])) for row in rows}


async def title_and_languages(membership: Membership) -> tuple[str, list[str]]:
    """How the exchange is called, and what is spoken there."""
    [row] = await Exchange.select(Exchange.title, Exchange.languages).where(Exchange.id == membership.exchange)
    return row["title"], msgspec.json.decode(row["languages"], type=list[str])
