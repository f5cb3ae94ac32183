"""Refreshing: like a phone in a tunnel, and like somebody who stole a token."""

import asyncio
import base64
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests import make
from tests.accounts.doors import refresh, status_with, told
from tests.client import TestApp
from yema.accounts.actions import tokens
from yema.accounts.actions.tokens import RefreshToken
from yema.accounts.schemas import TokensView
from yema.accounts.tables import AccessToken, SignIn
from yema.settings import Settings

REVOKED = (401, "sign_in_revoked")
UNKNOWN = (401, "not_signed_in")


async def test_new_tokens_for_old(app: TestApp) -> None:
    first = await make.tokens(await make.person())

    second = (await refresh(app, first.refresh_token, "rotation-1")).json()

    assert second["refresh_token"] != first.refresh_token
    assert await status_with(app, second["access_token"]) == 200


async def test_a_lost_answer_is_given_again_word_for_word(app: TestApp) -> None:
    first = await make.tokens(await make.person())

    lost, again = [await refresh(app, first.refresh_token, "rotation-1") for _ in range(2)]
    onward = await refresh(app, again.json()["refresh_token"], "rotation-2")

    assert lost.json() == again.json()
    assert onward.status_code == 200


async def test_an_answer_that_is_given_again_late_holds_what_it_promises(app: TestApp) -> None:
    # The phone sat in the tunnel for fifty minutes: `expires_in` counts from this answer.
    first = await make.tokens(await make.person())
    await refresh(app, first.refresh_token, "rotation-1")

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=50)):
        again = (await refresh(app, first.refresh_token, "rotation-1")).json()
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=50, seconds=again["expires_in"] - 10)):
        assert await status_with(app, again["access_token"]) == 200


async def test_an_access_token_lives_an_hour(app: TestApp) -> None:
    first = await make.tokens(await make.person())

    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=3590)):
        before = await status_with(app, first.access_token)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=3601)):
        after = await status_with(app, first.access_token)

    assert (before, after) == (200, 401)


async def test_once_the_new_token_was_used_the_old_one_ends_the_family(app: TestApp) -> None:
    first = await make.tokens(await make.person())
    second = (await refresh(app, first.refresh_token, "rotation-1")).json()
    third = (await refresh(app, second["refresh_token"], "rotation-2")).json()

    replay = await refresh(app, first.refresh_token, "rotation-1")

    assert told(replay) == REVOKED
    assert told(await refresh(app, third["refresh_token"], "rotation-3")) == UNKNOWN
    access = (first.access_token, second["access_token"], third["access_token"])
    assert [await status_with(app, token) for token in access] == [401, 401, 401]


async def test_another_rotation_of_a_used_token_ends_the_family(app: TestApp) -> None:
    # A thief and the owner each use the same token: nobody can tell which is which, so both are out.
    first = await make.tokens(await make.person())
    owner = (await refresh(app, first.refresh_token, "rotation-1")).json()

    thief = await refresh(app, first.refresh_token, "rotation-of-a-thief")

    assert told(thief) == REVOKED
    assert await status_with(app, owner["access_token"]) == 401


async def test_other_phones_of_the_person_stay_signed_in(app: TestApp) -> None:
    person = await make.person()
    first, tablet = await make.tokens(person), await make.tokens(person)
    await refresh(app, first.refresh_token, "rotation-1")
    await refresh(app, first.refresh_token, "rotation-2")

    assert [await status_with(app, t.access_token) for t in (first, tablet)] == [401, 200]


def forged(token: str) -> list[str]:
    """Tokens that this server did not make."""
    raw = base64.urlsafe_b64decode(token.removeprefix("yrt_") + "==")
    turned = [raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :] for at in (0, 17, 19, 25, 40, 67)]
    return ["yrt_" + base64.urlsafe_b64encode(one).decode().rstrip("=") for one in turned]


async def test_garbage_is_nobody(app: TestApp) -> None:
    person = await make.person()
    first = await make.tokens(person)
    garbage = ["x", "yrt_", "yrt_====", first.access_token, first.refresh_token[:-4], first.refresh_token + "AAAA"]

    answers = {told(await refresh(app, text, "rotation-1")) for text in [*garbage, *forged(first.refresh_token)]}

    assert answers == {UNKNOWN}
    assert (await refresh(app, first.refresh_token, "rotation-1")).status_code == 200


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic x", "Bearer " + "x" * 5000, "Bearer é", "bearer\tx"])
async def test_a_header_without_a_good_token_is_nobody(app: TestApp, header: str) -> None:
    answer = await app.anybody.get("/me", headers={b"authorization": header.encode()})

    assert (told(answer), answer.headers["www-authenticate"]) == (UNKNOWN, "Bearer")


async def test_a_refresh_token_is_no_access_token(app: TestApp) -> None:
    first = await make.tokens(await make.person())

    assert await status_with(app, first.refresh_token) == 401


async def test_a_phone_that_slept_for_four_hundred_days_signs_in_again(app: TestApp) -> None:
    first = await make.tokens(await make.person())

    with time_machine.travel(datetime.now(UTC) + timedelta(days=401)):
        assert told(await refresh(app, first.refresh_token, "rotation-1")) == UNKNOWN


async def test_expired_access_tokens_are_swept_away(app: TestApp) -> None:
    first = await make.tokens(await make.person())

    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
        await refresh(app, first.refresh_token, "rotation-1")

    assert await AccessToken.count() == 1


async def test_sixty_four_times_the_same_rotation_is_one_answer(house: Settings) -> None:
    first = await make.tokens(await make.person())

    answers = await asyncio.gather(*(tokens.refresh(first.refresh_token, "rotation-1") for _ in range(64)))

    assert len({(one.access_token, one.refresh_token) for one in answers}) == 1
    assert await SignIn.select(SignIn.generation, SignIn.ended_at) == [{"generation": 1, "ended_at": None}]


async def test_sixty_four_different_rotations_leave_nobody_signed_in(app: TestApp) -> None:
    first = await make.tokens(await make.person())

    answers = await asyncio.gather(
        *(tokens.refresh(first.refresh_token, f"rotation-{number}") for number in range(64)), return_exceptions=True
    )
    given = [one for one in answers if isinstance(one, TokensView)]

    assert Counter(type(one).__name__ for one in answers) == {"TokensView": 1, "SignInRevoked": 1, "NotSignedIn": 62}
    assert [await status_with(app, one.access_token) for one in given] == [401]


async def test_a_token_says_what_it_was_made_of(house: Settings) -> None:
    first = await make.tokens(await make.person())

    assert RefreshToken.read(first.refresh_token).text() == first.refresh_token
