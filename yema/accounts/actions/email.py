"""In by e-mail: a challenge that the asking phone holds, and eight digits that come by mail. Ten minutes, five tries."""

import secrets
from datetime import timedelta
from typing import NamedTuple

from yema.accounts import throttle
from yema.accounts.actions.tokens import open_sign_in
from yema.accounts.errors import WrongCode
from yema.accounts.schemas import TokensView
from yema.accounts.tables import Challenge, Person
from yema.changes import transaction
from yema.database import Statement, as_id, execute
from yema.vault import digest

GOOD_FOR = timedelta(minutes=10)
TRIES = 5
DEMO_DOMAIN = "@demo.example"
DEMO_CODE = "20202020"
"""What the demo's people get instead of a mail, in a demo folder only; `.example` can never receive one (RFC 2606)."""

_FORGET = Statement("DELETE FROM challenge WHERE expires_at < {}")
_TRY = Statement(
    "UPDATE challenge SET tries = tries + 1 WHERE hash = {} AND tries < {} AND used = {} AND expires_at > {}"
    " RETURNING person, code, account"
)
_USE = Statement("UPDATE challenge SET used = {} WHERE hash = {}")


class Asked(NamedTuple):
    """The challenge for the phone; the address, the code and the language for the mail, where somebody has that address."""

    challenge: str
    address: str
    code: str
    locale: str | None


async def ask_for_code(email: str, network: str, *, demo: bool) -> Asked:
    """Begin. The answer, and the work for it, are the same whether or not the address is known. Raises `TryLater`."""
    address = email.strip().lower()
    asking = throttle.Tries(f"mail {address}", network)
    await asking.may_try()
    people = await Person.select(Person.id, Person.locale).where(Person.email == address, Person.suspended_at.is_null())
    challenge = secrets.token_urlsafe(16)
    code = DEMO_CODE if demo and address.endswith(DEMO_DOMAIN) else f"{secrets.randbelow(10**8):08}"
    async with transaction() as tx:
        await execute(_FORGET, tx.at - GOOD_FOR)
        row = Challenge(
            hash=digest("challenge", challenge),
            person=people[0]["id"] if people else None,
            code=_hash(challenge, code),
            account=digest("account", address),
            expires_at=tx.at + GOOD_FOR,
        )
        await Challenge.insert(row)
    if not demo:
        await asking.asked()  # every mail counts, or anybody could fill a stranger's mailbox
    return Asked(challenge, address, code, people[0]["locale"] if people else None)


async def confirm_code(challenge: str, code: str, network: str) -> TokensView:
    """The tokens for a challenge and its code. Raises `WrongCode` or `TryLater`."""
    trying = throttle.Tries(f"challenge {challenge}", network)
    await trying.may_try()
    async with transaction() as tx:
        rows = await execute(_TRY, digest("challenge", challenge), TRIES, False, tx.at)
        person, expected, _ = rows[0] if rows else (None, "", "")
        right = secrets.compare_digest(expected, _hash(challenge, code.replace(" ", "")))
        if right and person is not None:
            await execute(_USE, True, digest("challenge", challenge))
            tokens = await open_sign_in(as_id(person), "email", at=tx.at)
    if not (right and person is not None):
        await trying.failed()
        raise WrongCode
    await trying.succeeded()
    return tokens


def _hash(challenge: str, code: str) -> str:
    return digest("e-mail code", f"{challenge}:{code}")
