"""What can go wrong, as promises to the app.

    YemaError
    ├── Invalid        400  the request makes no sense
    ├── NotSignedIn    401  who is asking?
    ├── Forbidden      403  may look, may not do this
    ├── NotFound       404  is not there, or not for this person: the same words
    ├── Conflict       409  does not fit what is there
    ├── Stale          412  somebody else was faster
    ├── TooMany        429  later, please
    └── Unavailable    503  not now (507 where the disk is full)

A slice's own errors are subclasses in its `errors.py`. `code` never changes once it has been released; the words may, and are
translated: mark them with `N_` so that `make messages` finds them. Words hold `%(name)s` for the `values` of the error.
"""

from typing import Any, ClassVar


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark a message for translation; it is translated where the reader is known."""
    return message


class FieldError:
    """What is wrong with one field: a JSON pointer, a stable code, words and their values."""

    __slots__ = ("code", "pointer", "values", "words")

    def __init__(self, pointer: str, code: str, words: str, **values: Any) -> None:
        self.pointer, self.code, self.words, self.values = pointer, code, words, values


class YemaError(Exception):
    """The root: `status` for HTTP, `code` for the app, `title` for the reader."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    temporary: ClassVar[bool] = False
    """Whether the same may work later, with nobody changing anything."""
    title: ClassVar[str] = N_("Something went wrong on our side.")
    detail: ClassVar[str] = ""

    def __init__(self, *fields: FieldError, current: Any = None, retry_after: int | None = None, **values: Any) -> None:
        super().__init__(self.code)
        self.fields = fields
        self.current = current
        self.retry_after = retry_after
        self.values = values


class Invalid(YemaError):
    """The request cannot be understood or breaks a rule of the field."""

    status = 400
    code = "invalid"
    title = N_("The request is not valid.")


class NotSignedIn(YemaError):
    """There is no token, or it has ended or was revoked."""

    status = 401
    code = "not_signed_in"
    title = N_("Please sign in.")


class Forbidden(YemaError):
    """The person may see this and may not do that."""

    status = 403
    code = "forbidden"
    title = N_("You may not do this.")


class NotFound(YemaError):
    """Nothing is here, or nothing that this person may see."""

    status = 404
    code = "not_found"
    title = N_("There is nothing here.")


class Conflict(YemaError):
    """The request does not fit the present state."""

    status = 409
    code = "conflict"
    title = N_("This does not fit what is already there.")


class IdTaken(Conflict):
    """The id that the phone made is in use. The words are the same whoever uses it."""

    code = "id_taken"
    title = N_("This id is already in use. Make a new one.")


class Stale(YemaError):
    """The `If-Match` version is not the current one; `current` carries the current view."""

    status = 412
    code = "stale"
    title = N_("Somebody changed this in the meantime.")


class PreconditionRequired(YemaError):
    """What others also change needs `If-Match`."""

    status = 428
    code = "precondition_required"
    title = N_("Send the version that you changed in If-Match.")


class TooMany(YemaError):
    """Too many failed tries, or requests; `retry_after` seconds say when to come back."""

    status = 429
    code = "too_many_requests"
    temporary = True
    title = N_("Too many tries. Please wait a moment.")


class Unavailable(YemaError):
    """The server is busy; nothing was changed, and trying again is safe."""

    status = 503
    code = "busy"
    temporary = True
    title = N_("The server is busy. Please try again.")


class DiskFull(YemaError):
    """Nothing was changed, because there is no room left to write it."""

    status = 507
    code = "disk_full"
    temporary = True
    title = N_("The server has no room left. Nothing was saved.")
