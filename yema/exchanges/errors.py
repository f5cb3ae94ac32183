"""What can go wrong in an exchange."""

from yema.errors import N_, Conflict, Forbidden, Invalid, TooMany, YemaError


class LeadersOnly(Forbidden):
    """Only those who lead this exchange may do that."""

    code = "leaders_only"
    title = N_("Only group leaders may do this.")


class OwnGroupOnly(Forbidden):
    """A leader acts for their own group; coordinators for all."""

    code = "own_group_only"
    title = N_("You may do this for your own group only.")


class CoordinatorsOnly(Forbidden):
    """Only coordinators of this exchange may do that."""

    code = "coordinators_only"
    title = N_("Only coordinators may do this.")


class WaitsForApproval(Forbidden):
    """The person has joined, and no leader has let them in yet. Sync tells a phone to keep what it has written and ask again."""

    code = "waits_for_approval"
    temporary = True
    title = N_("A leader has to let you in first.")


class EndsBeforeItStarts(Invalid):
    """A slot has to end after it starts, and within three days."""

    code = "ends_before_it_starts"
    title = N_("The end must come after the start, and within three days.")


class UnknownZone(Invalid):
    """The zone is not in the IANA time zone database."""

    code = "unknown_zone"
    title = N_("This time zone is not known.")


class NotOfThisExchange(Invalid):
    """A venue, group, person or activity that was named does not belong to this exchange."""

    code = "not_of_this_exchange"
    title = N_("Something you named does not belong to this exchange.")


class TooManyRepeats(Invalid):
    """A slot comes again on sixty days at most, within a year."""

    code = "too_many_repeats"
    title = N_("A slot can be repeated on 60 days at most, within one year.")


class TooManySlots(Conflict):
    """The plan has as many slots as it can have, those that are cancelled left out."""

    code = "too_many_slots"
    title = N_("A plan has %(limit)d slots at most. Cancel some of them first.")


class SlotCancelled(Conflict):
    """The slot was cancelled and cannot be changed any more."""

    code = "slot_cancelled"
    title = N_("This slot was cancelled.")


class NoActivity(Conflict):
    """A meal, free time or a journey has no activity of which one could say how it went."""

    code = "no_activity"
    title = N_("This slot has no activity.")


class VersionWithdrawn(Conflict):
    """The authors have withdrawn the version: what is planned with it stays, and nothing new is."""

    code = "version_withdrawn"
    title = N_("The authors have withdrawn this version of the pack. Take another one first.")


class NotInPlannedVersion(Conflict):
    """The activity came with a newer version of its pack than the one that the exchange plans with."""

    code = "not_in_planned_version"
    title = N_("This activity came with a newer version of its pack. Take that one first.")


class SlotsNeedIt(Conflict):
    """Slots of the plan have activities that the other version does not have; `errors` names them."""

    code = "slots_need_it"
    title = N_("The other version does not have all activities that you have planned.")


class NothingToRelease(Conflict):
    """The plan is as it was last told."""

    code = "nothing_to_release"
    title = N_("Nothing has changed since the last release.")


class NotTheNewestRelease(Conflict):
    """Only the newest release can be undone, of those that are not undone already and did not undo another one."""

    code = "not_the_newest_release"
    title = N_("Only the newest release can be undone.")


class ReleaseCannotBeUndone(Conflict):
    """It was made before the server kept what a release replaced."""

    code = "release_cannot_be_undone"
    title = N_("This release is too old to be undone. Change the plan and release it.")


class HasLeft(Conflict):
    """Nobody is brought back without their own doing."""

    code = "has_left"
    title = N_("This person has left. They can join again with a code.")


class AlreadyMember(Conflict):
    """This person has joined this exchange before."""

    code = "already_member"
    title = N_("You have already joined this exchange.")


class TooManyAnnouncements(Conflict):
    """An exchange has a thousand announcements at most that were not taken back."""

    code = "too_many_announcements"
    title = N_("This exchange has too many announcements. Take back old ones first.")


class AnnouncedTooOften(TooMany):
    """By one person in one exchange: ten urgent announcements in an hour, or a hundred of any sort in a day, also those taken back."""

    code = "announced_too_often"
    title = N_("You have announced a lot in a short time. Wait a while before you announce more.")


class NobodyToRemind(Conflict):
    """Everybody has seen the announcement."""

    code = "nobody_to_remind"
    title = N_("Everybody has seen this already.")


class RemindedJustNow(Conflict):
    """Less than ten minutes have passed since the last reminder."""

    code = "reminded_just_now"
    title = N_("They were reminded a moment ago. Wait ten minutes before you remind them again.")


class NotCsv(YemaError):
    """The body is said to be something else than a table."""

    status = 415
    code = "unsupported_media_type"
    title = N_("Send this as text/csv.")


class UnreadableList(Invalid):
    """No table in UTF-8 whose first line names the columns that there are, or more than 500 lines."""

    code = "unreadable_list"
    title = N_(
        "This list cannot be read. Save it as CSV in UTF-8, with the names of the columns in the first line, and at most 500 people."
    )


class WrongDays(Invalid):
    """An exchange ends on the day on which it starts or later, and has 60 days at most."""

    code = "wrong_days"
    title = N_("The last day must not come before the first, and an exchange has 60 days at most.")


class GroupInUse(Conflict):
    """Members, slots or travel legs are of the group; `errors` names the slots."""

    code = "group_in_use"
    title = N_("People, slots or journeys belong to this group. Move them to another one first.")


class PlaceInUse(Conflict):
    """Slots take place at the venue or in the room, on the plan or as they were told last; `errors` names them."""

    code = "place_in_use"
    title = N_("Slots take place there. Move them first, and release the plan.")


class NotACalendar(YemaError):
    """The body is said to be something else than a calendar or a schedule."""

    status = 415
    code = "unsupported_media_type"
    title = N_("Send this as text/calendar or as application/json.")


class CalendarUnreadable(Invalid):
    """The body is no iCalendar file, or no schedule.json, or it is broken off in the middle."""

    code = "calendar_unreadable"
    title = N_("This file cannot be read as a calendar.")


class TooManyEvents(Invalid):
    """The file holds more events than an exchange can have."""

    code = "too_many_events"
    title = N_("This file holds more than %(limit)d events. Take out what is not about this exchange.")


class CannotMix(Invalid):
    """Neither or both of `size` and `groups` were given, or there are fewer people than groups, or more than 200."""

    code = "cannot_mix"
    title = N_(
        "Choose either how large the groups are or how many there are. There must be enough people for them, and at most 200."
    )


class HelpTaken(Conflict):
    """Somebody else is already on their way; `current` says who."""

    code = "help_taken"
    title = N_("Somebody is already on the way.")


class HelpClosed(Conflict):
    """The request for help is over."""

    code = "help_closed"
    title = N_("This is over: nobody needs to come any more.")


class HelpAskedTooOften(TooMany):
    """Twenty requests in a day by one person. Adding words to one that is open is always possible."""

    code = "help_asked_too_often"
    title = N_("No more requests can be taken here today. Go to a leader, or call one.")
