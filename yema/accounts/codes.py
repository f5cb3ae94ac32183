"""Codes that people read aloud and type: Crockford's base 32, forgiving about case, hyphens, O, I and L."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("OIL", "011", " -\t\n")


def new_code(length: int) -> str:
    """A random code of that many characters, five bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def written(code: str, *groups: int) -> str:
    """The code with hyphens between groups of those lengths, as it is shown."""
    parts, rest = [], code
    for length in groups:
        parts.append(rest[:length])
        rest = rest[length:]
    return "-".join([*parts, rest] if rest else parts)


def read(code: str) -> str:
    """The code as it was made, from whatever a person typed."""
    return code.upper().translate(_READ_AS)
