"""A wrong key, at a push service that says so of everybody's device: nobody's is taken away, and nothing is lost."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from tests.notifications import fcm_server, post
from tests.notifications.crowd import crowd
from tests.notifications.fcm_server import Answer, FakeFcm
from tests.notifications.fcm_things import account
from tests.notifications.heaps import heap
from tests.notifications.kinds import kind
from yema.accounts.tables import Device
from yema.changes import transaction
from yema.database import Statement, execute, fetch
from yema.notifications.channels.fcm import FcmChannel
from yema.notifications.delivering import Postman
from yema.settings import Settings

REFUSALS = (fcm_server.BARE_401, fcm_server.BARE_403, fcm_server.BARE_404)
SMALL, TO_PROVE = 300, 10_000

_LATER = Statement("UPDATE delivery SET next_at = {} WHERE state = 'waiting' AND next_at > {}")
_TRY_NOW = Statement("UPDATE notification_channel SET try_at = {} WHERE channel = 'fcm'")
_FORGET = Statement("DELETE FROM notification_channel WHERE channel = 'fcm'")
_OPEN = Statement("SELECT count(*) FROM notification_channel WHERE channel = 'fcm' AND broken_since IS NOT NULL")


@pytest.fixture
def fcm() -> Iterator[FakeFcm]:
    with fcm_server.fake_fcm() as served:
        yield served


@pytest.fixture
async def postman(fcm: FakeFcm, tmp_path: Path) -> AsyncIterator[Postman]:
    channel = FcmChannel(Settings(fcm_url=fcm.url, fcm_credentials=str(account(tmp_path))))
    yield Postman([kind()], {"fcm": channel})
    await channel.close()


@pytest.fixture
async def phones(house: Settings, pytestconfig: pytest.Config) -> list[tuple[UUID, UUID]]:
    """Two phones of each of these people, and something due for each phone. 10,000 with `--prove`."""
    await crowd((TO_PROVE if pytestconfig.getoption("prove", False) else SMALL) // 2)
    rows = await Device.select(Device.person, Device.id).where(Device.channel == "fcm")
    found = [(row["person"], row["id"]) for row in rows]
    for topic, one_of_each in (("plan", dict(found)), ("dinner", dict(reversed(found)))):
        await heap(one_of_each.items(), [topic])
    return found


async def time_passes() -> None:
    """Whatever waits for another try is due, and so is a try of the channel."""
    async with transaction() as tx:
        await execute(_LATER, tx.at, tx.at)
        await execute(_TRY_NOW, tx.at)


async def is_open() -> bool:
    """Whether the channel is left alone."""
    return bool((await fetch(_OPEN))[0][0])


async def deliver_all(postman: Postman) -> None:
    while await postman.deliver("fcm"):
        pass


async def live() -> int:
    return int(await Device.count().where(Device.gone_at.is_null() & (Device.channel == "fcm")))


async def refuse_each(postman: Postman, fcm: FakeFcm, answer: Answer, number: int) -> int:
    """Let so many messages be refused, as if the channel was never left alone; of how many phones they were."""
    fcm.everything(answer)
    fcm.received.clear()
    while len({one.to for one in fcm.received}) < number:
        async with transaction() as tx:
            await execute(_FORGET)
            await execute(_LATER, tx.at, tx.at)
        assert await postman.deliver("fcm"), "nothing was due"
    return len({one.to for one in fcm.received})


async def test_a_wrong_key_takes_nobodys_device_away_and_loses_nothing(
    phones: list[tuple[UUID, UUID]], postman: Postman, fcm: FakeFcm
) -> None:
    number = len(phones)
    found: list[tuple[int, dict[str, int], bool]] = []
    tried: list[int] = []
    for answer in REFUSALS:
        fcm.everything(answer)
        fcm.received.clear()
        for _ in range(3):
            await time_passes()
            await deliver_all(postman)
        tried.append(len(fcm.received))
        found.append((await live(), await post.states(), await is_open()))
    fcm.shares = []
    await time_passes()
    await deliver_all(postman)

    assert found == [(number, {"waiting": number}, True)] * 3
    assert max(tried) < 3 * 50, "the channel was not left alone"
    assert (await live(), await post.states(), await is_open()) == (number, {"sent": number}, False)
    assert Counter(fcm.sent().values()) == {1: number}


async def test_even_where_each_phone_is_refused_none_is_taken_away_but_those_that_are_gone(
    phones: list[tuple[UUID, UUID]], postman: Postman, fcm: FakeFcm
) -> None:
    """As if the circuit held nothing back: each of them hears 401, then 403, then 404. Three are really gone."""
    number = len(phones)
    gone = {device for _, device in phones[:: number // 3][:3]}
    refused = [await refuse_each(postman, fcm, answer, number) for answer in REFUSALS[:2]]
    kept = await live()
    fcm.answers = {device.hex: fcm_server.UNREGISTERED for device in gone}
    refused.append(await refuse_each(postman, fcm, REFUSALS[2], number))
    fcm.shares = []
    await time_passes()
    await deliver_all(postman)

    rows = await Device.select(Device.id).where(Device.gone_at.is_not_null())
    assert (refused, kept, {row["id"] for row in rows}) == ([number] * 3, number, gone)
    assert await post.states() == {"sent": number - 3, "gone": 3}
    assert Counter(fcm.sent().values()) == {1: number - 3}
