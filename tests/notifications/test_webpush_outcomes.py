"""What a push service answers, and what is made of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.notifications import push_service as services
from tests.notifications.browsers import channel_of, pushing
from tests.notifications.outgoing import outgoing
from tests.notifications.push_service import Reply, b64, push_service
from yema.notifications.channels import Address, Broken, Gone, Later, Outcome, Refused, Sent
from yema.notifications.channels.webpush import posting
from yema.notifications.channels.webpush.endpoint import Endpoint
from yema.notifications.channels.webpush.standing import LATELY, REMEMBERED, Standing

NOW = datetime(2027, 7, 1, 12, tzinfo=UTC)
FCM, MOZILLA, OWN = "https://fcm.googleapis.com", "https://updates.push.services.mozilla.com", "https://push.example"


async def outcome_of(tmp_path: Path, reply: Reply) -> Outcome:
    async with push_service() as service, channel_of(pushing(tmp_path)) as channel:
        service.answer = lambda _: reply
        [outcome] = await channel.send([outgoing(service.browser().address)])
        return outcome


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(200), Sent()),
        (Reply(201), Sent()),
        (Reply(202), Sent()),
        (Reply(201, body=b"x" * 100_000), Sent()),
        (Reply(201, {"Content-Length": "9"}, b"cut", drop_after=True), Sent()),
        (Reply(410), Gone("gone")),
        (Reply(404), Refused("not_found")),
        (Reply(400), Refused("http_400")),
        (Reply(413), Refused("too_big")),
        (Reply(401), Later("not_authorised")),
        (Reply(403), Later("not_authorised")),
        (Reply(429), Later("http_429")),
        (Reply(429, {"Retry-After": "120"}), Later("http_429", timedelta(seconds=120))),
        (Reply(503, {"Retry-After": "7"}), Later("http_503", timedelta(seconds=7))),
        (Reply(500), Later("http_500")),
        (Reply(307, {"Location": "http://127.0.0.1:1/"}), Later("http_307")),
        (Reply(drop=True), Later("connection")),
    ],
)
async def test_each_answer_has_one_meaning(tmp_path: Path, reply: Reply, outcome: Outcome) -> None:
    assert await outcome_of(tmp_path, reply) == outcome


async def test_a_date_of_retry_after_is_understood(tmp_path: Path) -> None:
    date = (datetime.now(UTC) + timedelta(minutes=5)).strftime("%a, %d %b %Y %H:%M:%S GMT")

    outcome = await outcome_of(tmp_path, Reply(503, {"Retry-After": date}))

    assert isinstance(outcome, Later)
    assert outcome.after is not None
    assert timedelta(minutes=4, seconds=50) < outcome.after <= timedelta(minutes=5)


async def test_a_service_that_says_nothing_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "STRANGERS_SECONDS_MAX", 0.2)

    assert await outcome_of(tmp_path, Reply(seconds=1)) == Later("timeout")


async def test_a_service_that_keeps_us_waiting_is_left_alone_and_holds_up_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "STRANGERS_SECONDS_MAX", 0.3)
    async with push_service() as slow, push_service() as good, channel_of(pushing(tmp_path)) as channel:
        slow.answer = lambda _: Reply(seconds=1)
        messages = [outgoing(slow.browser().address), outgoing(good.browser().address)]

        first, second = [await channel.send(messages) for _ in range(2)]

        assert (first, second[1], len(slow.pushed)) == ([Later("timeout"), Sent()], Sent(), 1)
        assert isinstance(second[0], Later)
        assert (second[0].code, second[0].after is not None) == ("resting", True)


async def test_a_service_that_is_away_is_tried_again(tmp_path: Path) -> None:
    async with push_service() as service:
        browser = service.browser()

    async with channel_of(pushing(tmp_path)) as channel:
        assert await channel.send([outgoing(browser.address)]) == [Later("connection")]


async def test_each_of_many_gets_its_own_outcome(tmp_path: Path) -> None:
    async with push_service() as service, channel_of(pushing(tmp_path)) as channel:
        browsers = [service.browser() for _ in range(3)]
        statuses = dict(zip((b.endpoint.removeprefix(service.origin) for b in browsers), (201, 410, 503), strict=True))
        service.answer = lambda came: Reply(statuses[came.path])
        odd = Address("endpoint", browsers[0].endpoint, "web", "AAAA", b64(bytes(16)))

        outcomes = await channel.send([*(outgoing(b.address) for b in browsers), outgoing(odd)])

        assert outcomes == [Sent(), Gone("gone"), Later("http_503"), Refused("bad_keys")]


async def test_a_browser_of_another_house_is_refused_where_others_get_theirs(tmp_path: Path) -> None:
    async with push_service() as service, channel_of(pushing(tmp_path)) as channel:
        good, other = service.browser(), service.browser()
        service.answer = lambda came: Reply(403 if other.endpoint.endswith(came.path) else 201)

        outcomes = await channel.send([outgoing(other.address), outgoing(good.address)])

        assert outcomes == [Refused("not_authorised"), Sent()]


def refused(standing: Standing, *urls: str, at: datetime = NOW) -> list[Outcome]:
    """What becomes of messages that these endpoints refuse in one batch."""
    endpoints = [Endpoint(url, "/".join(url.split("/")[:3]), url.startswith((FCM, MOZILLA))) for url in urls]
    for endpoint in endpoints:
        standing.refused(endpoint, at)
    return [standing.outcome(endpoint, at) for endpoint in endpoints]


def accepted(standing: Standing, url: str, at: datetime = NOW) -> None:
    standing.accepted(Endpoint(url, "/".join(url.split("/")[:3]), url.startswith((FCM, MOZILLA))), at)


def test_two_browsers_refused_by_a_big_service_mean_us() -> None:
    assert refused(Standing(), f"{FCM}/1", f"{FCM}/2") == [Broken("not_authorised")] * 2


def test_two_big_services_mean_us_also_one_after_the_other() -> None:
    standing = Standing()

    assert refused(standing, f"{FCM}/1") == [Later("not_authorised")]
    assert refused(standing, f"{MOZILLA}/2") == [Broken("not_authorised")]


def test_one_browser_that_asks_again_and_again_never_means_us() -> None:
    standing = Standing()

    assert {*refused(standing, f"{FCM}/1"), *refused(standing, f"{FCM}/1")} == {Later("not_authorised")}


def test_services_of_somebodys_own_never_mean_us() -> None:
    urls = [f"{OWN}/1", f"{OWN}/2", "https://other.example/3"]

    assert set(refused(Standing(), *urls)) == {Later("not_authorised")}


def test_a_service_of_somebodys_own_that_takes_all_does_not_hide_that_we_are_refused() -> None:
    standing = Standing()
    accepted(standing, f"{OWN}/1")

    assert set(refused(standing, f"{FCM}/1", f"{FCM}/2")) == {Broken("not_authorised")}


def test_a_service_of_somebodys_own_is_no_witness() -> None:
    standing = Standing()
    refused(standing, f"{OWN}/1")

    assert refused(standing, f"{FCM}/1") == [Later("not_authorised")]


def test_what_was_refused_before_a_big_service_trusted_us_counts_no_more() -> None:
    standing = Standing()
    refused(standing, f"{FCM}/1")
    accepted(standing, f"{MOZILLA}/0")

    assert refused(standing, f"{FCM}/2") == [Later("not_authorised")]


def test_whom_a_service_has_lately_trusted_it_does_not_mean() -> None:
    standing = Standing()
    accepted(standing, f"{FCM}/0")

    assert set(refused(standing, f"{FCM}/1", f"{FCM}/2")) == {Refused("not_authorised")}
    assert set(refused(standing, f"{FCM}/1", f"{FCM}/2", at=NOW + LATELY)) == {Broken("not_authorised")}


def test_what_was_refused_long_ago_is_forgotten() -> None:
    standing = Standing()
    refused(standing, f"{FCM}/1")

    assert refused(standing, f"{FCM}/2", at=NOW + REMEMBERED) == [Later("not_authorised")]


async def test_a_key_that_cannot_be_read_says_nothing_of_browsers(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "vapid.pem").write_text("no key")

    assert await outcome_of(tmp_path, services.Reply()) == Broken("vapid_key")
