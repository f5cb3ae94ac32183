"""What was written is read as it was, is always the same bytes, and whatever is damaged on the way is noticed."""

import hashlib
import io
import random
import zipfile
from contextlib import suppress
from pathlib import Path

import polib
import pytest
import yaml
from hypothesis import given, settings

from tests.activities import packs, zips
from tests.activities.packfile.generated import any_source
from yema.activities.pack.source import PackSource
from yema.activities.packfile import PackFault, read_pack
from yema.activities.packfile.writing import files_of, zipped

FLIPS = 300


@given(any_source())
@settings(max_examples=150, deadline=None)
def test_what_was_written_is_read_as_it_was(source: PackSource) -> None:
    assert zips.read(zipped(files_of(source))).source == source


@given(any_source())
@settings(max_examples=50, deadline=None)
def test_other_readers_of_yaml_find_the_same_texts(source: PackSource) -> None:
    files = files_of(source)

    found = [yaml.safe_load(files[f"activities/{activity.slug}.yaml"]) for activity in source.activities]

    assert [[block["text"] for block in one["blocks"]] for one in found] == [
        [block.text for block in activity.blocks] for activity in source.activities
    ]


def test_another_reader_of_po_finds_the_same_texts() -> None:
    source = read_pack(packs.STARTER)

    found = polib.pofile(files_of(source)["po/uk.po"].decode())

    texts = {str(block): (text.source, text.text) for block, text in source.translations["uk"].items()}
    assert {entry.msgctxt: (entry.msgid, entry.msgstr) for entry in found} == texts


@pytest.mark.parametrize("name", ["first-days", "going-deeper"])
def test_the_packs_of_the_house_come_back(name: str) -> None:
    source = read_pack(packs.STARTER.with_name(name))

    content = zipped(files_of(source))

    assert zips.read(content).source == source
    assert zipped(files_of(zips.read(content).source)) == content


def test_the_same_pack_is_the_same_bytes_on_every_machine(tmp_path: Path) -> None:
    activity = packs.activity("a", id="0199a3c0-2293-788c-9b5d-f220e760cd88")
    place = packs.folder(tmp_path, activity, id="0199a3c0-13b7-7ecc-b4a1-d3571cb000fc")
    packs.po(place, "pl", a__title=("a", "Ą"))

    content = zipped(files_of(read_pack(place)))

    assert hashlib.sha256(content).hexdigest() == SAME


SAME = "bca4487309765f80e6ff088459e643c207f017795a188d710572c03ca86a90f9"


def test_another_program_can_unpack_it() -> None:
    source = read_pack(packs.STARTER)

    with zipfile.ZipFile(io.BytesIO(zipped(files_of(source)))) as archive:
        infos = archive.infolist()
        broken = archive.testzip()

    assert broken is None
    assert [info.filename for info in infos] == sorted(info.filename for info in infos)
    assert {(info.date_time, info.external_attr >> 16, info.compress_type) for info in infos} == {
        ((1980, 1, 1, 0, 0, 0), 0o100644, zipfile.ZIP_STORED)
    }


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_damage_is_noticed_or_does_none(tmp_path: Path, kind: int) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    packs.po(place, "pl", a__title=("a", "Ą"))
    good = zips.zipped(zips.files_in(place), kind)
    source, chance = zips.read(good).source, random.Random(7)
    told = 0

    for _ in range(FLIPS):
        spoilt = bytearray(good)
        for _ in range(chance.choice([1, 1, 2, 8])):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        try:
            assert zips.read(bytes(spoilt)).source == source
        except PackFault:
            told += 1

    assert told > FLIPS / 2


def test_a_cut_file_is_never_read(tmp_path: Path) -> None:
    good = zips.zipped(zips.files_in(packs.folder(tmp_path, packs.activity("a"))))

    for length in range(0, len(good), 7):
        with pytest.raises(PackFault):
            zips.read(good[:length])


def test_damaged_texts_are_refused_in_a_sentence(tmp_path: Path) -> None:
    """What the checksums cannot see, since who damages a text packs it anew."""
    place = packs.folder(tmp_path, packs.activity("a"))
    packs.po(place, "pl", a__title=("a", "Ą"))
    files, chance = zips.files_in(place), random.Random(8)

    for _ in range(FLIPS):
        name = chance.choice(sorted(files))
        spoilt = bytearray(files[name])
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        with suppress(PackFault):  # and nothing else
            zips.read(zips.zipped({**files, name: bytes(spoilt)}))
