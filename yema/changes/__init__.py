"""What every write leaves behind, so that phones and leaders hear of it.

Nouns: a *space* (the unit of visibility and of sync: everything in it has the same readers), its *version* (a number that grows with
each change), a *change* (the latest that happened to one thing in one space), an *outbox* row (something to be told, later).

`transaction()` is the only way to write.
"""

from yema.changes.kinds import Applied, Kinds, Mutation, Pulled, Pushed, synced
from yema.changes.once import MadeBefore, Once
from yema.changes.spaces import PUBLIC, SpaceKey, SpaceKind, version_of, versions_of
from yema.changes.sweeping import sweep
from yema.changes.transaction import Transaction, transaction, when_told

__all__ = [
    "PUBLIC",
    "Applied",
    "Kinds",
    "MadeBefore",
    "Mutation",
    "Once",
    "Pulled",
    "Pushed",
    "SpaceKey",
    "SpaceKind",
    "Transaction",
    "sweep",
    "synced",
    "transaction",
    "version_of",
    "versions_of",
    "when_told",
]
