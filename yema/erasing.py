"""Erasing a person: `DELETE /me`, and again after a restore.

Their data key is destroyed first, and with it what they wrote, in every copy. Then their rows go, and what they told of runs. What they did
for others stays, without a name: slots that they answered for, releases, codes that they made, the answers that they gave. See ADR 10.
"""

from uuid import UUID

from litestar import Router, delete
from litestar.di import NamedDependency

from yema.accounts.actions.tokens import forget_sign_ins
from yema.accounts.errors import DiaryClosed
from yema.accounts.signed_in import SignedIn
from yema.accounts.tables import Staff
from yema.activities.actions.reporting import erase_runs
from yema.changes import SpaceKey, transaction
from yema.database import Statement, execute, fetch
from yema.exchanges.actions.care.attendance import erase_marks
from yema.exchanges.actions.care.emergency import erase_sheets
from yema.exchanges.actions.care.help import erase_help
from yema.exchanges.actions.people.inviting import erase_invitations
from yema.exchanges.actions.people.members import leave_all
from yema.exchanges.actions.people.particulars import erase_particulars
from yema.exchanges.actions.told.feeds import forget_calendar
from yema.journals.actions.sharing import touch_answers
from yema.journals.actions.writing import erase_pages
from yema.mail import forget_mails
from yema.notifications.actions.erasing import erase_told
from yema.vault import keyring

NO_NAME = "—"
"""What stands where the name stood. No word, since it would have a language."""

PAGES = 50
"""So many pages of a diary go in one transaction; others wait for no more than some 20 ms."""

_LEFT_OVER = Statement(
    "SELECT 1 FROM person p WHERE p.id = {} AND (p.display_name <> {} OR p.suspended_at IS NULL"
    " OR EXISTS (SELECT 1 FROM journal_entry e WHERE e.person = p.id)"
    ' OR EXISTS (SELECT 1 FROM run_report r WHERE r."by" = p.id))'
)
_ADDRESS = Statement("SELECT email FROM person WHERE id = {}")
_BLANK = Statement(
    "UPDATE person SET display_name = {}, locale = 'en', email = NULL, born = NULL, suspended_at = {} WHERE id = {}"
)


async def erase(person: UUID) -> None:
    """Erase a person for good. From the first step on there is no way back; asking again ends what was broken off."""
    await keyring().destroy_key(person)
    await erase_rows(person)


async def erase_again(people: set[UUID]) -> int:
    """Take away what is here of people who were erased: after a restore, or where erasing was broken off. How many there were."""
    left_over = [person for person in sorted(people) if await fetch(_LEFT_OVER, person, NO_NAME)]
    for person in left_over:
        await erase_rows(person)
    return len(left_over)


async def erase_rows(person: UUID) -> None:
    """Take every way in, every membership, and the name that others' rows refer to; then the pages, of which nobody sees any by then."""
    rows = await fetch(_ADDRESS, person)
    if rows and rows[0][0]:
        await forget_mails(rows[0][0])
    async with transaction() as tx:
        await execute(_BLANK, NO_NAME, tx.at, person)
        await leave_all(tx, person)
        await touch_answers(tx, person)
        await erase_runs(tx, person)
        await erase_marks(tx, person)
        await erase_sheets(tx, person)
        await erase_help(person)
        await erase_particulars(person)
        await erase_invitations(person)
        await forget_calendar(person)
        await erase_told(person)
        await Staff.delete().where(Staff.person == person)
        await forget_sign_ins(person)
        tx.gone(SpaceKey("person", person), "me", person)
    erased = PAGES
    while erased == PAGES:
        async with transaction() as tx:
            erased = await erase_pages(tx, person, PAGES)


@delete("/me", operation_id="eraseMe")
async def erase_me(person: NamedDependency[SignedIn]) -> None:
    """Erase me: my diary, my memberships, my name and address. This cannot be undone.

    The answers that I gave to others stay with them, without my name. An operator's token and a re-linked phone may not: `diary_closed`.
    """
    person.must_open_diaries()
    if person.diary_since:
        raise DiaryClosed  # whoever re-linked this phone must not destroy what it was not to open
    await erase(person.id)


router = Router("/", route_handlers=[erase_me], tags=["accounts"])
