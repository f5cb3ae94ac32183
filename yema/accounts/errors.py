"""What can go wrong while getting in."""

from yema.errors import N_, Conflict, Forbidden, Invalid, NotSignedIn, TooMany


class WrongCode(Invalid):
    """The code is wrong, used up, or has expired: which one is not said."""

    code = "wrong_code"
    title = N_("This code does not work. Check it, or ask for a new one.")


class SignInRevoked(NotSignedIn):
    """An old refresh token came back after the new one was used, so somebody else may have it: the sign-in was ended."""

    code = "sign_in_revoked"
    title = N_("For your safety this sign-in was ended. Please sign in again.")


class TryLater(TooMany):
    """Too many failures from this account or network lately."""

    code = "try_later"
    title = N_("Too many tries. Please wait a moment.")


class CannotRelink(Conflict):
    """Who has an e-mail address, works for an organisation or leads somewhere is not re-linked by a leader."""

    code = "cannot_relink"
    title = N_("This person signs in with their e-mail address or their recovery code.")


class VouchedByTheSame(Forbidden):
    """Whoever re-linked a person cannot also vouch for them: two people have to agree before a diary opens."""

    code = "vouched_by_the_same"
    title = N_("Somebody other than the person who made the code has to do this.")


class DiaryClosed(Forbidden):
    """A token that an operator made on the host opens no journals."""

    code = "diary_closed"
    title = N_("This sign-in does not open journals.")


class NoDeviceHere(Forbidden):
    """A token that an operator made on the host is nobody's phone."""

    code = "no_device_here"
    title = N_("This sign-in was made on the server. It gets no notifications.")


class AdminsOnly(Forbidden):
    """Only who administers the organisation may do that."""

    code = "admins_only"
    title = N_("Only administrators of the organisation may do this.")


class OrganisersOnly(Forbidden):
    """Trainers of an organisation make no exchanges for it."""

    code = "organisers_only"
    title = N_("Only coordinators and administrators of the organisation may do this.")


class OidTaken(Conflict):
    """Another organisation has this OID."""

    code = "oid_taken"
    title = N_("Another organisation has this OID already.")


class LastAdmin(Conflict):
    """An organisation without administrators could not be changed any more."""

    code = "last_admin"
    title = N_("An organisation needs an administrator. Name another one first.")


class UnknownCountry(Invalid):
    """CLDR knows no country of that code."""

    code = "unknown_country"
    title = N_("This country is not known.")
