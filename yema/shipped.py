"""The files that come with the code: catalogues and fixtures, beside it in a checkout and inside it when installed."""

from pathlib import Path

_INSTALLED = Path(__file__).parent / "_shipped"
_CHECKOUT = Path(__file__).parent.parent


def shipped(folder: str) -> Path:
    """The folder `locales` or `fixtures`."""
    return (_INSTALLED if _INSTALLED.exists() else _CHECKOUT) / folder
