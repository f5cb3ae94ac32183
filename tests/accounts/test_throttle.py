"""Slowing down who guesses, without ever locking anybody out. The clock stands still, so that waits are exact."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests import make
from tests.accounts.doors import by_code, join, join_code, mails, told
from tests.client import TestApp
from yema.accounts import throttle
from yema.accounts.errors import TryLater
from yema.accounts.tables import Throttle
from yema.accounts.throttle import Tries
from yema.changes import transaction
from yema.settings import Settings

Clock = time_machine.Traveller
WRONG = (400, "wrong_code")
LATER = (429, "try_later")
HOSTEL = "192.0.2.1"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Clock]:
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield traveller


async def failed_before(scope: str, value: str, failures: int) -> None:
    """So many failures just now, as the table counts them."""
    at = datetime.now(UTC)
    async with transaction():
        await Throttle.insert(Throttle(key=throttle._key(scope, value), failures=failures, since=at, last_at=at))


async def wait_of(account: str, network: str) -> int:
    """The seconds that a try has to wait; 0 where it may go on."""
    try:
        await Tries(account, network).may_try()
    except TryLater as later:
        return later.retry_after or 0
    return 0


@pytest.mark.parametrize(
    ("failures", "seconds"), [(4, 0), (5, 1), (6, 2), (7, 4), (9, 16), (10, 30), (50, 30), (1_000_000, 30)]
)
async def test_an_account_waits_longer_with_every_failure_and_never_over_thirty_seconds(
    house: Settings, failures: int, seconds: int
) -> None:
    await failed_before("account", "ana", failures)

    assert await wait_of("ana", HOSTEL) == seconds


@pytest.mark.parametrize(
    ("scope", "value", "failures", "seconds"),
    [
        ("network", HOSTEL, 59, 0),
        ("network", HOSTEL, 60, 1),
        ("network", HOSTEL, 1_000_000, 10),
        ("all", "", 599, 0),
        ("all", "", 600, 1),
        ("all", "", 1_000_000, 2),
    ],
)
async def test_waits_for_others_failures_are_short(
    house: Settings, scope: str, value: str, failures: int, seconds: int
) -> None:
    await failed_before(scope, value, failures)

    assert await wait_of("ana", HOSTEL) == seconds


async def test_failures_are_forgotten_after_a_quarter_of_an_hour(house: Settings, clock: Clock) -> None:
    await failed_before("account", "ana", 1_000_000)
    clock.shift(timedelta(minutes=15, seconds=1))

    waits = [await wait_of("ana", HOSTEL)]
    await Tries("ana", HOSTEL).failed()
    waits.append(await wait_of("ana", HOSTEL))

    assert waits == [0, 0]


async def test_what_is_forgotten_is_swept_away(house: Settings, clock: Clock) -> None:
    # Else whoever guesses could fill the disk with counters.
    for number in range(10):
        await Tries(f"guess {number}", f"198.51.100.{number}").failed()
    clock.shift(timedelta(minutes=16))

    await Tries("ana", HOSTEL).failed()

    assert await Throttle.count() == 3


async def test_a_wrong_code_makes_the_next_try_wait(app: TestApp, clock: Clock) -> None:
    code = str((await join_code(await make.exchange())).code)
    wrong = f"{code[:4]}-00000-00000"

    answers = [told(await join(app.anybody, code=wrong)) for _ in range(5)]
    waiting = await join(app.anybody, code=code)
    clock.shift(int(waiting.headers["retry-after"]))
    after = await join(app.anybody, code=code)

    assert answers == [WRONG] * 5
    assert (told(waiting), waiting.headers["retry-after"]) == (LATER, "1")
    assert after.status_code == 201


async def test_nobody_is_ever_locked_out(app: TestApp, clock: Clock) -> None:
    code = str((await join_code(await make.exchange())).code)
    waits = []
    for _ in range(12):
        answer = await join(app.anybody, code=f"{code[:4]}-00000-00000")
        waits.append(int(answer.headers.get("retry-after", 0)))
        clock.shift(waits[-1])

    clock.shift(30)
    right = await join(app.anybody, code=code)

    assert max(waits) <= 30
    assert right.status_code == 201


async def test_a_success_clears_the_account(app: TestApp, clock: Clock) -> None:
    code = str((await join_code(await make.exchange())).code)
    wrong = f"{code[:4]}-00000-00000"
    for _ in range(4):
        await join(app.anybody, code=wrong)

    right = await join(app.anybody, code=code)
    answers = [told(await join(app.anybody, code=wrong)) for _ in range(5)]

    assert right.status_code == 201
    assert answers == [WRONG] * 5


async def test_a_code_with_its_uses_gone_still_waits(app: TestApp) -> None:
    # A code that is used up counts as a wrong one: knowing it is no way around the wait.
    code = await join_code(await make.exchange(), uses_max=1)
    await join(app.anybody, secret=code.secret)

    answers = [told(await join(app.anybody, code=code.code)) for _ in range(6)]

    assert answers == [*[WRONG] * 5, LATER]


async def test_a_hostel_is_not_stopped_below_sixty_failures(app: TestApp) -> None:
    answers = [told(await by_code(app, f"WRONG-{number}")) for number in range(61)]

    assert answers == [*[WRONG] * 60, LATER]


async def test_wrong_scans_of_others_do_not_make_mine_wait(app: TestApp) -> None:
    # A QR's secret has 128 bits and no account behind it: only the network and the whole are slowed down.
    code = await join_code(await make.exchange())
    answers = [told(await join(app.anybody, secret=f"wrong-{number}")) for number in range(20)]

    mine = await join(app.anybody, secret=code.secret)

    assert answers == [WRONG] * 20
    assert mine.status_code == 201


async def test_a_network_that_failed_much_waits_ten_seconds_at_most(app: TestApp, clock: Clock) -> None:
    code = await join_code(await make.exchange())
    await failed_before("network", HOSTEL, 5000)

    waiting = await join(app.anybody, secret=code.secret)
    clock.shift(10)
    after = await join(app.anybody, secret=code.secret)

    assert (told(waiting), waiting.headers["retry-after"]) == (LATER, "10")
    assert after.status_code == 201


async def test_nobodys_mailbox_is_filled(app: TestApp, settings: Settings) -> None:
    await make.person(email="ana@example.org")
    body = [{"email": "ana@example.org"}, {"email": "nobody@example.org"}]

    answers = [[told(await app.anybody.post("/sign-in/email", json=one)) for _ in range(7)] for one in body]

    assert answers[0] == answers[1] == [*[(202, "")] * 5, LATER, LATER]
    assert len(mails(settings)) == 5


async def test_a_hostel_may_ask_for_sixty_mails_and_still_join(app: TestApp) -> None:
    # Asking for a code is no failure of the network: sixty people who arrive together all do it.
    code = await join_code(await make.exchange())
    for number in range(60):
        await app.anybody.post("/sign-in/email", json={"email": f"{number}@example.org"})

    assert (await join(app.anybody, secret=code.secret)).status_code == 201


async def test_the_wait_is_said_in_the_readers_language(app: TestApp) -> None:
    from yema.i18n import gettext, ngettext

    await failed_before("network", HOSTEL, 61)

    answer = await app.anybody.post("/sign-in/code", json={"code": "x"}, headers={"accept-language": "pl"})

    wait = ngettext(("pl",), "Try again in %(n)d second.", "Try again in %(n)d seconds.", 2)
    assert (answer.json()["detail"], answer.json()["title"]) == (wait, gettext(("pl",), TryLater.title))
