"""`yema deliver` and `yema notify --test` as commands in processes of their own, to a push service on loopback."""

import asyncio
import json
import shutil
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest

from tests import make
from tests.demo.processes import Ended, started, yema
from tests.notifications import fcm_server, post
from tests.notifications.fcm_server import FakeFcm
from tests.notifications.fcm_things import account
from tests.notifications.heaps import heap
from tests.notifications.people import device
from yema.house import open_house
from yema.settings import Settings

MEMBERS, TOPICS = 20, 15
SECONDS = 60


@pytest.fixture
def fcm() -> Iterator[FakeFcm]:
    with fcm_server.fake_fcm() as served:
        yield served


def keys(fcm: FakeFcm, folder: Path) -> dict[str, str]:
    """The environment of a command that has keys for this push service."""
    return {"YEMA_FCM_URL": fcm.url, "YEMA_FCM_CREDENTIALS": str(account(folder)), "YEMA_LOG_LEVEL": "error"}


async def let_in(phones: list[tuple[UUID, UUID]], exchange: UUID, topics: list[str]) -> None:
    """Tell everybody in this exchange of so many things of a kind that the house itself knows."""
    await heap(phones, topics, kind="admitted", about=json.dumps({"exchange": str(exchange)}))


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for it, a minute at most."""
    ends = time.monotonic() + SECONDS
    while not await holds() and time.monotonic() < ends:  # noqa: ASYNC110 - it happens in other processes
        await asyncio.sleep(0.2)


@pytest.mark.postgres
async def test_two_that_share_the_work_deliver_each_message_once(house: Settings, tmp_path: Path) -> None:
    """Each has a push service of its own, which says what it brought there; none of them is quick."""
    exchange = await make.exchange()
    people = [await make.participant(exchange) for _ in range(MEMBERS)]
    phones = [(person, await device(person)) for person in people]
    made = 0
    with ExitStack() as stack:
        services = [stack.enter_context(fcm_server.fake_fcm()) for _ in range(2)]
        for one in services:
            one.everything(fcm_server.TAKEN._replace(seconds=0.1))
            environment = {"YEMA_DATABASE_URL": house.database_url, **keys(one, tmp_path)}
            stack.enter_context(started("deliver", "--data", tmp_path, **environment))

        async def both_work() -> bool:
            nonlocal made
            made += 1
            await let_in(phones[:5], exchange, [f"first-{made}"])
            return all(one.received for one in services)

        async def nothing_waits() -> bool:
            return "waiting" not in await post.states()

        await until(both_work)
        begun = [len(one.received) for one in services]
        await let_in(phones, exchange, [f"topic-{number}" for number in range(TOPICS)])
        await until(nothing_waits)

    number = 5 * made + MEMBERS * TOPICS
    came = [received.message["data"]["notification"] for one in services for received in one.received]
    assert await post.states() == {"sent": number}
    assert Counter(Counter(came).values()) == {1: number}
    assert all(len(one.received) > before for one, before in zip(services, begun, strict=True)), "one did it all"


def test_a_test_message_arrives_at_the_device_that_was_named(
    fcm: FakeFcm, tmp_path: Path, sqlite_template: Path
) -> None:
    data = shutil.copytree(sqlite_template.parent, tmp_path / "data")

    async def two_phones() -> UUID:
        async with open_house(Settings(data=data), checkpoints=False):
            person, _ = await post.phone(address="another")
            return await device(person, address="tried", locale="pl")

    phone = asyncio.run(two_phones())

    ended = yema("notify", "--test", str(phone), "--data", data, **keys(fcm, tmp_path))

    assert ended == Ended(0, "fcm has taken a test message for this device (android).\n", "")
    [came] = fcm.received
    assert (came.to, came.answered) == ("tried", 200)
    assert came.message["notification"] == {
        "title": "YEMA",
        "body": "To jest test. Powiadomienia docierają na to urządzenie.",
    }


def test_a_test_message_that_is_refused_says_so_and_fails(fcm: FakeFcm, tmp_path: Path, sqlite_template: Path) -> None:
    data = shutil.copytree(sqlite_template.parent, tmp_path / "data")
    fcm.everything(fcm_server.BARE_401)

    async def a_phone() -> UUID:
        async with open_house(Settings(data=data), checkpoints=False):
            return (await post.phone())[1]

    ended = yema("notify", "--test", str(asyncio.run(a_phone())), "--data", data, **keys(fcm, tmp_path))

    assert (ended.status, ended.out) == (1, "")
    assert "fcm does not accept our credentials (unauthenticated)." in ended.err
