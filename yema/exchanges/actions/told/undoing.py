"""Undoing a release: everybody is told again what was told before it. The plan of the leaders stays as it is."""

from yema.changes import Once, transaction
from yema.database import execute
from yema.errors import NotFound
from yema.exchanges.actions.told.release import HOLD_PLAN, tell
from yema.exchanges.errors import NotTheNewestRelease, ReleaseCannotBeUndone
from yema.exchanges.plan import compare_back
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.told.releases import newest_to_undo, release_numbered, released_slots
from yema.exchanges.telling import Released


async def undo_release(by: Membership, number: int, once: Once | None = None) -> Released:
    """Take back what a release told, by a release of its own with the next number.

    Only the newest can be undone, of those that are not undone and did not undo another: after that, the one before it. Raises `NotFound`,
    `NotTheNewestRelease`, `ReleaseCannotBeUndone`.
    """
    async with transaction(once) as tx:
        await execute(HOLD_PLAN, by.exchange)
        release = await release_numbered(by, number)
        if release is None:
            raise NotFound
        if number != await newest_to_undo(by):
            raise NotTheNewestRelease
        told = compare_back(release.before, await released_slots(by.exchange))
        if not told:
            raise ReleaseCannotBeUndone
        return await tell(tx, by, told, undoes=number)
