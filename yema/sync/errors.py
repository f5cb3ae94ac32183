"""What can go wrong at the phone's door."""

from yema.errors import N_, Conflict, Invalid


class BadCursor(Invalid):
    """The cursor was not made by this server for this person. The phone forgets it and pulls from nothing."""

    code = "bad_cursor"
    title = N_("This cursor is not one of ours.")


class UnknownKind(Invalid):
    """This server does not take mutations of that kind."""

    code = "unknown_kind"
    title = N_("This server cannot take this kind of change.")


class MutationChanged(Conflict):
    """The same `mutation_id` came with something else in it."""

    code = "mutation_changed"
    title = N_("This mutation_id was already used for something else.")
