"""Where pushes may go: browsers name the hosts, so anybody does."""

import ssl
from ipaddress import ip_address
from pathlib import Path

import httpcore
import pytest

from tests.notifications.browsers import channel_of, pushing
from tests.notifications.certificates import certified
from tests.notifications.outgoing import outgoing
from tests.notifications.push_service import Browser, Reply, push_service
from yema.notifications.channels import Broken, Later, Outcome, Refused, Sent
from yema.notifications.channels.webpush import network
from yema.notifications.channels.webpush.endpoint import BadEndpoint, read_endpoint
from yema.notifications.channels.webpush.network import Outwards, is_public

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "224.0.0.1",
    "255.255.255.255", "240.0.0.1", "192.0.2.1", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "2001:db8::1", "::7f00:1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::", "2002:a00:1::1", "fec0::1", "3fff::1", "192.88.99.1", "168.63.129.16", "2606:4700::5efe:a00:1",
    "2606:4700::200:5efe:a00:1", "fe80::5efe:101:101", "fd00::5efe:101:101",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "142.250.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


def test_only_addresses_of_the_public_internet_are_public() -> None:
    assert [ip for ip in [*PRIVATE, *PUBLIC] if is_public(ip_address(ip))] == PUBLIC


async def outcome_for(tmp_path: Path, endpoint: str, *, private: bool = False) -> Outcome:
    async with channel_of(pushing(tmp_path, push_to_private=private)) as channel:
        [outcome] = await channel.send([outgoing(Browser(endpoint).address)])
        return outcome


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.0.0.1",
        "[::1]",
        "169.254.169.254",
        "[::ffff:127.0.0.1]",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f.1",
    ],
)
async def test_nothing_goes_into_our_own_network(tmp_path: Path, host: str) -> None:
    async with push_service() as service:
        port = service.origin.rpartition(":")[2]

        outcome = await outcome_for(tmp_path, f"https://{host}:{port}/push/1")

        assert (outcome, service.connections) == (Refused("private_address"), 0)


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "push.example",
        "http://push.example/1",
        "ftp://push.example/1",
        "https:///1",
        "https://user@push.example/1",
        "https://user:word@push.example/1",
        "https://push.example:99999/1",
        "https://push.example/a b",
        "https://push.example/\r\nX: y",
        "https://żółw.example/1",
        "https://push.example/" + "x" * 2000,
    ],
)
def test_what_is_no_endpoint_is_none(endpoint: str, private: bool) -> None:
    with pytest.raises(BadEndpoint):
        read_endpoint(endpoint, private=private)


def test_http_is_for_this_machine_and_only_where_services_may_be_private() -> None:
    with pytest.raises(BadEndpoint):
        read_endpoint("http://127.0.0.1:8/1", private=False)

    assert read_endpoint("http://127.0.0.1:8/1", private=True).origin == "http://127.0.0.1:8"


@pytest.mark.parametrize(
    ("url", "origin", "known"),
    [
        ("https://fcm.googleapis.com/fcm/send/1", "https://fcm.googleapis.com", True),
        ("https://WNS2-par02p.notify.windows.com:443/w/", "https://wns2-par02p.notify.windows.com", True),
        ("https://fcm.googleapis.com.evil.example/1", "https://fcm.googleapis.com.evil.example", False),
        ("https://evilnotify.windows.com/1", "https://evilnotify.windows.com", False),
        ("https://[2606:4700::1111]:8443/1", "https://[2606:4700::1111]:8443", False),
    ],
)
def test_an_endpoint_has_an_origin_and_is_known_or_not(url: str, origin: str, known: bool) -> None:
    endpoint = read_endpoint(url, private=False)

    assert (endpoint.origin, endpoint.known) == (origin, known)


class Names:
    """A resolver that says something else each time."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), 0

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        return self.answers.pop(0)


async def test_a_name_that_leads_to_us_is_refused(tmp_path: Path) -> None:
    names = Names(["10.0.0.1", "::ffff:127.0.0.1"])

    async with channel_of(pushing(tmp_path, push_to_private=False), resolve=names) as channel:
        outcomes = await channel.send([outgoing(Browser("https://push.example/1").address)])

    assert outcomes == [Refused("private_address")]


async def test_of_a_name_that_leads_to_both_only_the_public_one_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    outwards, tried = Outwards(private=False, resolve=Names(["127.0.0.1", "1.1.1.1", "10.0.0.1"])), []

    class Inner(httpcore.AsyncNetworkBackend):
        async def connect_tcp(self, host: str, *_: object) -> httpcore.AsyncNetworkStream:
            tried.append(host)
            raise httpcore.ConnectError("not from here")

    monkeypatch.setattr(outwards, "_inner", Inner())
    with pytest.raises(httpcore.ConnectError):
        await outwards.connect_tcp("push.example", 443)

    assert tried == ["1.1.1.1"]


async def test_our_own_public_address_is_ours_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "is_public", lambda ip: True)
    outwards = Outwards(private=False, resolve=Names(["127.0.0.1", "::1"]))

    with pytest.raises(network.Private):
        await outwards.connect_tcp("push.example", 443)


def test_no_address_of_others_is_ours() -> None:
    assert [ip for ip in PUBLIC if network.is_ours(ip_address(ip))] == []


async def test_a_name_that_changes_its_mind_is_asked_only_once(tmp_path: Path) -> None:
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    server, client = certified("push.example")
    async with (
        push_service(server, "push.example") as service,
        channel_of(pushing(tmp_path), trust=client, resolve=names) as channel,
    ):
        outcomes = await channel.send([outgoing(service.browser().address)])

    assert (outcomes, names.asked) == ([Sent()], 1)


async def test_the_address_was_looked_at_and_the_name_is_still_asked_for_its_certificate(tmp_path: Path) -> None:
    server, _ = certified("push.example")
    async with (
        push_service(server, "push.example") as service,
        channel_of(pushing(tmp_path), trust=ssl.create_default_context(), resolve=Names(["127.0.0.1"])) as channel,
    ):
        outcomes = await channel.send([outgoing(service.browser().address)])

    assert (outcomes, service.pushed) == ([Later("connection")], [])


async def test_a_certificate_of_another_name_is_none(tmp_path: Path) -> None:
    server, client = certified("other.example")
    async with (
        push_service(server, "push.example") as service,
        channel_of(pushing(tmp_path), trust=client, resolve=Names(["127.0.0.1"])) as channel,
    ):
        outcomes = await channel.send([outgoing(service.browser().address)])

    assert (outcomes, service.pushed) == ([Later("connection")], [])


async def test_ten_browsers_of_a_big_service_that_refuses_us_lose_nothing(tmp_path: Path) -> None:
    server, client = certified("fcm.googleapis.com")
    names = Names(*[["127.0.0.1"]] * 20)
    async with (
        push_service(server, "fcm.googleapis.com") as service,
        channel_of(pushing(tmp_path), trust=client, resolve=names) as channel,
    ):
        service.answer = lambda _: Reply(403)
        outcomes = await channel.send([outgoing(service.browser().address) for _ in range(10)])

    assert set(outcomes) == {Broken("not_authorised")}


async def test_a_name_that_nobody_has_is_tried_again(tmp_path: Path) -> None:
    async def nobody(host: str, port: int) -> list[str]:
        raise OSError

    async with channel_of(pushing(tmp_path), resolve=nobody) as channel:
        outcomes = await channel.send([outgoing(Browser("https://push.example/1").address)])

    assert outcomes == [Later("connection")]
