"""What these tests do at the doors: make codes, join, read mails, ask for what belongs to somebody."""

import email
import io
import logging
import re
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

import httpx
from structlog.stdlib import ProcessorFormatter

from tests import make
from tests.client import TestApp
from yema.exchanges.actions.people import joining
from yema.exchanges.schemas.people.joining import JoinCodeDraft, JoinCodeView, JoinDraft
from yema.exchanges.tables.exchange import Member
from yema.ids import uuid7
from yema.settings import Settings

LOG = logging.getLogger("yema")
Answer = tuple[int, str]


async def join_code(exchange: UUID, **fields: Any) -> JoinCodeView:
    """A code that a coordinator made."""
    coordinator = await make.coordinator(exchange)
    return await joining.make_join_code(await make.membership(coordinator, exchange), JoinCodeDraft(**fields))


def coming(code: JoinCodeView) -> JoinDraft:
    """Somebody who scanned the QR; quick, since only the typed code is hashed slowly."""
    return JoinDraft(display_name="Ola", locale="pl", secret=code.secret)


async def join(client: httpx.AsyncClient, **fields: Any) -> httpx.Response:
    """Join over HTTP; `code=` or `secret=`."""
    return await client.post("/sign-in/join", json={"display_name": "Ola", "locale": "pl", **fields})


def told(answer: httpx.Response) -> Answer:
    """The status and, of a problem, its code."""
    return answer.status_code, answer.json().get("code", "") if answer.status_code >= 400 else ""


async def member_id(exchange: UUID, person: UUID) -> UUID:
    """The membership's own id."""
    [row] = await Member.select(Member.id).where(Member.exchange == exchange, Member.person == person)
    found: UUID = row["id"]
    return found


async def members(exchange: UUID) -> list[tuple[str, str]]:
    """(role, state) of everybody who did not make the code."""
    rows = await Member.select(Member.role, Member.state).where(
        Member.exchange == exchange, Member.role != "coordinator"
    )
    return [(row["role"], row["state"]) for row in rows]


def logged() -> io.StringIO:
    """From now on the log's own handler writes here."""
    [handler] = [one for one in LOG.handlers if isinstance(one.formatter, ProcessorFormatter)]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(lines := io.StringIO())
    return lines


def mails(settings: Settings) -> list[EmailMessage]:
    """The mails in the data folder, the first one first."""
    paths = sorted((settings.data / "mail").glob("*.eml"))
    return [email.message_from_bytes(path.read_bytes(), policy=default) for path in paths]


def code_in(mail: EmailMessage) -> str:
    """The eight digits."""
    [code] = re.findall(r"\b\d{8}\b", mail.get_content())
    return str(code)


async def ask_by_mail(app: TestApp, settings: Settings, address: str) -> tuple[str, str]:
    """The challenge, and the code from the mail."""
    answer = await app.anybody.post("/sign-in/email", json={"email": address})
    return answer.json()["challenge"], code_in(mails(settings)[-1])


async def confirm(app: TestApp, challenge: str, code: str) -> httpx.Response:
    return await app.anybody.post("/sign-in/email/confirm", json={"challenge": challenge, "code": code})


async def refresh(app: TestApp, token: str, rotation: str) -> httpx.Response:
    return await app.anybody.post("/sign-in/refresh", json={"refresh_token": token, "rotation_id": rotation})


async def by_code(app: TestApp, code: str) -> httpx.Response:
    return await app.anybody.post("/sign-in/code", json={"code": code})


async def status_with(app: TestApp, token: str) -> int:
    """What `GET /me` answers to this access token."""
    return (await app.with_token(token).get("/me")).status_code


async def write(client: httpx.AsyncClient, exchange: UUID, text: str) -> UUID:
    """A page of the diary; its id."""
    entry = uuid7()
    answer = await client.put(f"/journal/entries/{entry}", json=make.entry(exchange, text))
    assert answer.status_code == 201
    return entry


async def read(client: httpx.AsyncClient, exchange: UUID, entry: UUID) -> tuple[Answer, Answer, list[str]]:
    """What reading a page, writing it again and listing the diary answer."""
    listed = await client.get("/journal/entries")
    return (
        told(await client.get(f"/journal/entries/{entry}")),
        told(await client.put(f"/journal/entries/{entry}", json=make.entry(exchange, "Rewritten"))),
        [item["id"] for item in listed.json().get("items", [])],
    )
