"""The licences under which packs are shared, by their SPDX names, and what they allow."""

from typing import Literal, NamedTuple, get_args

Licence = Literal[
    "CC0-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-4.0",
    "CC-BY-NC-ND-4.0",
    "LicenseRef-All-Rights-Reserved",
]


class Terms(NamedTuple):
    """What a licence says of adaptations: whether others may make them, and whether these must keep the licence."""

    derivatives: bool
    share_alike: bool


def terms_of(licence: Licence) -> Terms:
    """The terms, as the licence's own name says them: ND forbids derivatives, SA asks for the same licence."""
    parts = licence.split("-")
    return Terms(derivatives="ND" not in parts and not licence.startswith("LicenseRef"), share_alike="SA" in parts)


LICENCES: tuple[Licence, ...] = get_args(Licence)
