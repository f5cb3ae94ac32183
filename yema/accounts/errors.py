"""What can go wrong while getting in."""

from yema.errors import N_, Forbidden, Invalid, NotSignedIn, TooMany


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


class DiaryClosed(Forbidden):
    """A token that an operator made on the host opens no journals."""

    code = "diary_closed"
    title = N_("This sign-in does not open journals.")
