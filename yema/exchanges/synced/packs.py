"""The packs that an exchange plans with, and how their activities went, as phones pull and push them."""

from yema.accounts.signed_in import SignedIn
from yema.activities.actions.reporting import take_run_back
from yema.activities.queries.reporting import own_run, own_runs_by_slot
from yema.activities.schemas.runs import RunDraft
from yema.changes import Applied, Mutation, Pulled, Pushed, SpaceKey
from yema.errors import Stale
from yema.exchanges.actions.plan import runs
from yema.exchanges.queries.memberships import membership_behind
from yema.exchanges.queries.plan.packs import planned_packs
from yema.exchanges.synced.acting import Ids, Views, around


async def _planned_packs(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    found = await planned_packs(await membership_behind(person, space), person)
    return {view.pack: view for view in found if view.pack in ids}


async def _run_reports(person: SignedIn, space: SpaceKey, ids: Ids) -> Views:
    return await own_runs_by_slot(person, ids)


async def _tell_run(person: SignedIn, mutation: Mutation, draft: RunDraft) -> Applied:
    """A report's id is that of its slot: in a person's own space there is one for each."""
    membership = await around(person, mutation.id)
    try:
        return Applied(
            await runs.tell_run(membership, mutation.id, draft, person, mutation.base_version, mutation.once)
        )
    except Stale as stale:
        raise Stale(current=await own_run(person, mutation.id)) from stale


async def _take_run_back(person: SignedIn, mutation: Mutation, _: None) -> Applied:
    try:
        return Applied(await take_run_back(person, mutation.id, mutation.base_version, mutation.once))
    except Stale as stale:
        raise Stale(current=await own_run(person, mutation.id)) from stale


pulled = [
    Pulled("planned_pack", _planned_packs, since=2, worded=True),
    Pulled("run_report", _run_reports, since=2),
]

pushed = [
    Pushed("run_report", "make", _tell_run, RunDraft),
    Pushed("run_report", "change", _tell_run, RunDraft),
    Pushed("run_report", "delete", _take_run_back),
]
