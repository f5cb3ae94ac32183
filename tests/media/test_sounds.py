"""Sounds: one format comes out, which everything plays, and who recorded it is not said."""

import io
import struct
from typing import Any

import av
import pytest

from tests.media import files
from tests.media.made import everything, made_of
from yema.errors import YemaError
from yema.media.errors import MediaUnreadable, NotASound, TooLong

GIVEN = {"wav": files.wav(), **{name: files.sound(name) for name in files.SOUNDS}}


@pytest.mark.parametrize("name", GIVEN)
async def test_what_phones_and_browsers_record_becomes_mp3(name: str) -> None:
    made = await made_of(GIVEN[name])

    with av.open(io.BytesIO(everything(made)), "r") as heard:
        stream: Any = heard.streams[0]
        assert len(heard.streams) == 1
        assert stream.type == "audio"
        told = (heard.format.name, stream.codec_context.layout.name, stream.codec_context.sample_rate)
        loudest = max(max(_levels(frame)) for frame in heard.decode(stream))
    assert (told, [variant.content_type for variant in made.variants]) == (("mp3", "mono", 44_100), ["audio/mpeg"])
    assert made.seconds is not None
    assert abs(made.seconds - 1) < 0.15
    assert loudest > 0.1


def _levels(frame: Any) -> tuple[float, ...]:
    return struct.unpack_from(f"{frame.samples}f", bytes(frame.planes[0]))


@pytest.mark.parametrize("name", GIVEN)
async def test_who_recorded_it_is_not_said(name: str) -> None:
    tagged = name != "aac"  # which has no place for it

    made = await made_of(GIVEN[name])

    canary = files.CANARY.encode()
    assert (canary in GIVEN[name], canary in everything(made), b"ID3" in everything(made)) == (tagged, False, False)


HOSTILE: list[tuple[bytes, type[YemaError]]] = [
    (files.wav(301), TooLong),
    (files.sound("mp4", film=True), NotASound),
    (files.sound("mp4")[:-2000], MediaUnreadable),
    (files.sound("ogg")[:60], MediaUnreadable),
    (b"ID3" + bytes(3000), MediaUnreadable),
    (b"RIFF\xff\xff\xff\x7fWAVEfmt " + bytes(1000), MediaUnreadable),
    (files.wav(0), NotASound),
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
async def test_what_is_no_short_sound_is_refused(number: int) -> None:
    content, error = HOSTILE[number]

    with pytest.raises(error):
        await made_of(content)


async def test_the_same_sound_comes_out_the_same() -> None:
    first, second = await made_of(GIVEN["mp4"]), await made_of(GIVEN["mp4"])

    assert everything(first) == everything(second)
