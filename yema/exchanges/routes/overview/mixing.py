"""Mixed groups, for a workshop or for the evenings of a week."""

import asyncio
from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import UNSET

from yema.accounts.signed_in import SignedIn
from yema.exchanges.errors import CannotMix
from yema.exchanges.mixing import Mix, mix, sizes_of
from yema.exchanges.queries import memberships
from yema.exchanges.queries.overview.mixing import guests_of
from yema.exchanges.schemas.overview.mixing import PEOPLE_MAX, MeetingsView, MixDraft, MixQualityView, MixView

_mixing = asyncio.Semaphore(1)
"""More of them at once would take the processor from everybody else, and none would be ready sooner."""


@post("/exchanges/{exchange_id:uuid}/mixes", operation_id="mixGroups", status_code=200)
async def mix_groups(
    exchange_id: FromPath[UUID], data: JSONBody[MixDraft], person: NamedDependency[SignedIn]
) -> MixView:
    """Split people into small groups, in which nationalities and genders mix, and over the rounds few meet twice. Leaders only.

    Nothing is stored. Where people are chosen, genders and languages count only of those for whom I act. Answers `cannot_mix` where
    there are fewer people than groups, or more than 200.
    """
    membership = await memberships.exchange_led_by(person, exchange_id)
    if (data.size is UNSET) == (data.groups is UNSET):
        raise CannotMix
    guests = await guests_of(membership, None if data.people is UNSET else data.people)
    groups = None if data.groups is UNSET else data.groups
    if not (groups or 1) <= len(guests) <= PEOPLE_MAX:
        raise CannotMix
    sizes = sizes_of(len(guests), size=None if data.size is UNSET else data.size, groups=groups)
    # Some tenths of a second of arithmetic; the loop answers others meanwhile.
    async with _mixing:
        return _view(await asyncio.to_thread(mix, guests, sizes, data.rounds, data.seed), data.seed)


def _view(found: Mix, seed: int) -> MixView:
    quality = found.quality
    return MixView(
        seed=seed,
        rounds=found.rounds,
        meetings=[MeetingsView(times=times, pairs=pairs) for times, pairs in found.meetings.items()],
        quality=MixQualityView(
            repeats=quality.repeats,
            repeats_least=quality.repeats_least,
            same_country=quality.same_country,
            same_gender=quality.same_gender,
            no_common_language=quality.speechless,
        ),
    )


handlers = [mix_groups]
