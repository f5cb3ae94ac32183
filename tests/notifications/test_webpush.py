"""What reaches a browser, and what its push service sees of it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.notifications.browsers import SUBJECT, channel_of, pushing
from tests.notifications.outgoing import NOTIFICATION, TAG, outgoing
from tests.notifications.push_service import Browser, Pushed, push_service
from yema.notifications.channels import Outcome, Refused, Sent
from yema.notifications.channels.webpush import WebPushChannel, public_key
from yema.notifications.channels.webpush.vapid import RENEWED_AFTER, Vapid
from yema.settings import Settings


async def pushed(settings: Settings, **fields: Any) -> tuple[Browser, Pushed, Outcome]:
    """One message, as it came to the service."""
    async with push_service() as service, channel_of(settings) as channel:
        browser = service.browser()
        [outcome] = await channel.send([outgoing(browser.address, **fields)])
        [came] = service.pushed
        return browser, came, outcome


async def shown(settings: Settings, **fields: Any) -> dict[str, Any]:
    """What the browser reads."""
    browser, came, _ = await pushed(settings, **fields)
    read: dict[str, Any] = json.loads(browser.opened(came.body))
    return read


async def test_a_browser_reads_a_declarative_message(tmp_path: Path) -> None:
    browser, came, outcome = await pushed(pushing(tmp_path))

    assert outcome == Sent()
    assert json.loads(browser.opened(came.body)) == {
        "web_push": 8030,
        "notification": {
            "title": "The plan has changed",
            "body": "3 changes on Monday",
            "lang": "en",
            "dir": "ltr",
            "tag": TAG,
            "silent": True,
            "navigate": f"https://house.example/notifications/{NOTIFICATION}",
            "data": {"notification": NOTIFICATION, "kind": "plan_changed"},
        },
    }


async def test_the_service_sees_how_long_how_urgent_and_which_topic(tmp_path: Path) -> None:
    _, came, _ = await pushed(pushing(tmp_path), expires_at=datetime.now(UTC) + timedelta(seconds=90))

    seen = {name: came.headers[name] for name in ("ttl", "urgency", "topic", "content-encoding", "content-type")}
    assert seen | {"ttl": int(seen["ttl"]) in (88, 89)} == {
        "ttl": True,
        "urgency": "normal",
        "topic": TAG,
        "content-encoding": "aes128gcm",
        "content-type": "application/notification+json",
    }


async def test_nothing_of_the_words_is_readable_on_the_way(tmp_path: Path) -> None:
    _, came, _ = await pushed(pushing(tmp_path), title="Secret title", body="Secret body")

    assert b"Secret" not in repr((came.path, came.headers)).encode() + came.body


async def test_what_is_urgent_comes_at_once_and_is_not_silent(tmp_path: Path) -> None:
    browser, came, _ = await pushed(pushing(tmp_path), urgent=True)

    read = json.loads(browser.opened(came.body))
    assert (came.headers["urgency"], "silent" in read["notification"]) == ("high", False)


@pytest.mark.parametrize(("hours", "ttl"), [(-1, "0"), (24 * 365, str(28 * 86_400))])
async def test_how_long_it_is_kept_has_bounds(tmp_path: Path, hours: int, ttl: str) -> None:
    _, came, _ = await pushed(pushing(tmp_path), expires_at=datetime.now(UTC) + timedelta(hours=hours))

    assert came.headers["ttl"] == ttl


async def test_arabic_is_shown_from_right_to_left(tmp_path: Path) -> None:
    read = await shown(pushing(tmp_path), locale="ar", title="تغيّر البرنامج")

    assert [read["notification"][name] for name in ("lang", "dir", "title")] == ["ar", "rtl", "تغيّر البرنامج"]


async def test_a_digest_opens_the_inbox(tmp_path: Path) -> None:
    read = await shown(pushing(tmp_path, public_url="https://house.example/yema/"), data={"kind": "digest"})

    assert read["notification"]["navigate"] == "https://house.example/yema/notifications"


async def test_a_house_that_does_not_know_its_address_leaves_the_showing_to_the_app(tmp_path: Path) -> None:
    browser, came, _ = await pushed(pushing(tmp_path, public_url=""))

    read = json.loads(browser.opened(came.body))
    assert (list(read), "navigate" in read["notification"]) == (["notification"], False)
    assert came.headers["content-type"] == "application/octet-stream"


async def test_what_is_too_big_is_never_sent(tmp_path: Path) -> None:
    async with push_service() as service, channel_of(pushing(tmp_path)) as channel:
        to = service.browser().address

        outcomes = await channel.send([outgoing(to, body="ż" * 2000), outgoing(to)])

        assert (outcomes, len(service.pushed)) == ([Refused("too_big"), Sent()], 1)


async def test_the_note_says_who_we_are_for_this_service_and_half_a_day(tmp_path: Path) -> None:
    settings = pushing(tmp_path)
    browser, came, _ = await pushed(settings)

    hours = (came.claims["exp"] - datetime.now(UTC).timestamp()) / 3600
    assert (came.claims["aud"], came.claims["sub"]) == (browser.endpoint.partition("/push")[0], SUBJECT)
    assert (came.key, round(hours)) == (public_key(settings), 12)


def test_a_note_is_used_for_six_hours_and_no_longer(tmp_path: Path) -> None:
    vapid, now = Vapid(pushing(tmp_path)), datetime(2027, 7, 1, tzinfo=UTC)
    notes = [
        vapid.authorization("https://push.example", now + after)
        for after in (timedelta(0), RENEWED_AFTER - timedelta(seconds=1), RENEWED_AFTER)
    ]

    assert (notes[0] == notes[1], notes[1] == notes[2]) == (True, False)


def test_each_service_gets_a_note_of_its_own(tmp_path: Path) -> None:
    vapid, now = Vapid(pushing(tmp_path)), datetime(2027, 7, 1, tzinfo=UTC)

    assert len({vapid.authorization(f"https://push{n}.example", now) for n in range(3)}) == 3


async def test_two_hundred_messages_share_a_few_connections(tmp_path: Path) -> None:
    async with push_service() as service, channel_of(pushing(tmp_path)) as channel:
        browsers = [service.browser() for _ in range(200)]

        outcomes = await channel.send([outgoing(browser.address, body=browser.endpoint) for browser in browsers])

        read = {came.path: came.body for came in service.pushed}
        bodies = [json.loads(b.opened(read[b.endpoint.removeprefix(service.origin)])) for b in browsers]
        assert [body["notification"]["body"] for body in bodies] == [browser.endpoint for browser in browsers]
        assert (set(outcomes), service.connections <= 16) == ({Sent()}, True)


def test_without_a_subject_nothing_is_pushed(tmp_path: Path) -> None:
    said = [WebPushChannel.configured(pushing(tmp_path, vapid_subject=subject)) for subject in (SUBJECT, "")]

    assert said == [True, False]
