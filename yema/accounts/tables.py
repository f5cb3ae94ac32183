"""People, organisations, sign-ins, and what counts tries."""

from piccolo.columns import UUID, Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from yema.changes import synced


@synced("me")
class Person(Table, tablename="person"):
    """Somebody. Of the birth only year and month are kept (`2009-05`); many have no address."""

    id = UUID(primary_key=True, default=None)
    display_name = Varchar(length=200)
    locale = Varchar(length=20)
    email = Varchar(length=254, null=True, default=None, unique=True)
    born = Varchar(length=7, null=True, default=None)
    suspended_at = Timestamptz(null=True, default=None)
    made_at = Timestamptz(default=None)


class Organisation(Table, tablename="organisation"):
    """An association or school. `oid` is its number in the programme: E and eight digits."""

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=200)
    oid = Varchar(length=9, null=True, default=None, unique=True)
    country = Varchar(length=2)


class Staff(Table, tablename="staff"):
    """A person working for an organisation, as `coordinator`, `trainer` or `admin`. Unique by both and the role."""

    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=False)
    organisation = ForeignKey(Organisation, null=False)
    role = Varchar(length=20)


class SignIn(Table, tablename="sign_in"):
    """A person on one phone. Its refresh tokens are counted by `generation`; `rotation` marks who asked for the last one.

    `via` says how it began: join, email, code, recovery, relink, operator, demo. After a re-link, `diary_since` hides what was
    written before it.
    """

    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=False, index=True)
    via = Varchar(length=20)
    generation = Integer(default=0)
    rotation = Varchar(length=64)
    made_at = Timestamptz(default=None)
    last_used_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
    diary_since = Timestamptz(null=True, default=None)


class Device(Table, tablename="device"):
    """Where a person's pushes go: an app on a phone, or a browser, under an id that the app has made. It belongs to one sign-in.

    `channel` is fcm or webpush; `address` an FCM token (`address_kind` token), an installation (fid), or a push service's URL (endpoint)
    with its keys `p256dh` and `auth`. Unique by `address_hash`: whoever signs in last on a shared phone has it. `gone_at`: the push
    service says that it is no more.
    """

    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=False, index=True)
    sign_in = ForeignKey(SignIn, null=False, index=True)
    platform = Varchar(length=10)
    channel = Varchar(length=10)
    address_kind = Varchar(length=10)
    address = Text()
    address_hash = Varchar(length=64, unique=True)
    p256dh = Varchar(length=100, null=True, default=None)
    auth = Varchar(length=40, null=True, default=None)
    locale = Varchar(length=20)
    zone = Varchar(length=60)
    made_at = Timestamptz(default=None)
    registered_at = Timestamptz(default=None)
    gone_at = Timestamptz(null=True, default=None)


class AccessToken(Table, tablename="access_token"):
    """The keyed hash of an opaque access token."""

    hash = Text(primary_key=True)
    sign_in = ForeignKey(SignIn, null=False, index=True)
    expires_at = Timestamptz(default=None)


class SignInCode(Table, tablename="sign_in_code"):
    """A code that opens a sign-in once: `second_phone` and `relink` for ten minutes, `recovery` until it is used.

    `shown_on` is the sign-in that showed a second phone's code: the new one opens what that one opens, while it lasts.
    """

    hash = Text(primary_key=True)
    person = ForeignKey(Person, null=False, index=True)
    kind = Varchar(length=20)
    shown_on = ForeignKey(SignIn, null=True, default=None)
    expires_at = Timestamptz(null=True, default=None)
    used_at = Timestamptz(null=True, default=None)


class Challenge(Table, tablename="challenge"):
    """An e-mail code that was asked for. There is one for unknown addresses too, with nobody in it."""

    hash = Text(primary_key=True)
    person = ForeignKey(Person, null=True)
    code = Text()
    account = Text()
    tries = Integer(default=0)
    used = Boolean(default=False)
    expires_at = Timestamptz(default=None, index=True)


class Throttle(Table, tablename="throttle"):
    """Failures counted for one key (a keyed hash of an account, a network, everything) since `since`."""

    key = Text(primary_key=True)
    failures = Integer(default=0)
    since = Timestamptz(default=None)
    last_at = Timestamptz(default=None)


class Notice(Table, tablename="account_notice"):
    """Something about their account that a person is shown: a re-link, an operator's token, a diary that was opened."""

    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=False, index=True)
    kind = Varchar(length=30)
    by = UUID(null=True, default=None)
    at = Timestamptz(default=None)
