"""What goes over the wire to each platform, as firebase-admin sends it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.notifications.fcm_server import fake_fcm
from tests.notifications.fcm_things import PROJECT, account, outgoing
from yema.notifications.channels import Outgoing, Sent
from yema.notifications.channels.fcm.sender import Sender

TAG = "t" * 32
Wire = Callable[[Outgoing], Awaitable[dict[str, Any]]]


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    """Sends a message and says what came."""
    with fake_fcm() as fcm:
        sender = Sender(str(account(tmp_path)), fcm.url)

        async def send(message: Outgoing) -> dict[str, Any]:
            assert await sender.send([message]) == [Sent()]
            assert fcm.received[-1].path == f"/v1/projects/{PROJECT}/messages:send"
            return fcm.received[-1].message

        yield send
        await sender.close()


async def test_android_hears_how_urgent_it_is_and_what_it_replaces(wire: Wire) -> None:
    message = await wire(outgoing("t", data={"notification": "n", "kind": "k"}))

    ttl = message["android"].pop("ttl")
    assert message == {
        "token": "t",
        "data": {"notification": "n", "kind": "k"},
        "notification": {"title": "The plan has changed", "body": "Three changes on Tuesday"},
        "android": {
            "collapse_key": TAG,
            "priority": "normal",
            "notification": {"tag": TAG, "channel_id": "general", "visibility": "PRIVATE"},
        },
    }
    assert 3590 <= int(ttl.removesuffix("s")) <= 3600


async def test_what_is_urgent_wakes_android(wire: Wire) -> None:
    android = (await wire(outgoing("t", urgent=True)))["android"]

    assert (android["priority"], android["notification"]["channel_id"]) == ("high", "urgent")


@pytest.mark.parametrize(("urgent", "level"), [(False, "active"), (True, "time-sensitive")])
async def test_iphones_hear_it_in_their_own_words(wire: Wire, urgent: bool, level: str) -> None:
    sent = outgoing("t", platform="ios", urgent=urgent, data={"exchange": "e", "kind": "k"})

    apns = (await wire(sent))["apns"]

    assert apns == {
        "headers": {
            "apns-collapse-id": TAG,
            "apns-expiration": str(int(sent.expires_at.timestamp())),
            "apns-priority": "10",
            "apns-push-type": "alert",
        },
        "payload": {
            "aps": {"sound": "default", "thread-id": "e", "mutable-content": 1, "interruption-level": level},
        },
    }


@pytest.mark.parametrize(
    ("locale", "direction", "urgent", "urgency"),
    [("pl", "ltr", False, "normal"), ("ar", "rtl", True, "high"), ("ar-EG", "rtl", False, "normal")],
)
async def test_browsers_hear_language_and_direction(
    wire: Wire, locale: str, direction: str, urgent: bool, urgency: str
) -> None:
    webpush = (await wire(outgoing("t", platform="web", locale=locale, urgent=urgent)))["webpush"]

    ttl = webpush["headers"].pop("TTL")
    assert webpush == {
        "headers": {"Urgency": urgency, "Topic": TAG},
        "notification": {
            "title": "The plan has changed",
            "body": "Three changes on Tuesday",
            "tag": TAG,
            "lang": locale,
            "dir": direction,
        },
    }
    assert 3590 <= int(ttl) <= 3600


async def test_an_installation_is_named_as_such(wire: Wire) -> None:
    message = await wire(outgoing("installation", kind="fid"))

    assert (message["fid"], "token" in message) == ("installation", False)
