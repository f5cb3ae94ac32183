"""What can go wrong in the library and where its packs are written."""

from yema.errors import N_, Conflict, Invalid, YemaError


class SlugTaken(Conflict):
    """Another activity of the pack has this slug."""

    code = "slug_taken"
    title = N_("Another activity of this pack already has this slug.")


class PackFull(Conflict):
    """A pack holds `max` activities."""

    code = "pack_full"
    title = N_("This pack is full: it holds %(max)d activities at most.")


class LicenceKept(Conflict):
    """An adaptation keeps the licence of the pack that it was made from."""

    code = "licence_kept"
    title = N_("This pack was adapted from another one and keeps its licence.")


class AuthorsKept(Conflict):
    """The authors of the packs that this one was adapted from stay, before its own."""

    code = "authors_kept"
    title = N_("This pack was adapted from another one: its authors stay first. You can add your own after them.")


class MediaInUse(Conflict):
    """Blocks of the pack name this picture, paper or sound; `errors` points at them."""

    code = "media_in_use"
    title = N_("This file is still shown by an activity.")


class AlternativeTextMissing(Conflict):
    """Pictures or sounds say nothing in a language that is to be published; `errors` names the blocks."""

    code = "alternative_text_missing"
    title = N_("Some pictures or sounds have no text for those who cannot see or hear them.")


class PoMalformed(Invalid):
    """A PO file is broken, or not of this language; `errors` points at every line that is wrong, and nothing was changed."""

    code = "po_malformed"
    title = N_("This file cannot be taken, and nothing was changed. Each line that is wrong is named below.")


class NotPo(YemaError):
    """The body is said to be something else than a PO file."""

    status = 415
    code = "unsupported_media_type"
    title = N_("Send this as text/x-gettext-translation.")


class SourceLanguage(Conflict):
    """A pack is not translated into the language that it is written in."""

    code = "source_language"
    title = N_("The pack is written in this language, so there is nothing to translate.")


class PackIsEmpty(Conflict):
    """A pack without activities is not published."""

    code = "pack_is_empty"
    title = N_("This pack has no activities yet.")


class NothingInThisLanguage(Conflict):
    """The pack has no text in a language in which it is to be published."""

    code = "nothing_in_this_language"
    title = N_("This pack has no texts in one of these languages.")


class ImportUnderWay(Conflict):
    """A pack file is being carried into the workshop, which holds parts of it by now."""

    code = "import_under_way"
    title = N_("A pack file is being imported into this pack at this moment. Please publish when that has ended.")


class LicenceForbids(Conflict):
    """The licence allows no adaptations, or nobody but the organisation whose pack it is."""

    code = "licence_forbids"
    title = N_("The licence of this pack does not allow adaptations.")


class NotKept(Conflict):
    """A version from before the sources of versions were kept: it can be read, and neither compared nor adapted."""

    code = "source_not_kept"
    title = N_("This version is too old for that. Its authors have to publish the pack again first.")
