"""The channel with its helper, a process of its own."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.notifications import fcm_server
from tests.notifications.fcm_server import FakeFcm
from tests.notifications.fcm_things import account, outgoing
from yema.notifications.channels import Broken, Gone, Later, Outcome, Refused, Sent
from yema.notifications.channels.fcm import FcmChannel, sender
from yema.notifications.channels.fcm.frames import answer, question, read_answer, read_question
from yema.notifications.channels.fcm.helper import Helper
from yema.settings import Settings


@pytest.fixture
def fcm() -> Iterator[FakeFcm]:
    with fcm_server.fake_fcm() as served:
        yield served


@pytest.fixture
async def channel(fcm: FakeFcm, tmp_path: Path) -> AsyncIterator[FcmChannel]:
    made = FcmChannel(Settings(fcm_url=fcm.url, fcm_credentials=str(account(tmp_path))))
    yield made
    await made.close()


async def until(holds: Callable[[], bool]) -> None:
    """Wait for it."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.01)


def test_it_is_set_up_where_there_is_an_account() -> None:
    found = [FcmChannel.configured(settings) for settings in (Settings(), Settings(fcm_credentials="a.json"))]

    assert found == [False, True]


async def test_two_batches_at_once_each_hear_their_own(fcm: FakeFcm, channel: FcmChannel) -> None:
    fcm.answers = {"gone": fcm_server.UNREGISTERED, "quota": fcm_server.QUOTA._replace(headers={"Retry-After": "9"})}

    said = await asyncio.gather(
        channel.send([outgoing("gone"), outgoing("here")]), channel.send([outgoing("quota"), outgoing("", kind="fid")])
    )

    later = Later("quota_exceeded", timedelta(seconds=9))
    assert list(said) == [[Gone("unregistered"), Sent()], [later, Refused("invalid_message")]]
    assert await channel.send([]) == []


async def test_a_helper_that_dies_makes_nobody_wait_and_another_takes_over(fcm: FakeFcm, channel: FcmChannel) -> None:
    fcm.answers["slow"] = fcm_server.TAKEN._replace(seconds=5)
    await channel.send([outgoing("first")])
    first = channel.helper.pid
    waiting = asyncio.create_task(channel.send([outgoing("slow")]))
    await until(lambda: any(one.to == "slow" for one in fcm.received))

    assert first is not None
    os.kill(first, signal.SIGKILL)

    assert await waiting == [Later("helper_lost")]
    assert await channel.send([outgoing("second")]) == [Sent()]
    assert channel.helper.pid != first


async def test_a_helper_ends_when_it_is_idle_and_when_the_channel_is_closed(fcm: FakeFcm, tmp_path: Path) -> None:
    helper = Helper(str(account(tmp_path)), fcm.url, idle_seconds=0.05)
    await helper.ask([outgoing("t")])
    idle = helper.pid
    await until(lambda: helper.pid is None)
    await helper.ask([outgoing("u")])
    other = helper.pid
    await helper.close()

    assert idle != other
    assert [psutil.pid_exists(pid) for pid in (idle or 0, other or 0)] == [False, False]


async def test_a_helper_that_takes_too_long_is_ended(
    fcm: FakeFcm, channel: FcmChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    await channel.send([outgoing("t")])
    monkeypatch.setattr("yema.notifications.channels.fcm.helper.ANSWER_SECONDS_MAX", 0.2)
    fcm.answers["slow"] = fcm_server.TAKEN._replace(seconds=5)

    assert await channel.send([outgoing("slow")]) == [Later("helper_lost")]
    assert channel.helper.pid is None


async def test_a_helper_that_dies_at_once_is_not_started_again_and_again(
    fcm: FakeFcm, channel: FcmChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts, real, right = [0], Helper._start, sys.executable

    async def counted(helper: Helper) -> asyncio.subprocess.Process:
        starts[0] += 1
        return await real(helper)

    monkeypatch.setattr(Helper, "_start", counted)
    monkeypatch.setattr("yema.notifications.channels.fcm.helper.REST_SECONDS", (0, 0.5))
    monkeypatch.setattr(sys, "executable", "/bin/false")
    lost = [await channel.send([outgoing("t")]) for _ in range(5)]
    while_it_rests = starts[0]
    monkeypatch.setattr(sys, "executable", right)
    await asyncio.sleep(0.6)

    assert (lost, while_it_rests) == ([[Later("helper_lost")]] * 5, 2)
    assert await channel.send([outgoing("t")]) == [Sent()]


async def test_what_is_not_begun_in_time_is_given_back_unsent(fcm: FakeFcm, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(sender, "BEGUN_SECONDS", 0.2)
    fcm.answers["slow"] = fcm_server.TAKEN._replace(seconds=0.4)
    ours = sender.Sender(str(account(tmp_path)), fcm.url)
    await ours.send([outgoing("first")])

    outcomes = Counter(await ours.send([outgoing("slow") for _ in range(sender.UNDER_WAY_MAX_PLAIN + 15)]))
    await ours.close()

    assert outcomes == {Sent(): sender.UNDER_WAY_MAX_PLAIN, Later("late", counted=False): 15}


async def test_closing_does_not_wait_for_a_push_service_that_says_nothing(
    fcm: FakeFcm, channel: FcmChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yema.notifications.channels.fcm.helper.STOP_SECONDS", 0.2)
    fcm.answers["slow"] = fcm_server.TAKEN._replace(seconds=8)
    waiting = asyncio.create_task(channel.send([outgoing("slow")]))
    await until(lambda: any(one.to == "slow" for one in fcm.received))
    helper = channel.helper.pid

    async with asyncio.timeout(5):
        await channel.close()

    assert (await waiting, psutil.pid_exists(helper or 0)) == ([Later("helper_lost")], False)


async def test_a_helper_is_told_nothing_of_our_settings(channel: FcmChannel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YEMA_DATABASE_URL", "postgresql://nina:hunter2@db.example/yema")
    await channel.send([outgoing("t")])

    environment = psutil.Process(channel.helper.pid).environ()

    assert [name for name in environment if name.startswith("YEMA_")] == []


def test_what_is_said_between_them_is_read_as_it_was_meant() -> None:
    messages = [outgoing("a", platform="ios"), outgoing("ż", kind="fid", locale="ar")]
    outcomes: list[Outcome] = [
        Sent(),
        Later("a"),
        Later("b", timedelta(seconds=1.5)),
        Later("b", counted=False),
        Gone("c"),
        Refused("d"),
        Broken("e"),
    ]

    assert read_question(question(7, messages)) == (7, messages)
    assert read_answer(answer(8, outcomes)) == (8, outcomes)
