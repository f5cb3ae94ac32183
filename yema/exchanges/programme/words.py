"""The rules of the programme, and what they say of an exchange, in the reader's language."""

from babel.numbers import format_decimal

from yema.errors import N_
from yema.exchanges.programme.ceilings import NOT_UNDERSTOOD, PREFIX
from yema.exchanges.programme.findings import Finding
from yema.i18n import catalogue_for, gettext, ngettext

WHAT = {
    "participants_age": N_("Age of the participants on the first day"),
    "leaders_age": N_("Age of the group leaders on the first day"),
    "participants": N_("Participants, without leaders and facilitators"),
    "leaders": N_("Group leaders"),
    "groups": N_("National groups"),
    "countries": N_("Countries that the groups come from"),
    "days": N_("Days, without travel days"),
    "group_participants": N_("Participants of each group"),
    "group_leaders": N_("Leaders of each group"),
    "participants_per_leader": N_("Participants for each leader of a group"),
    "travel_days": N_("Funded travel days of each person"),
}
_BETWEEN = N_("%(what)s: %(least)s to %(most)s")
_AT_LEAST = N_("%(what)s: at least %(least)s")
_AT_MOST = N_("%(what)s: at most %(most)s")
_GUARDIANS = N_("A guardian's written authorisation was seen for everybody under %(age)s")
_CEILING = N_("A rule of the national agency: %(name)s")
_AGENCY = N_("Added by the national agency of this project")


def title_of(finding: Finding, wanted: tuple[str, ...]) -> str:
    """The rule itself, in a few words."""
    if finding.what == NOT_UNDERSTOOD:
        return gettext(wanted, _CEILING, name=finding.code.removeprefix(PREFIX))
    if finding.what == "guardians":
        return gettext(wanted, _GUARDIANS, age=_number(finding.limit_max, wanted))
    what = gettext(wanted, WHAT[finding.what])
    if finding.limit_min is not None and finding.limit_max is not None:
        return gettext(
            wanted,
            _BETWEEN,
            what=what,
            least=_number(finding.limit_min, wanted),
            most=_number(finding.limit_max, wanted),
        )
    if finding.limit_min is not None:
        return gettext(wanted, _AT_LEAST, what=what, least=_number(finding.limit_min, wanted))
    return gettext(wanted, _AT_MOST, what=what, most=_number(finding.limit_max, wanted))


def detail_of(finding: Finding, wanted: tuple[str, ...]) -> str:
    """Whether it holds, by how much it is missed, and what cannot be said; full sentences."""
    if finding.what == NOT_UNDERSTOOD:
        return gettext(wanted, N_("We do not understand this rule. Please check it yourself."))
    return " ".join(_sentences(finding, wanted))


def _sentences(finding: Finding, wanted: tuple[str, ...]) -> list[str]:
    found = []
    if finding.holds:
        found.append(gettext(wanted, N_("This rule holds.")))
    if finding.people:
        many = len(finding.people)
        found.append(
            ngettext(
                wanted, "This rule does not hold for %(n)d person.", "This rule does not hold for %(n)d people.", many
            )
        )
    elif finding.groups:
        many = len(finding.groups)
        found.append(
            ngettext(
                wanted, "This rule does not hold for %(n)d group.", "This rule does not hold for %(n)d groups.", many
            )
        )
    elif finding.holds is False:
        found.append(gettext(wanted, N_("This rule does not hold.")))
    if finding.missed_by is not None:
        found.append(gettext(wanted, N_("The limit is missed by %(by)s."), by=_number(finding.missed_by, wanted)))
    if finding.unknown:
        found.append(_unknown(finding, wanted))
    return found


def _unknown(finding: Finding, wanted: tuple[str, ...]) -> str:
    many = len(finding.unknown)
    if finding.what == "travel_days":
        return ngettext(
            wanted,
            "For %(n)d person it depends on how green the journey is, which we cannot tell yet.",
            "For %(n)d people it depends on how green the journey is, which we cannot tell yet.",
            many,
        )
    return ngettext(
        wanted,
        "For %(n)d person we cannot tell: we do not know their age on that day.",
        "For %(n)d people we cannot tell: we do not know their age on that day.",
        many,
    )


def source_of(finding: Finding, wanted: tuple[str, ...]) -> str:
    """Where the rule stands. The guide is named in its own language."""
    return finding.source or gettext(wanted, _AGENCY)


def _number(value: float | None, wanted: tuple[str, ...]) -> str:
    """As the reader writes numbers; without a decimal sign where there is nothing after it."""
    return format_decimal(value or 0, locale=catalogue_for(wanted))
