"""The small phone tells how an activity went."""

from typing import Any
from uuid import UUID

from tests import make
from tests.client import TestApp
from tests.exchanges.test_runs import TOLD, ran
from tests.phone import Carried, Phone
from yema.app import KINDS


async def carried(app: TestApp, person: UUID) -> Carried:
    phone = Carried(app.with_token(await make.token(person)))
    await phone.pull()
    return phone


def told(phone: Carried) -> dict[str, Any]:
    return {slot: report["minutes"] for slot, report in phone.phone.all("run_report").items()}


def test_the_small_phone_knows_every_kind_of_today() -> None:
    assert Phone().kinds_version == KINDS.version


async def test_a_report_is_told_changed_taken_back_and_told_anew(app: TestApp) -> None:
    everybody, _, slot = await ran()
    one, other = await carried(app, everybody.leader), await carried(app, everybody.leader)
    seen = []
    for reports in (
        [TOLD],
        [{**TOLD, "minutes": 60}],
        [None],
        [{**TOLD, "minutes": 70}],
        [None, {**TOLD, "minutes": 80}],
    ):
        for report in reports:
            one.phone.tell_run(str(slot), report)
        await one.push()
        await other.pull()
        seen.append(told(other).get(str(slot)))

    assert (seen, one.phone.refused, one.phone.noticed) == ([50, 60, None, 70, 80], [], [])


async def test_a_slot_and_how_it_went_are_changed_apart(app: TestApp) -> None:
    everybody, _, slot = await ran()
    phone = await carried(app, everybody.leader)
    for minutes in (40, 45, 50):
        phone.phone.tell_run(str(slot), {**TOLD, "minutes": minutes})
        await phone.push()

    phone.phone.change(str(slot), title="River walk", locale="en")
    phone.phone.tell_run(str(slot), {**TOLD, "minutes": 55})
    await phone.push()
    await phone.pull()

    assert (phone.phone.all("slot")[str(slot)]["title"], told(phone)) == ("River walk", {str(slot): 55})
    assert (phone.phone.refused, phone.phone.noticed) == ([], [])


async def test_the_second_phone_is_shown_what_the_first_one_told(app: TestApp) -> None:
    everybody, _, slot = await ran()
    one, other = await carried(app, everybody.leader), await carried(app, everybody.leader)
    one.phone.tell_run(str(slot), TOLD)
    await one.push()

    other.phone.tell_run(str(slot), {**TOLD, "minutes": 60})
    await other.push()
    [shown] = other.phone.noticed
    other.phone.tell_run(str(slot), {**TOLD, "minutes": 60})
    await other.push()
    await one.pull()

    assert (shown["current"]["minutes"], told(one)) == (50, {str(slot): 60})
