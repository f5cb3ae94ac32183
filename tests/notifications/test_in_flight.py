"""What happens to a delivery while it is on its way; and slices that take too long for their words."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from tests.notifications import post
from tests.notifications.kinds import happen, kind
from tests.notifications.trial_channel import TrialChannel
from yema.changes.notified import About, Addressee, Message
from yema.ids import now
from yema.notifications.channels import Later, Sent
from yema.notifications.delivering import wording
from yema.notifications.spreading import asking, spread
from yema.notifications.tables import Delivery

pytestmark = pytest.mark.usefixtures("house")

MIDNIGHT = datetime(2026, 7, 1, 22, tzinfo=UTC)
EVENING = datetime(2026, 7, 1, 16, 0, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize("at", [MIDNIGHT, post.NOON])
async def test_what_becomes_urgent_on_its_way_waits_neither_for_the_morning_nor_for_the_service(at: datetime) -> None:
    channel = TrialChannel(lambda _: Later("busy", timedelta(hours=8)))
    with post.standing(at) as clock:
        person, _ = await post.phone()
        await happen("trial", "topic", [person], expires_at=now() + DAY, says="quiet")
        await spread([kind()])
        man = post.postman(channel)
        batch = await man.take_up("fcm")
        assert batch
        clock.shift(1)
        await happen("trial", "topic", [person], expires_at=now() + DAY, says="urgent", urgent=True)
        await spread([kind()])
        await man.see_through(batch)
        channel.answers = lambda _: Sent()
        await man.deliver("fcm")

    assert channel.bodies[-1:] == ["urgent"]


async def test_what_is_told_while_a_digest_is_on_its_way_goes_with_the_next_one() -> None:
    channel, gathered = TrialChannel(), kind("trial", "daily")
    with post.standing() as clock:
        person, _ = await post.phone()
        for says in ("early", "late"):
            if says == "late":
                clock.move_to(EVENING)
                batch = await (man := post.postman(channel, kinds=[gathered])).take_up("fcm")
                clock.shift(3)
            await happen("trial", says, [person], expires_at=now() + 3 * DAY, says=says)
            await spread([gathered])
        assert batch
        await man.see_through(batch)
        clock.shift(60)
        await man.deliver("fcm")
        on_the_day = list(channel.bodies)
        clock.move_to(EVENING + DAY)
        await man.deliver("fcm")

    assert (on_the_day, channel.bodies[1:]) == (["Told: early"], ["Told: late"])


async def test_a_digest_waits_a_little_for_words_that_cannot_be_made_and_then_goes_without_them() -> None:
    async def ill(_: About, __: Sequence[Addressee]) -> Sequence[Message | None]:
        raise RuntimeError("busy")

    kinds = [kind("well", "daily"), kind("ill", "daily")._replace(word=ill)]
    channel = TrialChannel()
    waited = None
    with post.standing() as clock:
        person, phone = await post.phone()
        for one in kinds:
            await post.told(person, one.name, kind=one.name)
        await post.digest(person, phone)
        for second in range(600):
            await post.postman(channel, kinds=kinds).deliver("fcm")
            if channel.bodies:
                waited = second
                break
            clock.shift(1)

    assert (channel.bodies, waited is not None and 0 < waited < 253) == (["Told: well"], True)


async def test_what_a_digest_had_to_wait_for_is_in_it() -> None:
    ill = True

    async def word(_: About, addressees: Sequence[Addressee]) -> Sequence[Message | None]:
        if ill:
            raise RuntimeError("busy")
        return [Message("Told", "fragile") for _ in addressees]

    kinds = [kind("well", "daily"), kind("ill", "daily")._replace(word=word)]
    channel = TrialChannel()
    with post.standing() as clock:
        person, phone = await post.phone()
        for one in kinds:
            await post.told(person, one.name, kind=one.name)
        await post.digest(person, phone)
        man = post.postman(channel, kinds=kinds)
        await man.deliver("fcm")
        ill = False
        clock.shift(10)
        await man.deliver("fcm")

    assert [sorted(body.split("\n")) for body in channel.bodies] == [["Told: fragile", "Told: well"]]


async def test_a_slice_that_hangs_over_its_words_keeps_the_others_waiting_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "WORD_SECONDS", 0.05)
    asked = 0

    async def hang(_: About, __: Sequence[Addressee]) -> Sequence[Message | None]:
        nonlocal asked
        asked += 1
        await asyncio.sleep(60)
        return []

    channel = TrialChannel()
    with post.standing():
        person, phone = await post.phone()
        for says in ("one", "two"):
            hanging = await post.told(person, says, topic=says, kind="hang")
            await post.delivery(person, phone, notification=hanging, topic=says)
        await post.due(person, phone, "well")
        man = post.postman(channel, kinds=[kind("hang")._replace(word=hang), kind()])
        async with asyncio.timeout(5):
            await man.deliver("fcm")

    troubles = sorted(row["trouble"] or "" for row in await Delivery.select(Delivery.trouble))
    assert (channel.bodies, asked, troubles) == (["well"], 1, ["", "no_words", "no_words"])


async def test_a_slice_that_hangs_over_whom_it_concerns_keeps_the_others_waiting_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking, "ASK_SECONDS", 0.05)
    asked = 0

    async def hang(_: object) -> Sequence[object]:
        nonlocal asked
        asked += 1
        await asyncio.sleep(60)
        return []

    ill = kind("ill")._replace(events={"ill": hang})  # type: ignore[dict-item]
    person, _ = await post.phone()
    for number in range(5):
        await happen("ill", f"ill {number}", [person], expires_at=now() + post.HOUR)
    await happen("trial", "urgent", [person], expires_at=now() + post.HOUR, urgent=True)

    await spread([ill, kind()])

    assert (asked, await Delivery.count()) == (1, 1)
