"""How activities went: to its author each report, to the writers of the pack all of them, without names."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

from yema.accounts.signed_in import SignedIn
from yema.activities.queries.writing import pack_with_own_activity, pack_written_by
from yema.activities.schemas.runs import ActivityRunsView, RunNumbers, RunsView, RunView, ToldRunView
from yema.activities.tables import RunReport
from yema.database import Row, Statement, as_id, fetch
from yema.errors import NotFound
from yema.shapes import YEARS, present

_PLANNED = "SELECT id, slug, minutes_min, minutes_max, group_size_min, group_size_max FROM activity"
_PLANNED_ONE = Statement(f"{_PLANNED} WHERE id = {{}}")
_PLANNED_ALL = Statement(
    f"{_PLANNED} WHERE pack = {{}} AND (position >= 0 OR id IN (SELECT activity FROM run_report)) ORDER BY position, id"
)
_TOLD_ONE = Statement(
    "SELECT activity, minutes, group_size, count(*) FROM run_report WHERE activity = {}"
    " GROUP BY activity, minutes, group_size"
)
_TOLD_ALL = Statement(
    "SELECT r.activity, r.minutes, r.group_size, count(*) FROM run_report r JOIN activity a ON a.id = r.activity"
    " WHERE a.pack = {} GROUP BY r.activity, r.minutes, r.group_size"
)


class Place(NamedTuple):
    """Where a report stands in a list: the newest week first, and within it in no order that says anything."""

    told_at: datetime
    id: UUID

    @classmethod
    def read(cls, key: str) -> "Place":
        """Raises `ValueError` for what is not one."""
        told_at, _, report = key.partition(" ")
        place = cls(datetime.fromisoformat(told_at), UUID(report))
        if place.told_at.tzinfo is None or place.told_at.year not in YEARS:
            raise ValueError(key)
        return place

    def __str__(self) -> str:
        return f"{self.told_at.isoformat()} {self.id}"


async def own_run(person: SignedIn, slot: UUID) -> RunView:
    """What this person told about a slot, also after they have left the exchange. Raises `NotFound`."""
    found = await own_runs_by_slot(person, [slot])
    if not found:
        raise NotFound
    return found[slot]


async def own_runs_by_slot(person: SignedIn, slots: Sequence[UUID]) -> dict[UUID, RunView]:
    """What this person told about these slots."""
    rows = await RunReport.select().where(RunReport.by == person.id, RunReport.slot.is_in(list(slots)))
    fields = ("slot", "activity", "minutes", "group_size", "change", "locale", "version")
    return {
        row["slot"]: RunView(**{field: row[field] for field in fields}, pack_version=present(row["number"]))
        for row in rows
    }


async def runs_collected_by(
    person: SignedIn, activity: UUID, limit: int, after: Place | None
) -> tuple[RunsView, list[Place]]:
    """The runs of an activity that this person writes, the newest week first, and the place of each.

    One more item than `limit` where there are more. Raises `NotFound`.
    """
    await pack_with_own_activity(person, activity, removed=True)  # what was told stays worth reading
    [planned] = await fetch(_PLANNED_ONE, activity)
    count, minutes, group_size = _numbers(planned, await fetch(_TOLD_ONE, activity))
    rows = await _page_of(activity, limit, after)
    view = RunsView(count=count, minutes=minutes, group_size=group_size, items=[_told(row) for row in rows])
    return view, [Place(row["told_at"], row["id"]) for row in rows]


async def runs_of_pack_collected_by(person: SignedIn, pack: UUID) -> list[ActivityRunsView]:
    """The runs of each activity in numbers, in the order of the pack. Raises `NotFound`."""
    await pack_written_by(person, pack)
    told = defaultdict(list)
    for row in await fetch(_TOLD_ALL, pack):
        told[as_id(row[0])].append(row)
    found = []
    for planned in await fetch(_PLANNED_ALL, pack):
        activity = as_id(planned[0])
        count, minutes, group_size = _numbers(planned, told[activity])
        found.append(
            ActivityRunsView(activity=activity, slug=planned[1], count=count, minutes=minutes, group_size=group_size)
        )
    return found


async def _page_of(activity: UUID, limit: int, after: Place | None) -> list[dict[str, Any]]:
    query = RunReport.select(
        RunReport.id,
        RunReport.number,
        RunReport.minutes,
        RunReport.group_size,
        RunReport.change,
        RunReport.locale,
        RunReport.told_at,
    ).where(RunReport.activity == activity)
    if after:
        same_week = (RunReport.told_at == after.told_at) & (RunReport.id > after.id)
        query = query.where((RunReport.told_at < after.told_at) | same_week)
    return await query.order_by(RunReport.told_at, ascending=False).order_by(RunReport.id).limit(limit + 1)


def _told(row: dict[str, Any]) -> ToldRunView:
    return ToldRunView(
        minutes=row["minutes"],
        group_size=row["group_size"],
        change=row["change"],
        locale=row["locale"],
        told_on=row["told_at"].date(),
        version=present(row["number"]),
    )


def _numbers(planned: Row, told: Sequence[Row]) -> tuple[int, RunNumbers, RunNumbers]:
    """(how many reports, their minutes, their sizes). `told` are (activity, minutes, size, how often)."""
    minutes = _summed((row[1], row[3]) for row in told)
    sizes = _summed((row[2], row[3]) for row in told)
    return sum(minutes.values()), _range(planned[2], planned[3], minutes), _range(planned[4], planned[5], sizes)


def _summed(values: Iterable[tuple[int, int]]) -> Counter[int]:
    often: Counter[int] = Counter()
    for value, times in values:
        often[value] += times
    return often


def _range(planned_min: int, planned_max: int, often: Counter[int]) -> RunNumbers:
    if not often:
        return RunNumbers(planned_min=planned_min, planned_max=planned_max)
    return RunNumbers(
        planned_min=planned_min,
        planned_max=planned_max,
        median=median(often.elements()),
        least=min(often),
        most=max(often),
    )
