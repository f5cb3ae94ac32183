"""The words that fields of packs may hold: of what kind an activity, a block or a medium is, and how a translation stands."""

from typing import Annotated, Literal

from msgspec import Meta

from yema.shapes import END

Method = Literal[
    "icebreaker",
    "energiser",
    "name_game",
    "team_building",
    "intercultural_learning",
    "simulation",
    "discussion",
    "creative",
    "outdoor",
    "evaluation",
    "debriefing",
]
Phase = Literal["planning", "preparation", "implementation", "evaluation"]
Setting = Literal["indoor", "outdoor", "online"]
Energy = Literal["calm", "medium", "lively"]
Competence = Literal[
    "literacy", "multilingual", "stem", "digital", "personal", "citizenship", "entrepreneurship", "cultural"
]
"""The key competences for lifelong learning, Council recommendation 2018/C 189/01."""
BlockKind = Literal[
    "title",
    "summary",
    "aim",
    "objective",
    "material",
    "preparation",
    "step",
    "question",
    "text",
    "safety",
    "tip",
    "variation",
    "accessibility",
    "follow_up",
    "handout",
    "picture",
    "sound",
]
MediumKind = Literal["picture", "paper", "sound"]
TranslationState = Literal["fresh", "stale", "missing"]
Per = Literal["participant", "group", "total"]

Slug = Annotated[str, Meta(pattern=f"^[a-z0-9]+(-[a-z0-9]+)*{END}", max_length=80)]
