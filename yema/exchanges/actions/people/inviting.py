"""Inviting people by name: a link for each of them, which lets in one person.

Such a code cannot be typed: it has a secret of 128 bits only, which needs no slow hash. Whoever comes in by it becomes the member whose id
is that of the code, so what the list says of them stands under that id from the beginning, and goes with the code if they never come.
"""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec

from yema.changes import transaction
from yema.database import Statement, as_id, execute, fetch
from yema.exchanges.actions.people.joining import SECRET_BYTES, forget_invitation, secret_hash
from yema.exchanges.invitations import Invitee, ListLine, Refused
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.people.inviting import Names, folded, groups_by_word, names_in
from yema.exchanges.tables.exchange import JoinCode, Particulars
from yema.ids import now, uuid7

FORGOTTEN_AFTER = timedelta(days=30)
"""So long after an invitation has expired its name is kept, for whoever looks who did not come."""

_UNTYPED = "abcdefghijklmnopqrstuvwxyz!$%&()*,;<>?@[]^{|}~"
"""Locators of these are found by nobody who types: what is typed is read as capitals and digits."""
_LOCATOR_LENGTH = 4

_OLD = Statement("SELECT id FROM join_code WHERE invited IS NOT NULL AND uses = 0 AND expires_at < {} LIMIT {}")
_UNNAME = Statement("UPDATE join_code SET invited = NULL WHERE id = {} AND uses = 0")
_UNNAME_PERSON = Statement("UPDATE join_code SET invited = NULL WHERE id IN (SELECT id FROM member WHERE person = {})")
_NOBODYS = (
    " NOT EXISTS (SELECT 1 FROM member m WHERE m.id = particulars.id)"
    " AND NOT EXISTS (SELECT 1 FROM join_code c WHERE c.id = particulars.id)"
)
_FIND_NOBODYS = Statement(f"SELECT id FROM particulars WHERE{_NOBODYS}")
_FORGET_NOBODYS = Statement(f"DELETE FROM particulars WHERE id = {{}} AND{_NOBODYS}")
_AT_ONCE = 20
"""So many in one transaction; others wait for some 20 ms at most."""


class Invitation(NamedTuple):
    """A code that is made, or would be; the secret is known only now."""

    id: UUID
    secret: str
    group: UUID | None
    invitee: Invitee


class Outcome(NamedTuple):
    """A line, and the invitation or why there is none."""

    line: ListLine
    result: Invitation | Refused


async def invite(
    by: Membership, lines: Sequence[ListLine], language: str, *, dry_run: bool, hours: int
) -> list[Outcome]:
    """Make a code for each good line of a list; one for each, in their order. With `dry_run`, only say what would be made.

    A name that was invited before to the same group gets a new link, and the older one ends. `language` is the reader's, in which
    countries may be named.
    """
    judge = _Judge(by, *await groups_by_word(by, language), await names_in(by))
    outcomes = [Outcome(line, judge.judged(line)) for line in lines]
    made = [outcome.result for outcome in outcomes if isinstance(outcome.result, Invitation)]
    if made and not dry_run:
        await _make(by, made, hours)
    return outcomes


class _Judge:
    """Says of one line after the other whether it may be taken."""

    def __init__(
        self, by: Membership, named: dict[str, UUID], from_country: dict[str, list[UUID]], members: Names
    ) -> None:
        self._by = by
        self._named = named
        self._from_country = from_country
        self._members = members
        self._seen: Names = set()

    def judged(self, line: ListLine) -> Invitation | Refused:
        if isinstance(line.meant, Refused):
            return line.meant
        try:
            group = self._group(line.meant.group)
            self._check(line.meant, group)
        except Refused as refused:
            return refused
        return Invitation(uuid7(), secrets.token_urlsafe(SECRET_BYTES), group, line.meant)

    def _group(self, word: str) -> UUID | None:
        if not word:
            return self._by.group if self._by.role == "leader" else None
        if group := self._named.get(folded(word)):
            return group
        found = self._from_country.get(folded(word), [])
        if len(found) > 1 and self._by.group in found and self._by.role == "leader":
            return self._by.group
        if len(found) != 1:
            raise Refused("several_groups" if found else "unknown_group")
        return found[0]

    def _check(self, invitee: Invitee, group: UUID | None) -> None:
        if not self._by.acts_for(group):
            raise Refused("own_group_only")
        if self._by.role != "coordinator" and invitee.role != "participant":
            raise Refused("coordinators_only")
        known = (group, folded(invitee.name))
        if known in self._members:
            raise Refused("already_member")
        if known in self._seen:
            raise Refused("twice")
        self._seen.add(known)


