"""Stores of both kinds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.media.buckets import bucket_server, in_bucket
from yema.media.bucket import open_bucket
from yema.media.folder import Folder
from yema.media.store import Store


@pytest.fixture(scope="session")
def bucket_url() -> Iterator[str]:
    """The address of the one server that speaks S3."""
    with bucket_server() as url:
        yield url


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty one: in a folder, and in a bucket."""
    if request.param == "folder":
        return Folder(tmp_path / "media")
    return open_bucket(in_bucket(tmp_path, request.getfixturevalue("bucket_url"), tmp_path.name))
