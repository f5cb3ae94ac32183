"""Sounds, made anew as MP3, mono: the one format that every phone and every browser plays, those without licensed codecs too."""

import io
from collections.abc import Iterator
from typing import Any

import av

from yema.media.formats import Format
from yema.media.workshop.answer import Made, MadeVariant, Refusal

SECONDS_MAX = 300
RATE = 44_100
"""Samples a second."""
SAMPLES_MIN = RATE // 10
"""Shorter than a tenth of a second is a slip of the finger, or of the file."""
BITS_PER_SECOND = 64_000
CONTENT_TYPE = "audio/mpeg"

_DEMUXERS = {"mp4": "mov", "webm": "matroska"}
"""What FFmpeg calls our formats, where it is something else. Naming one keeps it from trying its three hundred others."""
_CODECS = ("aac", "alac", "amrnb", "amrwb", "flac", "mp3", "mp3float", "opus", "libopus", "vorbis")
_ATTACHED = 0x0400
"""FFmpeg's mark (`AV_DISPOSITION_ATTACHED_PIC`) of a picture on the cover, which is left out."""


def make_sound(content: bytes, given: Format) -> Made:
    """Its first stream of sound."""
    target = io.BytesIO()
    demuxer = _DEMUXERS.get(given.name, given.name)
    with (
        av.open(io.BytesIO(content), "r", format=demuxer, metadata_errors="replace") as source,
        # No header of LAME's with a name in it; no tags.
        av.open(target, "w", format="mp3", options={"write_xing": "0", "id3v2_version": "0"}) as made,
    ):
        stream = _only_sound(source)
        if source.duration and source.duration / av.time_base > SECONDS_MAX + 1:
            raise _too_long()
        encoder: Any = made.add_stream("libmp3lame", rate=RATE, layout="mono", bit_rate=BITS_PER_SECOND)
        samples = 0
        for frame in _resampled(source, stream):
            samples += frame.samples
            if samples > SECONDS_MAX * RATE:
                raise _too_long()
            made.mux(encoder.encode(frame))
        if samples < SAMPLES_MIN:
            raise Refusal("not_a_sound")
        made.mux(encoder.encode(None))
    master = MadeVariant(name="master", content_type=CONTENT_TYPE, content=target.getvalue())
    return Made(kind="sound", variants=[master], seconds=round(samples / RATE, 1))


def _too_long() -> Refusal:
    return Refusal("sound_too_long", SECONDS_MAX // 60)


def _only_sound(source: Any) -> Any:
    """The stream. Raises `Refusal` for a film, for no sound, and for codecs that no phone records with."""
    films = [film for film in source.streams.video if not int(film.disposition) & _ATTACHED]
    if films or not source.streams.audio:
        raise Refusal("not_a_sound")
    stream = source.streams.audio[0]
    name = stream.codec_context.name
    if name not in _CODECS and not name.startswith("pcm_"):
        raise Refusal("media_unreadable")
    return stream


def _resampled(source: Any, stream: Any) -> Iterator[Any]:
    resampler = av.AudioResampler(format="s16p", layout="mono", rate=RATE)
    for frame in source.decode(stream):
        frame.pts = None  # the samples follow one another, whatever the clock of the recorder said
        yield from resampler.resample(frame)
    yield from resampler.resample(None)
