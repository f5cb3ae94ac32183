"""The doors of accounts: e-mail, codes, refresh, the list of one's phones."""

from typing import Any
from uuid import UUID

from litestar import Request, delete, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from yema.accounts import queries
from yema.accounts.actions import email, sign_in_codes, tokens
from yema.accounts.schemas import (
    ChallengeView,
    CodeDraft,
    CodeTokensView,
    ConfirmDraft,
    EmailDraft,
    RefreshDraft,
    SignInCodeView,
    SignInsView,
    TokensView,
)
from yema.accounts.signed_in import SignedIn
from yema.errors import N_
from yema.http.network import network_of
from yema.http.response import YemaResponse
from yema.http.wanted import wanted_by
from yema.i18n import gettext
from yema.mail import send_mail

SUBJECT = N_("Your YEMA code")
TEXT = N_(
    "Your code is %(code)s. It works for ten minutes, on the phone that asked for it.\n\nIf you did not ask, do nothing.\n"
)


@post("/sign-in/email", operation_id="askForEmailCode", status_code=202)
async def ask_for_email_code(request: Request[Any, Any, Any], data: JSONBody[EmailDraft]) -> Response[ChallengeView]:
    """Ask for a code by e-mail. The answer is the same whether or not the address is known."""
    asked = await email.ask_for_code(data.email, network_of(request), demo=request.app.state.settings.is_demo)
    mail = None
    if asked.locale is not None:
        wanted = (*wanted_by(request.scope), asked.locale)
        mail = BackgroundTask(
            send_mail, asked.address, gettext(wanted, SUBJECT), gettext(wanted, TEXT, code=asked.code)
        )
    view = ChallengeView(challenge=asked.challenge, expires_in=int(email.GOOD_FOR.total_seconds()))
    return YemaResponse(view, background=mail)


@post("/sign-in/email/confirm", operation_id="confirmEmailCode", status_code=200)
async def confirm_email_code(request: Request[Any, Any, Any], data: JSONBody[ConfirmDraft]) -> TokensView:
    """Sign in with the challenge and the eight digits from the mail. Five tries, ten minutes; else `wrong_code`."""
    return await email.confirm_code(data.challenge, data.code, network_of(request))


@post("/sign-in/refresh", operation_id="refresh", status_code=200)
async def refresh(data: JSONBody[RefreshDraft]) -> TokensView:
    """New tokens for old. Ask again with the same `rotation_id` when the answer was lost; a replay is `sign_in_revoked`."""
    return await tokens.refresh(data.refresh_token, data.rotation_id)


@post("/sign-in/code", operation_id="signInByCode", status_code=200)
async def sign_in_by_code(request: Request[Any, Any, Any], data: JSONBody[CodeDraft]) -> CodeTokensView:
    """Sign in with a code from one's other phone, from a leader, or with the recovery code; else `wrong_code`."""
    return await sign_in_codes.use_sign_in_code(data.code, network_of(request))


@post("/sign-out", operation_id="signOut", status_code=204)
async def sign_out(person: NamedDependency[SignedIn]) -> None:
    """End the sign-in of this phone."""
    await tokens.sign_out(person.id, person.sign_in)


@get("/me/sign-ins", operation_id="listSignIns")
async def list_sign_ins(person: NamedDependency[SignedIn]) -> SignInsView:
    """The phones on which I am signed in, and what happened to my account."""
    return await queries.own_sign_ins(person)


@delete("/me/sign-ins/{sign_in_id:uuid}", operation_id="endSignIn")
async def end_sign_in(sign_in_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> None:
    """Sign one of my phones out; it notices at its next request."""
    await tokens.sign_out(person.id, sign_in_id)


@post("/me/sign-ins/codes", operation_id="showSecondPhoneCode")
async def show_second_phone_code(person: NamedDependency[SignedIn]) -> SignInCodeView:
    """A code for my second phone, good for ten minutes and once."""
    code = await sign_in_codes.show_second_phone_code(person)
    return SignInCodeView(code=code, expires_in=int(sign_in_codes.GOOD_FOR.total_seconds()))


handlers = [
    ask_for_email_code,
    confirm_email_code,
    refresh,
    sign_in_by_code,
    sign_out,
    list_sign_ins,
    end_sign_in,
    show_second_phone_code,
]
