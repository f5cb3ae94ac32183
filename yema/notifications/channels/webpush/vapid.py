"""Saying who we are to a push service: a signed note for its origin (VAPID, RFC 8292)."""

from datetime import datetime, timedelta

from yema.notifications.channels.webpush.keys import private_key, public_key
from yema.settings import Settings

GOOD_FOR = timedelta(hours=12)
"""RFC 8292, 2 allows a day; some services count from their own clock."""
RENEWED_AFTER = timedelta(hours=6)
KEPT_MAX = 500
"""Origins are named by browsers, and so by anybody."""


class Vapid:
    """Makes the `Authorization` for an origin; signing takes longer than all else, so each note is used for some hours."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._kept: dict[str, tuple[datetime, str]] = {}

    def get_ready(self) -> None:
        """Read, or make, the key. Blocks. Raises `VapidKeyBroken`."""
        import jwt  # noqa: F401 - so that it is loaded in a thread

        private_key(self._settings)

    def authorization(self, origin: str, now: datetime) -> str:
        """For `https://push.example` or the like, without a path. Raises `VapidKeyBroken`."""
        made_at, header = self._kept.get(origin, (None, ""))
        if made_at is not None and made_at <= now < made_at + RENEWED_AFTER:
            return header
        import jwt  # only where something is pushed: the route with the public key does without

        claims = {"aud": origin, "exp": int((now + GOOD_FOR).timestamp()), "sub": self._settings.vapid_subject}
        note = jwt.encode(claims, private_key(self._settings), algorithm="ES256")
        header = f"vapid t={note}, k={public_key(self._settings)}"
        if len(self._kept) >= KEPT_MAX:
            self._kept.clear()
        self._kept[origin] = (now, header)
        return header
