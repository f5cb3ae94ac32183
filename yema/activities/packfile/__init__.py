"""Pack files: a pack as a ZIP file, or as a folder, that a trainer can read, write and keep.

    pack.yaml               the pack's own fields, and its activities in their order
    activities/NAME.yaml    an activity with its blocks; or NAME.md, see `markdown_form`
    media/NAME              what blocks of the kinds picture, sound and handout show
    po/LANGUAGE.po          the translations, as translators get them, see `yema.activities.translating.po`

Nouns: the *contents* (files by name, from a ZIP file or a folder), a *fault* (one sentence: in which file, where, what).
Strangers hand in these files, so nothing that they say is believed twice, and nothing is kept before all of it was read.
"""

from yema.activities.packfile.faults import ARCHIVE_BYTES_MAX, PackFault
from yema.activities.packfile.reading import PackFile, open_pack, read_archive, read_pack
from yema.activities.packfile.writing import archive_of

__all__ = ["ARCHIVE_BYTES_MAX", "PackFault", "PackFile", "archive_of", "open_pack", "read_archive", "read_pack"]
