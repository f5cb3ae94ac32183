"""What is wrong with a pack file, and how large one may be."""

from yema.errors import N_, Conflict, YemaError

ARCHIVE_BYTES_MAX = 64 * 1024 * 1024
UNPACKED_BYTES_MAX = 256 * 1024 * 1024
FILES_MAX = 5000
TEXT_BYTES_MAX = 64 * 1024 * 1024
"""Of a PO file. The largest pack with two thousand activities needs fifty."""
YAML_BYTES_MAX = 16 * 1024 * 1024
"""Of an activity: two hundred blocks of ten thousand characters."""
MEDIUM_BYTES_MAX = 25 * 1024 * 1024

SHOWN_MAX = 100


class PackFault(YemaError):
    """A sentence for the pack's author: in which file, where in it, and what. Nothing was changed."""

    status = 422
    code = "pack_fault"
    title = N_("This pack file is not as it should be.")
    detail = "%(file)s: %(why)s"

    def __init__(self, file: str, why: str) -> None:
        super().__init__(file=shown(file), why=why)

    def __str__(self) -> str:
        return self.detail % self.values


class NotAPackFile(YemaError):
    """The body is said to be something else than a ZIP file."""

    status = 415
    code = "unsupported_media_type"
    title = N_("Send this as application/zip.")


class ImportOvertaken(Conflict):
    """Somebody else has imported the same pack meanwhile."""

    code = "import_overtaken"
    title = N_(
        "Somebody else imported this pack at the same moment, and theirs counts. Look at it, then import yours again."
    )


class ActivityElsewhere(Conflict):
    """An activity stands in one pack, for good."""

    code = "activity_elsewhere"
    title = N_("The activity %(slug)s has the id of one in another pack. Give it an id of its own.")


def shown(name: str) -> str:
    """The name as it can be shown to people: not too long, and without characters that nobody sees."""
    cut = name if len(name) <= SHOWN_MAX else f"{name[:SHOWN_MAX]}…"
    return cut if cut.isprintable() and cut else ascii(cut)
