"""What can go wrong with a diary."""

from yema.errors import N_, Conflict, Invalid, NotFound


class DiaryGone(NotFound):
    """The author's key was destroyed: what they wrote cannot be read any more, by anybody, and so it is not there."""


class TextTooLong(Invalid):
    """A text may have 64 KiB."""

    status = 413
    code = "text_too_long"
    title = N_("This text is too long to be kept in one entry.")


class NoGroup(Conflict):
    """Somebody without a group has no leader and no group to share with."""

    code = "no_group"
    title = N_("You are in no group yet, so you can share with the coordinators only.")


class NotShared(Conflict):
    """There is nothing to take back."""

    code = "not_shared"
    title = N_("This entry is not shared.")
