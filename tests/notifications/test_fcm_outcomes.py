"""What each answer of FCM means, through firebase-admin's own client and a push service on loopback."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.notifications import fcm_server
from tests.notifications.fcm_server import Answer, FakeFcm
from tests.notifications.fcm_things import account, in_an_hour, now, outgoing
from yema.notifications.channels import Broken, Gone, Later, Outcome, Refused, Sent
from yema.notifications.channels.fcm.sender import Sender


@pytest.fixture
def fcm() -> Iterator[FakeFcm]:
    with fcm_server.fake_fcm() as served:
        yield served


@pytest.fixture
async def sender(fcm: FakeFcm, tmp_path: Path) -> AsyncIterator[Sender]:
    made = Sender(str(account(tmp_path)), fcm.url)
    yield made
    await made.close()


OUTCOMES: dict[str, tuple[Answer, Outcome]] = {
    "taken": (fcm_server.TAKEN, Sent()),
    "unregistered": (fcm_server.UNREGISTERED, Gone("unregistered")),
    "unregistered, and no 404": (Answer(400, "X", "UNREGISTERED"), Refused("invalid_argument")),
    "bare 404": (fcm_server.BARE_404, Broken("not_found")),
    "404 of a proxy": (Answer(404, body=b"<html>no such page</html>"), Broken("not_found")),
    "bare 401": (fcm_server.BARE_401, Broken("unauthenticated")),
    "bare 403": (fcm_server.BARE_403, Broken("forbidden")),
    "no key for iPhones": (Answer(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"), Later("apns_credentials")),
    "another project's": (Answer(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH"), Refused("sender_id_mismatch")),
    "invalid": (Answer(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT"), Refused("invalid_argument")),
    "quota": (fcm_server.QUOTA, Later("quota_exceeded")),
    "quota, in seconds": (
        fcm_server.QUOTA._replace(headers={"Retry-After": "30"}),
        Later("quota_exceeded", timedelta(seconds=30)),
    ),
    "unavailable": (
        fcm_server.UNAVAILABLE._replace(headers={"Retry-After": "7"}),
        Later("unavailable", timedelta(seconds=7)),
    ),
    "internal": (Answer(500, "INTERNAL", "INTERNAL"), Later("http_500")),
    "bad gateway": (Answer(502, body=b"<html>"), Later("http_502")),
    "dropped": (fcm_server.DROPPED, Later("unreachable")),
    "a page of a hotel": (Answer(200, body=b"<html>Welcome</html>"), Later("unreadable_answer")),
    "taken without a name": (Answer(200, body=b"{}"), Later("unreadable_answer")),
}


async def test_each_answer_has_its_meaning_and_is_asked_for_once(fcm: FakeFcm, sender: Sender) -> None:
    fcm.answers = {name: answer for name, (answer, _) in OUTCOMES.items()}

    outcomes = await sender.send([outgoing(name) for name in OUTCOMES])

    assert dict(zip(OUTCOMES, outcomes, strict=True)) == {name: outcome for name, (_, outcome) in OUTCOMES.items()}
    assert sorted(one.to for one in fcm.received) == sorted(OUTCOMES)


async def test_a_date_in_retry_after_is_understood(fcm: FakeFcm, sender: Sender) -> None:
    date = format_datetime(now() + timedelta(minutes=2), usegmt=True)
    fcm.everything(fcm_server.UNAVAILABLE._replace(headers={"Retry-After": date}))

    (outcome,) = await sender.send([outgoing("t")])

    assert isinstance(outcome, Later)
    assert outcome.after is not None
    assert timedelta(seconds=115) < outcome.after <= timedelta(seconds=120)


async def test_a_slow_answer_comes_later(fcm: FakeFcm, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yema.notifications.channels.fcm.client.SECONDS_MAX", 0.2)
    fcm.answers["slow"] = fcm_server.TAKEN._replace(seconds=1)

    assert await sender.send([outgoing("slow"), outgoing("quick")]) == [Later("timeout"), Sent()]


async def test_where_nobody_listens_it_comes_later(tmp_path: Path) -> None:
    with fcm_server.fake_fcm() as fcm:
        gone = fcm.url
    sender = Sender(str(account(tmp_path)), gone)

    assert await sender.send([outgoing("t")]) == [Later("unreachable")]
    await sender.close()


@pytest.mark.parametrize("answer", [fcm_server.BARE_401, fcm_server.BARE_403, fcm_server.BARE_404])
async def test_a_wrong_key_takes_no_device_away(
    fcm: FakeFcm, sender: Sender, answer: Answer, pytestconfig: pytest.Config
) -> None:
    devices = 10_000 if pytestconfig.getoption("--prove") else 150
    fcm.everything(answer)
    fcm.answers["really gone"] = fcm_server.UNREGISTERED

    outcomes: list[Outcome] = []
    for begins in range(0, devices, 50):
        outcomes += await sender.send([outgoing(f"t{number}") for number in range(begins, begins + 50)])
    outcomes += await sender.send([outgoing("really gone")])

    assert {type(outcome) for outcome in outcomes[:-1]} == {Broken}
    assert outcomes[-1] == Gone("unregistered")


async def test_unregistered_is_said_of_its_own_and_of_no_other(fcm: FakeFcm, sender: Sender) -> None:
    gone = {f"t{number}" for number in range(0, 50, 7)}
    fcm.answers = dict.fromkeys(gone, fcm_server.UNREGISTERED)

    outcomes = await sender.send([outgoing(f"t{number}") for number in range(50)])

    assert {f"t{number}" for number, outcome in enumerate(outcomes) if isinstance(outcome, Gone)} == gone
    assert {outcome for outcome in outcomes if not isinstance(outcome, Gone)} == {Sent()}


async def test_a_message_over_four_kilobytes_is_refused_and_not_sent(fcm: FakeFcm, sender: Sender) -> None:
    long = outgoing("t")._replace(body="ж" * 2000)

    assert await sender.send([long, outgoing("u")]) == [Refused("too_big"), Sent()]
    assert [one.to for one in fcm.received] == ["u"]


async def test_an_address_that_is_none_is_refused(sender: Sender) -> None:
    assert await sender.send([outgoing(""), outgoing("u")]) == [Refused("invalid_message"), Sent()]


async def test_what_is_past_is_not_kept_by_fcm(fcm: FakeFcm, sender: Sender) -> None:
    await sender.send([outgoing("t")._replace(expires_at=in_an_hour() - timedelta(hours=2))])

    assert fcm.received[0].message["android"]["ttl"] == "0s"


async def test_a_file_that_is_put_right_is_read_again(fcm: FakeFcm, tmp_path: Path) -> None:
    path = account(tmp_path)
    good = path.read_text()
    path.write_text(json.dumps({"type": "authorized_user"}))
    sender = Sender(str(path), fcm.url)

    before = await sender.send([outgoing("t")])
    path.write_text(good)

    assert (before, await sender.send([outgoing("t")])) == ([Broken("credentials_kind")], [Sent()])
    await sender.close()
