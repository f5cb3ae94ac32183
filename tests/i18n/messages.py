"""`make messages`: extract the server's words from the source and merge them into the catalogues, whose headers stay as they are."""

from pathlib import Path

import polib
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

import yema
from yema.i18n import CATALOGUES

LOCALES = Path(yema.__file__).parent.parent / "locales"
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "gettext": (2,), "ngettext": (2, 3)}

Words = str | tuple[str, ...]


def wanted_words() -> set[Words]:
    """Every message in the source, read afresh; one with plural forms as a pair."""
    found = extract_from_dir(
        Path(yema.__file__).parent, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=()
    )
    return {words for _, _, words, _, _ in found}


def template() -> polib.POFile:
    """The messages without translations, in the order of the alphabet."""
    catalogue = polib.POFile(wrapwidth=0)
    for words in sorted(wanted_words(), key=lambda words: words if isinstance(words, str) else words[0]):
        one, many = (words, "") if isinstance(words, str) else words
        flags = ["python-format"] if "%(" in f"{one}{many}" else []
        plurals = {0: "", 1: ""} if many else {}
        catalogue.append(polib.POEntry(msgid=one, msgid_plural=many, msgstr_plural=plurals, flags=flags))
    return catalogue


def merge(tag: str) -> None:
    """Bring one catalogue up to date: new messages come empty, those that are gone go."""
    path = LOCALES / tag / "LC_MESSAGES" / "yema.po"
    catalogue = polib.pofile(str(path), wrapwidth=0)
    known = {entry.msgid: entry for entry in catalogue}
    merged = [known.get(entry.msgid, entry) for entry in template()]
    catalogue.clear()
    catalogue.extend(merged)
    catalogue.save()


if __name__ == "__main__":
    for tag in CATALOGUES:
        merge(tag)
