"""The key of the house: made once, kept, and told to browsers."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.notifications.browsers import pushing
from tests.notifications.push_service import unb64
from yema.notifications.channels.webpush import VapidKeyBroken, public_key
from yema.notifications.channels.webpush.keys import _make, _read
from yema.settings import Settings


def test_the_key_is_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    public_key(Settings(data=tmp_path / "data", keys=tmp_path / "safe"))

    found = [(path.name, oct(path.stat().st_mode & 0o777)) for path in (tmp_path / "safe").iterdir()]
    assert (found, (tmp_path / "data").exists()) == ([("vapid.pem", "0o600")], False)


def test_browsers_get_the_uncompressed_point(tmp_path: Path) -> None:
    point = unb64(public_key(pushing(tmp_path)))

    assert (len(point), point[0]) == (65, 4)
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def test_the_key_stays_the_same(tmp_path: Path) -> None:
    first = public_key(pushing(tmp_path))
    _read.cache_clear()

    assert public_key(pushing(tmp_path)) == first


def test_where_two_make_one_the_first_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vapid.pem"
    _make(path)
    first = path.read_bytes()
    _make(path)

    assert (path.read_bytes() == first, [one.name for one in path.parent.iterdir()]) == (True, ["vapid.pem"])


def test_two_processes_at_once_have_one_key(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from yema.settings import Settings;"
        "from yema.notifications.channels.webpush.keys import public_key;"
        "sys.stdin.readline(); print(public_key(Settings(data=Path(sys.argv[1]))))"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": dict(os.environ)}
    processes = [subprocess.Popen([sys.executable, "-c", code, tmp_path], **pipes) for _ in range(2)]  # type: ignore[call-overload]
    said = [process.communicate("\n", timeout=60)[0] for process in processes]

    assert (len(set(said)), len(said[0].strip())) == (1, 87)


@pytest.mark.parametrize("kind", ["words", "rsa", "another curve", "empty"])
def test_what_is_no_such_key_is_said_and_not_replaced(tmp_path: Path, kind: str) -> None:
    keys: dict[str, Any] = {
        "rsa": rsa.generate_private_key(65537, 2048),
        "another curve": ec.generate_private_key(ec.SECP384R1()),
    }
    coding = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    content = keys[kind].private_bytes(*coding) if kind in keys else {"words": b"no key", "empty": b""}[kind]
    path = tmp_path / "keys" / "vapid.pem"
    path.parent.mkdir()
    path.write_bytes(content)

    with pytest.raises(VapidKeyBroken, match=str(path)):
        public_key(pushing(tmp_path))

    assert path.read_bytes() == content
