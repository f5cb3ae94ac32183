"""What leaders must know of a member, on the wire."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from yema.shapes import Draft, Tag, View

Gender = Literal["f", "m", "x"]
LANGUAGES_MAX = 10
Languages = Annotated[list[Tag], Meta(max_length=LANGUAGES_MAX)]
TravelDays = Annotated[int, Meta(ge=0, le=6)]


class ParticularsDraft(Draft):
    """All of them; what is left out is not known. Why somebody has fewer opportunities is never asked."""

    gender: Gender | UnsetType = UNSET
    languages: Languages = []
    fewer_opportunities: bool | UnsetType = UNSET
    guardian_authorised: bool = False
    travel_days: TravelDays | UnsetType = UNSET


class ParticularsView(View):
    """What is known of a member. `languages` are tags of what they speak; `travel_days` are those that the programme funds."""

    languages: list[str]
    guardian_authorised: bool
    gender: Gender | UnsetType = UNSET
    fewer_opportunities: bool | UnsetType = UNSET
    travel_days: int | UnsetType = UNSET


class OwnParticularsDraft(Draft):
    """What I say of myself; what is left out is not known."""

    gender: Gender | UnsetType = UNSET
    languages: Languages = []


class OwnParticularsView(View):
    """What I, or my leader, said of me."""

    languages: list[str]
    gender: Gender | UnsetType = UNSET
