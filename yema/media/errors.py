"""What can go wrong with media. A refusal leaves nothing behind."""

from yema.errors import N_, Invalid, NotFound, Unavailable, YemaError


class MediaUnknown(YemaError):
    """The bytes are of no kind that we take."""

    status = 415
    code = "media_unknown"
    title = N_("This is not a picture (JPEG, PNG, WebP, HEIC), a PDF or a sound (MP3, M4A, OGG, WAV, WebM).")


class MediaMismatch(YemaError):
    """The bytes are something else than the content type says."""

    status = 415
    code = "media_mismatch"
    title = N_("The file is not what its content type says: it looks like %(found)s.")


class HeicMissing(YemaError):
    """The extra `heic` is not installed on this server."""

    status = 415
    code = "heic_missing"
    title = N_("This server does not take HEIC pictures. Please send the picture as JPEG.")


class MediaUnreadable(Invalid):
    """The file is broken, cut off or hostile: it could not be read to its end."""

    code = "media_unreadable"
    title = N_("This file cannot be read. It may be damaged: please save it again, or choose another one.")


class PaperLocked(Invalid):
    """The PDF asks for a password."""

    code = "paper_locked"
    title = N_("This PDF asks for a password. Please save it without one.")


class NotASound(Invalid):
    """There is a film in it, or no sound at all."""

    code = "not_a_sound"
    title = N_("This file has a film in it, or no sound. Please send a sound only.")


class MediaTooLarge(YemaError):
    """More bytes than we take."""

    status = 413
    code = "too_large"
    title = N_("This is too large.")


class TooManyPixels(Invalid):
    """More than `max` million pixels."""

    code = "too_many_pixels"
    title = N_("This picture is too large: %(max)d million pixels at most.")


class TooManyPages(Invalid):
    """More than `max` pages."""

    code = "too_many_pages"
    title = N_("This PDF is too long: %(max)d pages at most.")


class TooLong(Invalid):
    """More than `max` minutes."""

    code = "sound_too_long"
    title = N_("This sound is too long: %(max)d minutes at most.")


class RangeUnsatisfiable(YemaError):
    """The range begins behind the end."""

    status = 416
    code = "range_not_satisfiable"
    title = N_("The file is shorter than that.")


class StoreUnreachable(Unavailable):
    """The disk or the bucket does not answer."""

    code = "media_unavailable"
    title = N_("Pictures and sounds cannot be reached right now. Please try again.")


class BytesMissing(NotFound):
    """There is nothing under this hash in the store."""


REFUSALS: dict[str, type[YemaError]] = {
    error.code: error
    for error in (HeicMissing, MediaUnreadable, PaperLocked, NotASound, TooManyPixels, TooManyPages, TooLong)
}
"""What the workshop may say, by its code."""
