"""What other rooms learn of a medium."""

from typing import Literal
from uuid import UUID

from msgspec import Struct

from yema.media.formats import Kind

VariantName = Literal["small", "medium", "large", "master"]


class KeptVariant(Struct, frozen=True, kw_only=True):
    """One size of a picture (`small`, `medium`, `large`), or the whole of a paper or sound (`master`). Sizes of one small picture may be
    the same bytes. Pixels only for pictures."""

    name: VariantName
    content_type: str
    bytes: int
    sha256: str
    width: int | None = None
    height: int | None = None


class Kept(Struct, frozen=True, kw_only=True):
    """A medium. `sha256`, `bytes` and pixels are those of its largest variant; `placeholder` is a BlurHash of a picture."""

    id: UUID
    kind: Kind
    content_type: str
    sha256: str
    bytes: int
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    pages: int | None = None
    placeholder: str | None = None
    variants: tuple[KeptVariant, ...] = ()
