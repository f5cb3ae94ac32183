"""What slots are called where people read it, and which kind is meant by a word in somebody else's file."""

from functools import cache
from typing import get_args

from yema.errors import N_
from yema.exchanges.schemas.common import SlotKind
from yema.i18n import CATALOGUES, gettext

KIND_NAMES: dict[str, str] = {
    "activity": N_("Activity"),
    "meal": N_("Meal"),
    "free": N_("Free time"),
    "reflection": N_("Reflection"),
    "meeting": N_("Meeting"),
    "travel": N_("Journey"),
    "other": N_("Other"),
}


def kind_name(wanted: tuple[str, ...], kind: str) -> str:
    """The name of a kind of slot in the reader's language."""
    return gettext(wanted, KIND_NAMES[kind])


def kind_meant(word: str) -> SlotKind | None:
    """The kind whose code or name, in any of our languages, this is."""
    return _kinds().get(word.strip().casefold())


@cache
def _kinds() -> dict[str, SlotKind]:
    kinds: tuple[SlotKind, ...] = get_args(SlotKind)
    named = {kind_name((tag,), kind).casefold(): kind for tag in CATALOGUES for kind in kinds}
    return {**named, **{kind: kind for kind in kinds}}
