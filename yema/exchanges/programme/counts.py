"""What the rules count."""

from collections import Counter
from uuid import UUID

from yema.exchanges.whole import WholeExchange


def in_role(whole: WholeExchange, role: str) -> Counter[UUID | None]:
    """How many of a role there are in each group, and without one."""
    return Counter(one.group for one in whole.people.values() if one.role == role)


def in_each_group(whole: WholeExchange, role: str) -> dict[UUID, float]:
    """The same for every group, those without any too."""
    counted = in_role(whole, role)
    return {group: counted[group] for group in whole.parties}


def countries(whole: WholeExchange) -> int:
    return len({party.country for party in whole.parties.values()})


def days(whole: WholeExchange) -> int:
    """Of the activity, the first and the last included."""
    return (whole.ends_on - whole.starts_on).days + 1


def in_all(whole: WholeExchange) -> dict[str, int]:
    """What is counted for the whole exchange, by the name of its rule."""
    return {
        "participants": in_role(whole, "participant").total(),
        "leaders": in_role(whole, "leader").total(),
        "groups": len(whole.parties),
        "countries": countries(whole),
        "days": days(whole),
    }
