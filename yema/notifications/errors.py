"""What can go wrong with what people are told."""

from yema.errors import N_, Conflict


class AlwaysTold(Conflict):
    """A kind that matters too much to be off, such as a bus that does not come."""

    code = "always_told"
    title = N_("This always comes at once: somebody might be left standing without it.")
