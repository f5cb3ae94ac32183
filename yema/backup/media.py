"""Pictures, papers and sounds of the data folder, in a backup and back again. Those in a bucket are not ours to copy."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from yema.backup.file import MEDIA, Manifest, measured
from yema.backup.watch import Watch
from yema.media.folder import Folder, path_of
from yema.media.store import FOLDER
from yema.settings import Settings

_NAMED = "SELECT DISTINCT sha256, bytes FROM media_variant ORDER BY sha256"
_HAS_MEDIA = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'media_variant'"


def gather(settings: Settings, folder: Path, database: Path, watch: Watch) -> dict[str, int]:
    """Lay what a copied database speaks of into a folder, under its hash; the bytes of each.

    The database was copied first, and bytes are there before their row: what is not there now was let go meanwhile, or is lost.
    """
    named = _named_in(database)
    if settings.media_url:
        if named:
            watch.say(
                f"Pictures, papers and sounds ({len(named)} files) are in {settings.media_url}, and not in the backup."
            )
        return {}
    (folder / MEDIA).mkdir(0o700)
    whole: dict[str, int] = {}
    for number, (sha256, size) in enumerate(named.items(), 1):
        if _laid(path_of(settings.data / FOLDER, sha256), folder / MEDIA / sha256, sha256):
            whole[sha256] = size
        watch.step("Gathering", number, len(named))
    if lost := len(named) - len(whole):
        watch.say(
            f"{lost} pictures, papers or sounds are missing or damaged in {settings.data / FOLDER}: the backup lacks them."
        )
    return whole


def lay_back(settings: Settings, folder: Path, manifest: Manifest, watch: Watch) -> None:
    """Put what was unpacked into a folder into the data folder. What is there under the same hash is the same."""
    if settings.media_url:
        if manifest.media:
            watch.say(
                f"The {len(manifest.media)} files of media in the backup were not brought to {settings.media_url}."
            )
        return
    store = Folder(settings.data / FOLDER)
    for number, sha256 in enumerate(manifest.media, 1):
        store.put_now(sha256, (folder / MEDIA / sha256).read_bytes())
        watch.step("Laying media back", number, len(manifest.media))


def _named_in(database: Path) -> dict[str, int]:
    with closing(sqlite3.connect(database)) as raw:
        if not raw.execute(_HAS_MEDIA).fetchone():  # nobody has served this folder since there are media
            return {}
        return dict(raw.execute(_NAMED).fetchall())


def _laid(source: Path, target: Path, sha256: str) -> bool:
    """A second name, or a copy on another disk; whether it is there and whole."""
    try:
        try:
            target.hardlink_to(source)
        except FileNotFoundError:
            return False
        except OSError:
            shutil.copyfile(source, target)
        return measured(target).sha256 == sha256
    except OSError:
        return False
