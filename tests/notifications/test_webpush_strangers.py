"""Push services that nobody knows: any person names them, so none of them may hold up the others."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.notifications.browsers import channel_of, pushing
from tests.notifications.outgoing import outgoing
from tests.notifications.push_service import Browser, Reply, push_service
from yema.notifications.channels import Broken, Later, Outgoing, Refused, Sent
from yema.notifications.channels.webpush import WebPushChannel, channel, places, posting
from yema.notifications.channels.webpush.endpoint import read_endpoint

FCM, MOZILLA = "https://fcm.googleapis.com", "https://updates.push.services.mozilla.com"
LATE = Later("late", counted=False)


class Net:
    """Push services that say nothing while `gate` is closed; then 403 where the path has `bad` in it, else 201."""

    def __init__(self, *, closed: bool = True) -> None:
        self.gate, self.under_way = asyncio.Event(), Counter[str]()
        if not closed:
            self.gate.set()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes, *, known: bool) -> tuple[int, str | None]:
        self.under_way["known" if url.startswith((FCM, MOZILLA)) else "strangers"] += 1
        await self.gate.wait()
        return (403 if "bad" in url else 201), None

    async def close(self) -> None:
        """There is nothing to let go of."""


def over(net: Net, tmp_path: Path) -> WebPushChannel:
    made: Any = WebPushChannel(pushing(tmp_path))
    made._posting = net
    return made  # type: ignore[no-any-return]


def to(*urls: str) -> list[Outgoing]:
    return [outgoing(Browser(url).address) for url in urls]


async def under_way(net: Net, tmp_path: Path, *urls: str) -> Counter[str]:
    """How many of these are on their way at once."""
    sending = asyncio.create_task(over(net, tmp_path).send(to(*urls)))
    await asyncio.sleep(0.3)
    found = Counter(net.under_way)
    net.gate.set()
    assert set(await sending) == {Sent()}
    return found


async def test_strangers_share_four_places_of_sixteen(tmp_path: Path) -> None:
    strangers = [f"https://push{n}.example/1" for n in range(20)]

    found = await under_way(Net(), tmp_path, *strangers, *(f"{FCM}/{n}" for n in range(20)))

    assert found == {"strangers": 4, "known": 12}


async def test_all_hosts_of_one_domain_share_two_of_them(tmp_path: Path) -> None:
    found = await under_way(Net(), tmp_path, *(f"https://h{n}.evil.example/1" for n in range(9)))

    assert found == {"strangers": 2}


@pytest.mark.parametrize(("url", "seconds"), [(FCM, "KNOWN_SECONDS"), ("https://push.example", "STRANGERS_SECONDS")])
async def test_what_does_not_get_a_place_in_time_is_given_back_unsent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, seconds: str
) -> None:
    monkeypatch.setattr(places, seconds, 0.2)
    net = Net()
    sending = asyncio.create_task(over(net, tmp_path).send(to(*(f"{url}/{n}" for n in range(20)))))
    await asyncio.sleep(0.6)
    net.gate.set()

    outcomes = Counter(await sending)

    sent = net.under_way.total()
    assert outcomes == {Sent(): sent, LATE: 20 - sent}


async def test_a_stranger_whose_answers_are_slow_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "SLOW_SECONDS", 0.1)
    async with push_service() as slow, channel_of(pushing(tmp_path)) as way_out:
        slow.answer = lambda _: Reply(503, seconds=0.2)

        outcomes = await way_out.send([outgoing(slow.browser().address) for _ in range(20)])

    codes = Counter(outcome.code for outcome in outcomes if isinstance(outcome, Later))
    assert (codes, len(slow.pushed)) == ({"http_503": 2, "resting": 18}, 2)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://a.b.push.example/1", "push.example"),
        ("https://push.example:8443/1", "push.example"),
        ("https://a.push.co.uk/1", "push.co.uk"),
        ("https://push.pl/1", "push.pl"),
        ("https://1.1.1.1/1", "1.1.1.1"),
        ("https://[2606:4700::1111]/1", "2606:4700::/64"),
        ("http://127.0.0.1:81/1", "127.0.0.1:81"),
    ],
)
def test_a_domain_is_what_one_person_has_for_themselves(url: str, host: str) -> None:
    assert read_endpoint(url, private=True).domain == host


@pytest.fixture
def mute_names(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Names under `.mute` whose server says nothing."""
    real, let_go = socket.getaddrinfo, threading.Event()

    def asked(host: Any, *args: Any, **fields: Any) -> Any:
        if str(host).endswith(".mute"):
            let_go.wait(20)
            raise OSError
        return real("127.0.0.1" if str(host) == "fcm.googleapis.com" else host, *args, **fields)

    monkeypatch.setattr(socket, "getaddrinfo", asked)
    monkeypatch.setattr(posting, "STRANGERS_SECONDS_MAX", 0.5)
    yield
    let_go.set()


@pytest.mark.usefixtures("mute_names")
async def test_names_that_nobody_answers_for_hold_up_neither_threads_nor_big_services(tmp_path: Path) -> None:
    async with channel_of(pushing(tmp_path, push_to_private=False)) as way_out:
        sending = asyncio.create_task(way_out.send(to(*(f"https://h.n{n}.mute/1" for n in range(8)))))
        await asyncio.sleep(0.1)
        async with asyncio.timeout(2):
            await asyncio.to_thread(lambda: None)
            [known] = await way_out.send(to(f"{FCM}/1"))

        assert (known, set(await sending)) == (Refused("private_address"), {Later("timeout")})


@pytest.mark.usefixtures("mute_names")
async def test_a_name_that_nobody_answers_for_is_left_alone(tmp_path: Path) -> None:
    async with channel_of(pushing(tmp_path, push_to_private=False)) as way_out:
        await way_out.send(to("https://push.mute/1"))

        [again] = await way_out.send(to("https://other.push.mute/2"))

    assert isinstance(again, Later)
    assert again.code == "resting"


async def test_two_browsers_under_another_key_close_nothing_while_others_get_theirs(tmp_path: Path) -> None:
    way_out = over(Net(closed=False), tmp_path)

    outcomes = await way_out.send(to(f"{FCM}/1", f"{MOZILLA}/bad1", f"{MOZILLA}/bad2"))
    again = await way_out.send(to(f"{MOZILLA}/bad1", f"{MOZILLA}/bad2"))

    assert Broken("not_authorised") not in [*outcomes, *again]
