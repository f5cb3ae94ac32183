"""Nobody sends what somebody else has taken up; and what its worker left behind comes back."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.notifications import post
from tests.notifications.trial_channel import TrialChannel
from yema.changes import transaction
from yema.database import Statement, fetch
from yema.ids import now, uuid7
from yema.notifications.channels import Later, Refused
from yema.notifications.delivering import Postman, claiming
from yema.notifications.delivering.claiming import LEASE
from yema.notifications.tables import Delivery
from yema.settings import Settings

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """No test is about the night by chance."""
    with post.standing():
        yield


FINISHED = Statement(
    "INSERT INTO delivery (id, person, target, channel, cadence, topic, state, made_at, next_at, expires_at)"
    " SELECT lower(hex(randomblob(16))), {}, {}, 'fcm', 'immediate', value, 'sent', {}, {}, {}"
    " FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 20000) SELECT value FROM n)",
    postgres="INSERT INTO delivery (id, person, target, channel, cadence, topic, state, made_at, next_at, expires_at)"
    " SELECT gen_random_uuid(), {}, {}, 'fcm', 'immediate', value::text, 'sent', {}, {}, {}"
    " FROM generate_series(1, 20000) value",
)


async def test_two_postmen_never_send_the_same() -> None:
    channel = TrialChannel(at_once=10)
    await post.many(*await post.phone(), 300)
    men = [post.postman(channel) for _ in range(4)]

    await asyncio.gather(*(_all(man) for man in men))

    assert (len(channel.handed), await post.states()) == (300, {"sent": 300})
    assert max(Counter(message.delivery for message in channel.handed).values()) == 1


async def _all(man: Postman) -> None:
    while await man.deliver("fcm"):
        pass


async def test_what_a_killed_worker_had_comes_back_when_its_lease_ends_with_the_same_tag() -> None:
    channel = TrialChannel()
    with post.standing() as clock:
        delivery = await post.due(*await post.phone())
        man = post.postman(channel)
        channel.gate.clear()
        worker = asyncio.create_task(man.deliver("fcm"))
        await channel.reached.wait()
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        channel.gate.set()

        clock.shift(LEASE - timedelta(seconds=1))
        before = await man.deliver("fcm")
        clock.shift(timedelta(seconds=1))
        after = await man.deliver("fcm")

    assert (before, after, len({message.tag for message in channel.handed})) == (0, 1, 1)
    assert (await post.state(delivery), (await post.row(delivery))["attempts"]) == (("sent", None), 2)


async def test_a_worker_that_comes_back_late_overwrites_nothing() -> None:
    late, quick = TrialChannel(lambda _: Refused("late")), TrialChannel()
    with post.standing() as clock:
        delivery = await post.due(*await post.phone())
        late.gate.clear()
        worker = asyncio.create_task(post.postman(late).deliver("fcm"))
        await late.reached.wait()
        clock.shift(LEASE)
        await post.postman(quick).deliver("fcm")

        late.gate.set()
        await worker

    assert await post.state(delivery) == ("sent", None)


async def test_a_worker_that_comes_back_late_does_not_disturb_who_is_at_it() -> None:
    late, slow = TrialChannel(lambda _: Later("late")), TrialChannel()
    with post.standing() as clock:
        delivery = await post.due(*await post.phone())
        late.gate.clear()
        first = asyncio.create_task(post.postman(late).deliver("fcm"))
        await late.reached.wait()
        clock.shift(LEASE)
        slow.gate.clear()
        second = asyncio.create_task(post.postman(slow).deliver("fcm"))
        await slow.reached.wait()

        late.gate.set()
        await first
        held = (await post.row(delivery))["next_at"] - now()
        slow.gate.set()
        await second

    assert (held, await post.state(delivery)) == (LEASE, ("sent", None))


async def test_what_a_channel_did_not_come_to_is_taken_up_again_at_once_and_was_no_attempt() -> None:
    channel = TrialChannel(lambda _: Later("late", counted=False))
    with post.standing():
        delivery = await post.due(*await post.phone())
        man = post.postman(channel)

        taken = [await man.deliver("fcm") for _ in range(3)]

    assert (taken, await post.state(delivery), (await post.row(delivery))["attempts"]) == (
        [1] * 3,
        ("waiting", "late"),
        0,
    )


async def test_taking_up_does_not_look_at_what_is_finished(house: Settings) -> None:
    person, phone = await post.phone()
    at = now()
    async with transaction():
        await fetch(FINISHED, person, phone, at, at, at + post.HOUR)
    await post.many(person, phone, 100)

    plan = await _plan(house)

    assert "delivery_due" in plan
    assert "Seq Scan" not in plan


async def _plan(house: Settings) -> str:
    """How the database finds what is due, as text."""
    claim = claiming.CLAIM
    explain = Statement(f"EXPLAIN QUERY PLAN {claim.sqlite}")
    explain.postgres = f"EXPLAIN {claim.postgres}"
    at = now()
    async with transaction():
        if house.database_url:
            await fetch(Statement("ANALYZE delivery"))
        rows = await fetch(explain, uuid7(), at + LEASE, "fcm", False, at, 50)
    return "\n".join(str(row[0] if house.database_url else row[3]) for row in rows)


async def test_what_was_settled_is_nobodys_any_more() -> None:
    await post.many(*await post.phone(), 3)

    await post.postman(TrialChannel(lambda _: Later("busy"))).deliver("fcm")

    assert [row["lease"] for row in await Delivery.select(Delivery.lease)] == [None] * 3