async def _make(by: Membership, made: Sequence[Invitation], hours: int) -> None:
    """Some at a time, since others wait meanwhile. Where it is broken off, sending the list again ends what was made."""
    older = await _older(by)
    locators = await _free_locators(len(made))
    for at in range(0, len(made), _AT_ONCE):
        some = made[at : at + _AT_ONCE]
        ended = [code for one in some for code in older.get((one.group, folded(one.invitee.name)), [])]
        particulars = [row for one in some if (row := _particulars(one))]
        rows = [_code(by, one, locator, hours) for one, locator in zip(some, locators[at : at + _AT_ONCE], strict=True)]
        async with transaction():
            await _end(ended)
            await JoinCode.insert(*rows)
            if particulars:
                await Particulars.insert(*particulars)


def _code(by: Membership, one: Invitation, locator: str, hours: int) -> JoinCode:
    at = now()
    return JoinCode(
        id=one.id,
        exchange=by.exchange,
        group=one.group,
        role=one.invitee.role,
        locator=locator,
        code_hash="",
        secret_hash=secret_hash(one.secret),
        uses_max=1,
        made_by=by.person,
        made_at=at,
        expires_at=at + timedelta(hours=hours),
        invited=one.invitee.name,
    )


async def _older(by: Membership) -> dict[tuple[UUID | None, str], list[UUID]]:
    """What was sent before and not used, by group and name: a list that is sent again must not leave two links for one person."""
    rows = await JoinCode.select(JoinCode.id, JoinCode.group, JoinCode.invited).where(
        JoinCode.exchange == by.exchange, JoinCode.invited.is_not_null(), JoinCode.uses == 0
    )
    found: dict[tuple[UUID | None, str], list[UUID]] = defaultdict(list)
    for row in rows:
        found[row["group"], folded(row["invited"])].append(row["id"])
    return found


async def _end(codes: list[UUID]) -> None:
    if codes:
        await JoinCode.delete().where(JoinCode.id.is_in(codes), JoinCode.uses == 0)
    for code in codes:
        await forget_invitation(code)


async def erase_invitations(person: UUID) -> None:
    """Take the name of a person who is erased off the invitation by which they came, inside a transaction of the caller's."""
    await execute(_UNNAME_PERSON, person)


async def sweep_invitations() -> int:
    """Forget who was invited, and what was known of them, where they have not come within a month; how many. For the daily sweeping.

    What belongs to neither a member nor an invitation goes too: nobody could read or take it away.
    """
    await _sweep_nobodys()
    swept = 0
    while True:
        async with transaction() as tx:
            rows = await execute(_OLD, tx.at - FORGOTTEN_AFTER, _AT_ONCE)
            for [code] in rows:
                await execute(_UNNAME, code)
                await forget_invitation(as_id(code))
        swept += len(rows)
        if len(rows) < _AT_ONCE:
            return swept


async def _sweep_nobodys() -> None:
    found = [row[0] for row in await fetch(_FIND_NOBODYS)]
    for at in range(0, len(found), _AT_ONCE):
        async with transaction():
            for one in found[at : at + _AT_ONCE]:
                await execute(_FORGET_NOBODYS, as_id(one))


def _particulars(one: Invitation) -> Particulars | None:
    """What the list says of somebody, beside the code until they come."""
    said = one.invitee
    if said.gender is None and said.fewer_opportunities is None and not said.languages:
        return None
    return Particulars(
        id=one.id,
        gender=said.gender,
        languages=msgspec.json.encode(said.languages).decode(),
        fewer_opportunities=said.fewer_opportunities,
    )


async def _free_locators(count: int) -> list[str]:
    found: set[str] = set()
    while len(found) < count:
        new = {"".join(secrets.choice(_UNTYPED) for _ in range(_LOCATOR_LENGTH)) for _ in range(count - len(found))}
        taken = await JoinCode.select(JoinCode.locator).where(JoinCode.locator.is_in(list(new)))
        found |= new - {row["locator"] for row in taken}
    return list(found)
