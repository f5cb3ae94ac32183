"""What the workshop says: what it made, or why not."""

import msgspec

from yema.media.formats import Kind
from yema.media.schemas import VariantName


class MadeVariant(msgspec.Struct, kw_only=True):
    """The bytes of one variant."""

    name: VariantName
    content_type: str
    content: bytes
    width: int | None = None
    height: int | None = None


class Made(msgspec.Struct, tag=True, kw_only=True):
    """A medium; its largest variant is the last."""

    kind: Kind
    variants: list[MadeVariant]
    seconds: float | None = None
    pages: int | None = None
    placeholder: str | None = None


class Refused(msgspec.Struct, tag=True):
    """A code of `REFUSALS`, and the bound that was passed."""

    code: str
    max: int = 0


class Refusal(Exception):
    """Raised inside the workshop."""

    def __init__(self, code: str, bound: int = 0) -> None:
        super().__init__(code)
        self.refused = Refused(code, bound)


encode = msgspec.msgpack.Encoder().encode
_decoder: msgspec.msgpack.Decoder[Made | Refused] = msgspec.msgpack.Decoder(Made | Refused)
decode = _decoder.decode
