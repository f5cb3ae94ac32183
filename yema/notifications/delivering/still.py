"""The last look before a message goes out: between the taking up and the sending stand the words, and others' messages."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from yema.database import as_id, fetch
from yema.database.listed import as_list, with_list
from yema.notifications.delivering.claiming import Due

_THEIRS = with_list(
    "SELECT d.id, coalesce(v.address_hash, p.email) FROM <list> l JOIN delivery d ON d.id = l.id"
    " JOIN person p ON p.id = d.person LEFT JOIN device v ON v.id = d.device LEFT JOIN sign_in s ON s.id = v.sign_in"
    " WHERE d.lease = {} AND d.state = 'waiting' AND p.suspended_at IS NULL AND (d.device IS NULL"
    " OR (v.person = d.person AND v.channel = d.channel AND v.gone_at IS NULL AND s.ended_at IS NULL))",
    id="uuid",
)


class Passed(NamedTuple):
    """It was not handed over: it is not theirs any more, or was seen. `again`: they have another address, where it is told at once."""

    again: bool = False


async def not_to_be_sent(lease: UUID, dues: Sequence[Due]) -> dict[Due, Passed]:
    """Those of these deliveries, taken up under this lease, that must not go out after all."""
    theirs = {as_id(id_): address for id_, address in await fetch(_THEIRS, as_list([due.id] for due in dues), lease)}
    found: dict[Due, Passed] = {}
    for due in dues:
        if theirs.get(due.id) is None:
            found[due] = Passed()
        elif theirs[due.id] != (due.device.address_hash if due.device else due.email):
            found[due] = Passed(again=True)
    return found
