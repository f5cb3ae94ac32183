"""What msgspec says about a field, as a JSON pointer (RFC 6901), a stable code and words of ours."""

import re
from typing import NamedTuple

from yema.errors import N_, FieldError


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    code: str
    words: str


NEEDED = N_("This is needed.")

_RULES = (
    _Rule(re.compile(r"missing required field `(?P<field>.+?)`"), "required", NEEDED),
    _Rule(re.compile(r"unknown field `(?P<field>.+?)`"), "unknown_field", N_("This field is not known here.")),
    _Rule(
        re.compile(r"Year out of range in `(?P<field>.+?)`"),
        "bad_time",
        N_("Write a date or time as in RFC 3339, with its offset."),
    ),
    _Rule(
        re.compile(r"of length <= (?P<limit>\d+)"), "too_long", N_("At most %(limit)s characters or entries, please.")
    ),
    _Rule(
        re.compile(r"of length >= (?P<limit>\d+)"), "too_short", N_("At least %(limit)s characters or entries, please.")
    ),
    _Rule(re.compile(r"(?:int|float)` <= (?P<limit>[\d.-]+)"), "too_large", N_("At most %(limit)s, please.")),
    _Rule(re.compile(r"(?:int|float)` >= (?P<limit>[\d.-]+)"), "too_small", N_("At least %(limit)s, please.")),
    _Rule(re.compile(r"matching regex"), "bad_characters", N_("Some characters are not allowed here.")),
    _Rule(
        re.compile(r"Invalid enum value|Invalid value"), "not_allowed", N_("This value is not one of those allowed.")
    ),
    _Rule(
        re.compile(r"Invalid RFC3339|timezone"), "bad_time", N_("Write a date or time as in RFC 3339, with its offset.")
    ),
    _Rule(re.compile(r"Invalid UUID"), "bad_id", N_("This is not an id.")),
    _Rule(re.compile(r"Expected"), "wrong_type", N_("This value is of the wrong type.")),
)
_OTHERWISE = _Rule(re.compile(""), "invalid", N_("This value is not allowed here."))
_AT = re.compile(r" - at `(?:key in )?\$(?P<path>.*)`$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")


def field_error(message: str) -> FieldError:
    """The field error in a `msgspec.ValidationError`'s message."""
    at = _AT.search(message)
    steps = [name or index for name, index in _STEP.findall(at["path"])] if at else []
    for rule in _RULES:
        if match := rule.pattern.search(message):
            found = match.groupdict()
            if "field" in found:
                steps.append(found.pop("field"))
            return FieldError(_pointer(steps), rule.code, rule.words, **found)
    return FieldError(_pointer(steps), _OTHERWISE.code, _OTHERWISE.words)


def _pointer(steps: list[str]) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
