"""What to buy and pack: summed up for the people and groups that there are."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from openpyxl import load_workbook

from tests import make
from tests.client import TestApp
from tests.exchanges.valued import ACTIVITY, DAY, LEADER, POLAND, SPAIN, activity, crowd, exchange, slot, uid
from tests.exchanges.world import World, world
from yema.changes import SpaceKey, transaction
from yema.exchanges.schemas.plan.materials import MaterialsView, MaterialView, Need
from yema.exchanges.shopping import materials_for
from yema.exchanges.tables.plan import Slot
from yema.exchanges.whole import WholeExchange


def lines(whole: WholeExchange) -> list[tuple[str, float, float]]:
    """Name, how much is needed at once, and the sum."""
    return [(one.name, one.needed_at_once, one.sum) for one in materials_for(whole).items]


@pytest.mark.parametrize(
    ("need", "amount"),
    [
        (Need(name="Pen", quantity=2, per="participant"), 20),
        (Need(name="Pen", quantity=2, per="group"), 4),
        (Need(name="Pen", quantity=2, per="total"), 2),
    ],
)
def test_needs_are_multiplied_by_participants_and_by_groups(need: Need, amount: float) -> None:
    """Ten participants and two leaders, of two groups."""
    assert lines(exchange(slot(1, "10:00-11:00", materials=[need]))) == [("Pen", amount, amount)]


@pytest.mark.parametrize(
    ("audience", "participants", "groups"),
    [
        ({}, 10, 2),
        ({"groups": [POLAND]}, 5, 1),
        ({"people": [LEADER, uid(101), uid(201)]}, 2, 1),
        ({"people": [LEADER]}, 1, 1),
    ],
    ids=["all", "a group", "chosen people are one small group", "where only leaders were chosen they are counted"],
)
def test_those_count_for_whom_the_slot_is(audience: dict[str, Any], participants: int, groups: int) -> None:
    needs = [Need(name="A", per="participant"), Need(name="B", per="group")]

    found = lines(exchange(slot(1, "10:00-11:00", materials=needs, **audience)))

    assert [amount for _, _, amount in found] == [participants, groups]


def test_the_activity_and_the_slot_need_things() -> None:
    whole = exchange(
        slot(1, "10:00-11:00", activity=ACTIVITY, materials=[Need(name="Rope", quantity=3)]),
        activities=[activity(Need(name="Ball"), Need(name="Rope"))],
    )

    assert lines(whole) == [("Ball", 1, 1), ("Rope", 4, 4)]


def test_a_cancelled_slot_needs_nothing() -> None:
    assert lines(exchange(slot(1, "10:00-11:00", state="cancelled", materials=[Need(name="Ball")]))) == []


def test_a_thing_is_one_line_however_its_name_is_written() -> None:
    slots = [
        slot(n, f"1{n}:00-1{n}:30", materials=[Need(name=name, unit=unit)])
        for n, (name, unit) in enumerate([("Sun  cream", "Tube"), ("sun cream ", "tube"), ("SUN CREAM", "TUBE ")])
    ]

    [line] = materials_for(exchange(*slots)).items

    assert (line.name, line.unit, line.sum, line.slots) == ("Sun cream", "Tube", 3, [one.id for one in slots])


def test_what_is_measured_otherwise_is_another_line() -> None:
    needs = [Need(name="Water"), Need(name="Water", unit="l"), Need(name="Water", unit="bottle")]

    found = materials_for(exchange(slot(1, "10:00-11:00", materials=needs))).items

    assert [(one.unit, one.sum) for one in found] == [(UNSET, 1), ("bottle", 1), ("l", 1)]


def test_a_ball_for_every_day_is_needed_once_at_a_time() -> None:
    slots = [slot(n, "10:00-11:00", n, materials=[Need(name="Ball")]) for n in range(3)]

    assert lines(exchange(*slots)) == [("Ball", 1, 3)]


def test_what_ends_when_another_begins_is_free_again() -> None:
    parallel = slot(3, "10:30-11:30", groups=[SPAIN], materials=[Need(name="Ball")])
    slots = [
        slot(1, "10:00-11:00", materials=[Need(name="Ball")]),
        slot(2, "11:00-12:00", materials=[Need(name="Ball")]),
    ]

    assert (lines(exchange(*slots)), lines(exchange(*slots, parallel))) == ([("Ball", 1, 2)], [("Ball", 2, 3)])


@pytest.mark.parametrize(
    ("quantity", "amount"), [(0.1, 1), (0.3, 3), (0.11, 2), (0.25, 3)], ids=["1.0", "3.0", "1.1", "2.5"]
)
def test_fractions_for_each_participant_become_whole_things(quantity: float, amount: float) -> None:
    need = Need(name="Loaf", quantity=quantity, per="participant")

    assert lines(exchange(slot(1, "10:00-11:00", materials=[need]))) == [("Loaf", amount, amount)]


def test_halves_of_several_slots_are_rounded_up_together() -> None:
    """A quarter of a loaf for ten is two and a half: five loaves on two days, though three for each."""
    need = Need(name="Loaf", quantity=0.25, per="participant")

    found = materials_for(exchange(*(slot(n, "10:00-11:00", n, materials=[need]) for n in (0, 1))))

    assert ([one.sum for one in found.items], [one.items[0].sum for one in found.days]) == ([5], [3, 3])


def test_half_a_kilo_in_total_stays_half_a_kilo() -> None:
    assert lines(exchange(slot(1, "10:00-11:00", materials=[Need(name="Flour", quantity=0.5, unit="kg")]))) == [
        ("Flour", 0.5, 0.5)
    ]


def test_days_are_those_of_the_exchange() -> None:
    """Half past midnight in Warsaw is still the day before in UTC."""
    found = materials_for(exchange(slot(1, "00:30-01:00", materials=[Need(name="Torch")])))

    assert found.days[0].date == DAY


def test_as_long_as_nobody_has_joined_nothing_is_needed_for_them() -> None:
    need = Need(name="Pen", per="participant")

    assert lines(exchange(slot(1, "10:00-11:00", materials=[need]), people=crowd()[:1])) == [("Pen", 0, 0)]


NEEDS = st.builds(
    Need,
    name=st.sampled_from(["Ball", "Pen", "ball"]),
    quantity=st.integers(0, 500).map(lambda hundredths: hundredths / 100),
    per=st.sampled_from(["participant", "group", "total"]),
)


@st.composite
def plans(draw: st.DrawFn) -> WholeExchange:
    slots = [
        slot(
            n,
            f"{draw(st.integers(8, 20)):02}:00-21:00",
            draw(st.integers(0, 2)),
            materials=draw(st.lists(NEEDS, max_size=3)),
            **draw(st.sampled_from([{}, {"groups": [POLAND]}, {"people": [uid(101)]}])),
        )
        for n in range(draw(st.integers(0, 5)))
    ]
    return exchange(*slots)


@settings(max_examples=50)
@given(plans())
def test_what_is_needed_at_once_is_no_more_than_the_sum_which_is_no_more_than_that_of_the_days(
    whole: WholeExchange,
) -> None:
    found = materials_for(whole)

    for line in found.items:
        same = [one for day in found.days for one in day.items if one.name.lower() == line.name.lower()]
        assert line.needed_at_once <= line.sum <= float(sum(Decimal(str(one.sum)) for one in same))
        assert line.needed_at_once >= max(one.needed_at_once for one in same)


@settings(max_examples=50)
@given(plans(), st.randoms(use_true_random=False))
def test_the_order_of_the_slots_changes_nothing(whole: WholeExchange, random: Random) -> None:
    mixed = list(whole.slots)
    random.shuffle(mixed)

    assert materials_for(msgspec.structs.replace(whole, slots=mixed)) == materials_for(whole)


async def planned(w: World) -> None:
    """A slot with half a metre of rope for each of three participants, and a ball with a name that Excel would carry out."""
    needs = [Need(name="Rope", quantity=0.5, per="participant", unit="m"), Need(name="=Ball")]
    first = await make.slot(w.exchange, "10:00-11:00", title="Knots")
    await make.slot(w.exchange, "12:00-13:00", title="Nothing")
    await needing(w, first, needs)


async def needing(w: World, slot: UUID, needs: list[Need]) -> None:
    async with transaction() as tx:
        await Slot.update({Slot.materials: msgspec.json.encode(needs).decode()}).where(Slot.id == slot)
        tx.touched(SpaceKey("exchange_leaders", w.exchange), "slot", slot)


async def test_leaders_read_what_to_buy(app: TestApp) -> None:
    w = await world()
    await planned(w)

    answer = await (await app.as_(w.leader)).get(f"/exchanges/{w.exchange}/materials")

    found = msgspec.json.decode(answer.content, type=MaterialsView)
    assert [(one.name, one.unit, one.sum) for one in found.items] == [("=Ball", UNSET, 1), ("Rope", "m", 2)]
    assert [(day.date, len(day.items)) for day in found.days] == [(make.DAY, 2)]


async def test_leaders_take_it_along_as_csv(app: TestApp) -> None:
    w = await world()
    await planned(w)

    answer = await (await app.as_(w.leader)).get(f"/exchanges/{w.exchange}/materials.csv")

    assert list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))) == [
        ["Item", "Unit", "In all", "Needed at the same time", "Wed, Jul 14, 2027", "Needed for"],
        ["'=Ball", "", "1", "1", "1", "Knots"],
        ["Rope", "m", "2", "2", "2", "Knots"],
    ]
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


async def test_a_thing_stands_in_its_line_on_each_day_however_its_name_is_written(app: TestApp) -> None:
    w = await world()
    for day, name in enumerate(("Ball", " BALL")):
        await needing(w, await make.slot(w.exchange, day=make.DAY + timedelta(day)), [Need(name=name)])

    answer = await (await app.as_(w.leader)).get(f"/exchanges/{w.exchange}/materials.csv")

    _, *lines = csv.reader(io.StringIO(answer.text, newline=""))
    assert lines == [["Ball", "", "2", "1", "1", "1", "Workshop"]]


async def test_leaders_take_it_along_for_excel(app: TestApp) -> None:
    w = await world()
    await planned(w)

    answer = await (await app.as_(w.leader)).get(
        f"/exchanges/{w.exchange}/materials.xlsx", headers={"Accept-Language": "ar"}
    )

    page = load_workbook(io.BytesIO(answer.content)).active
    assert page is not None
    assert [page["A2"].value, page["C3"].value, page.sheet_view.rightToLeft] == ["=Ball", 2, True]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_a_sheet_that_has_not_changed_is_not_sent_again(app: TestApp, kind: str) -> None:
    w = await world()
    await planned(w)
    leader, path = await app.as_(w.leader), f"/exchanges/{w.exchange}/materials.{kind}"
    tag = (await leader.get(path)).headers["etag"]

    answer = await leader.get(path, headers={"If-None-Match": tag})

    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize("end", ["", ".csv", ".xlsx"])
async def test_participants_do_not_shop(app: TestApp, end: str) -> None:
    w = await world()

    answer = await (await app.as_(w.participant)).get(f"/exchanges/{w.exchange}/materials{end}")

    assert (answer.status_code, answer.json()["code"]) == (403, "leaders_only")


def test_a_line_says_for_which_slots_a_thing_is() -> None:
    line = MaterialView(name="Ball", needed_at_once=1, sum=1, slots=[uid(1001)])

    assert materials_for(exchange(slot(1, "10:00-11:00", materials=[Need(name="Ball")]))).items == [line]
