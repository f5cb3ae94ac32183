"""Whose word FCM takes for ours: the account's file and the token that is asked for with it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.notifications.fcm_server import Answer, FakeFcm, fake_fcm
from tests.notifications.fcm_things import account, outgoing
from yema.notifications.channels import Broken, Later, Outcome, Sent
from yema.notifications.channels.fcm.sender import Sender

REFUSED = Answer(400, body=b'{"error":"invalid_grant","error_description":"Invalid JWT Signature."}')


@pytest.fixture
def fcm() -> Iterator[FakeFcm]:
    with fake_fcm() as served:
        yield served


async def sent_by(path: Path, fcm: FakeFcm, count: int = 1) -> list[Outcome]:
    sender = Sender(str(path), fcm.url)
    outcomes = await sender.send([outgoing(f"t{number}") for number in range(count)])
    await sender.close()
    return outcomes


async def test_on_loopback_a_made_up_account_asks_nobody_for_a_token(fcm: FakeFcm, tmp_path: Path) -> None:
    made_up = account(tmp_path, private_key="made up", client_email=None)

    assert await sent_by(made_up, fcm) == [Sent()]
    assert (fcm.token_requests, fcm.received[0].authorization) == (0, "Bearer made-up")


async def test_one_token_is_asked_for_and_used_by_all(fcm: FakeFcm, tmp_path: Path) -> None:
    assert await sent_by(account(tmp_path, token_uri=f"{fcm.url}/token"), fcm, 20) == [Sent()] * 20
    assert (fcm.token_requests, {one.authorization for one in fcm.received}) == (1, {"Bearer token-1"})


async def test_a_token_is_renewed_five_minutes_ahead(
    fcm: FakeFcm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = Sender(str(account(tmp_path, token_uri=f"{fcm.url}/token")), fcm.url)
    asked = []
    for minutes in (0, 10, 54, 56):
        moved = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=minutes)
        if minutes == 0:
            await sender.send([outgoing("t")])
            assert sender._client is not None
            source = sender._client.tokens._source
        source.expiry = moved + timedelta(minutes=60)
        await sender.send([outgoing("t")])
        asked.append(fcm.token_requests)
    await sender.close()

    assert asked == [1, 1, 1, 2]


async def test_a_token_that_was_taken_back_is_replaced_at_once(fcm: FakeFcm, tmp_path: Path) -> None:
    fcm.refused_authorizations = {"Bearer token-1"}

    assert await sent_by(account(tmp_path, token_uri=f"{fcm.url}/token"), fcm, 5) == [Sent()] * 5
    assert (fcm.token_requests, len(fcm.received)) == (2, 10)


async def test_where_no_token_is_accepted_it_is_our_fault(fcm: FakeFcm, tmp_path: Path) -> None:
    fcm.refused_authorizations = {f"Bearer token-{number}" for number in range(9)}

    assert await sent_by(account(tmp_path, token_uri=f"{fcm.url}/token"), fcm, 5) == [Broken("unauthenticated")] * 5
    assert fcm.token_requests == 2


async def test_a_key_that_is_refused_breaks_the_channel(fcm: FakeFcm, tmp_path: Path) -> None:
    fcm.tokens = REFUSED

    assert await sent_by(account(tmp_path, token_uri=f"{fcm.url}/token"), fcm) == [Broken("token_refused")]
    assert fcm.received == []


async def test_a_network_that_is_down_breaks_nothing(fcm: FakeFcm, tmp_path: Path) -> None:
    with fake_fcm() as other:
        nowhere = other.url

    assert await sent_by(account(tmp_path, token_uri=f"{nowhere}/token"), fcm) == [Later("token_unreachable")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"type": "authorized_user"}, "credentials_kind"),
        ({"project_id": None}, "credentials_project"),
        ({"private_key": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}, "credentials_key"),
        ({"client_email": None}, "credentials_kind"),
        ({"client_email": 7}, "credentials_kind"),
    ],
)
async def test_an_account_that_is_none_breaks_the_channel(
    fcm: FakeFcm, tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    path = account(tmp_path, **{"token_uri": f"{fcm.url}/token", **changes})

    assert await sent_by(path, fcm, 2) == [Broken(code)] * 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "credentials_json"),
        (b"[]", "credentials_json"),
        (b"\xff\xfe", "credentials_json"),
        (b"", "credentials_json"),
    ],
)
async def test_a_file_that_is_no_json_breaks_the_channel(
    fcm: FakeFcm, tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)

    assert await sent_by(path, fcm) == [Broken(code)]


async def test_a_missing_file_breaks_the_channel_and_a_folder_is_none(fcm: FakeFcm, tmp_path: Path) -> None:
    said = [await sent_by(path, fcm) for path in (tmp_path / "none.json", tmp_path)]

    assert said == [[Broken("credentials_missing")], [Broken("credentials_unreadable")]]


async def test_no_outcome_says_anything_of_the_key(fcm: FakeFcm, tmp_path: Path) -> None:
    secret = "-----BEGIN PRIVATE KEY-----\nVERYSECRET\n-----END PRIVATE KEY-----\n"
    path = account(tmp_path, private_key=secret, token_uri=f"{fcm.url}/token")

    assert "SECRET" not in json.dumps(await sent_by(path, fcm))
