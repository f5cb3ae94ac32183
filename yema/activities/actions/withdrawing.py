"""Withdraw a version: it leaves the shelf, and stays for those who planned with it."""

from contextlib import suppress
from uuid import UUID

from yema.activities.actions.publish import HOLD_PACK, put_on_shelf, tell_listeners
from yema.activities.actions.search_index import sweep_words_of
from yema.changes import transaction
from yema.database import Statement, execute
from yema.errors import NotFound, YemaError

_WITHDRAW = Statement(
    "UPDATE pack_version SET state = 'withdrawn', reason = {} WHERE pack = {} AND number = {} AND state = 'published'"
    " RETURNING id"
)
_WITHDRAWN = Statement("SELECT 1 FROM pack_version WHERE pack = {} AND number = {} AND state = 'withdrawn'")


async def withdraw_version(pack: UUID, number: int, reason: str = "") -> None:
    """Nobody begins to plan with it from now on, and to strangers it is not there. A second time changes nothing. Raises `NotFound`.

    The highest version that is left comes on the shelf; where none is, the pack goes from the library.
    """
    async with transaction() as tx:
        # Whoever plans with it at this moment was faster, or waits and does not find it.
        await execute(HOLD_PACK, pack)
        if not await execute(_WITHDRAW, reason, pack, number):
            if not await execute(_WITHDRAWN, pack, number):
                raise NotFound
            return
        await put_on_shelf(tx, pack)
    with suppress(YemaError):  # the version has gone; words that cannot be written now are tomorrow
        await sweep_words_of(pack)
    await tell_listeners(pack)
