"""In by e-mail: a challenge that stays on the phone, a code that comes by mail."""

import socket
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import msgspec
import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from tests import make
from tests.accounts.doors import ask_by_mail, code_in, confirm, logged, mails, status_with, told
from tests.client import TestApp
from yema.accounts.routes import SUBJECT
from yema.i18n import gettext
from yema.mail import open_mail
from yema.settings import Settings

WRONG = (400, "wrong_code")


def other(code: str) -> str:
    """A wrong code."""
    return f"{(int(code) + 1) % 10**8:08}"


async def test_the_code_from_the_mail_signs_in(app: TestApp, settings: Settings) -> None:
    await make.person("Ana", email="ana@example.org")
    challenge, code = await ask_by_mail(app, settings, "Ana@Example.org")

    answer = await confirm(app, challenge, code)

    assert await status_with(app, answer.json()["access_token"]) == 200


async def test_digits_may_be_typed_in_two_groups(app: TestApp, settings: Settings) -> None:
    await make.person(email="ana@example.org")
    challenge, code = await ask_by_mail(app, settings, "ana@example.org")

    assert (await confirm(app, challenge, f"{code[:4]} {code[4:]}")).status_code == 200


async def test_an_unknown_address_gets_the_same_answer_and_no_mail(app: TestApp, settings: Settings) -> None:
    await make.person(email="ana@example.org")

    known, unknown = [
        await app.anybody.post("/sign-in/email", json={"email": address})
        for address in ("ana@example.org", "nobody@example.org")
    ]

    def shape(answer: Any) -> Any:
        headers = {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "etag")}
        body = answer.json()
        return answer.status_code, headers, len(body.pop("challenge")), body

    assert shape(known) == shape(unknown)
    assert [mail["To"] for mail in mails(settings)] == ["ana@example.org"]
    assert told(await confirm(app, unknown.json()["challenge"], "12345678")) == WRONG


async def test_a_suspended_person_gets_no_mail(app: TestApp, settings: Settings) -> None:
    ana = await make.person(email="ana@example.org")
    await make.suspend(ana)

    answer = await app.anybody.post("/sign-in/email", json={"email": "ana@example.org"})

    assert (answer.status_code, mails(settings)) == (202, [])


@pytest.mark.parametrize("address", ["ana@example.org\n", "ANA@example.org"])
async def test_the_mail_goes_to_the_address_that_is_known(app: TestApp, settings: Settings, address: str) -> None:
    await make.person(email="ana@example.org")

    known = await app.anybody.post("/sign-in/email", json={"email": address})
    unknown = await app.anybody.post("/sign-in/email", json={"email": address.lower().replace("ana", "ola")})

    assert known.status_code == unknown.status_code
    assert [mail["To"] for mail in mails(settings)] == ["ana@example.org"] * (known.status_code == 202)


async def test_a_code_has_five_tries(app: TestApp, settings: Settings) -> None:
    await make.person(email="ana@example.org")
    challenge, code = await ask_by_mail(app, settings, "ana@example.org")

    tries = [told(await confirm(app, challenge, other(code))) for _ in range(5)]
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=40)):  # past what the throttle asks for
        late = await confirm(app, challenge, code)

    assert tries == [WRONG] * 5
    assert told(late) == WRONG


async def test_the_fifth_try_may_be_right(app: TestApp, settings: Settings) -> None:
    await make.person(email="ana@example.org")
    challenge, code = await ask_by_mail(app, settings, "ana@example.org")
    for _ in range(4):
        await confirm(app, challenge, other(code))

    assert (await confirm(app, challenge, code)).status_code == 200


async def test_a_code_works_once(app: TestApp, settings: Settings) -> None:
    await make.person(email="ana@example.org")
    challenge, code = await ask_by_mail(app, settings, "ana@example.org")

    answers = [told(await confirm(app, challenge, code)) for _ in range(2)]

    assert answers == [(200, ""), WRONG]


@pytest.mark.parametrize(("seconds", "answer"), [(590, (200, "")), (601, WRONG)])
async def test_a_code_works_for_ten_minutes(
    app: TestApp, settings: Settings, seconds: int, answer: tuple[int, str]
) -> None:
    await make.person(email="ana@example.org")
    challenge, code = await ask_by_mail(app, settings, "ana@example.org")

    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds)):
        assert told(await confirm(app, challenge, code)) == answer


async def test_a_code_works_only_with_its_own_challenge(app: TestApp, settings: Settings) -> None:
    # Whoever reads the mail over a shoulder, or makes up a challenge, gets nowhere.
    await make.person(email="ana@example.org")
    await make.person(email="eve@example.org")
    first, code = await ask_by_mail(app, settings, "ana@example.org")
    again, _ = await ask_by_mail(app, settings, "ana@example.org")
    eves, _ = await ask_by_mail(app, settings, "eve@example.org")

    answers = [told(await confirm(app, challenge, code)) for challenge in (again, eves, "made-up", first)]

    assert answers == [WRONG, WRONG, WRONG, (200, "")]


async def test_the_mail_speaks_the_persons_language(app: TestApp, settings: Settings) -> None:
    for locale in ("en", "pl", "uk"):
        await make.person(email=f"{locale}@example.org", locale=locale)
        await app.anybody.post("/sign-in/email", json={"email": f"{locale}@example.org"})

    subjects = [mail["Subject"] for mail in mails(settings)]

    assert subjects == [gettext((locale,), SUBJECT) for locale in ("en", "pl", "uk")]
    assert len(set(subjects)) == 3


async def test_the_language_of_the_request_comes_first(app: TestApp, settings: Settings) -> None:
    await make.person(email="ana@example.org", locale="pl")

    await app.anybody.post("/sign-in/email", json={"email": "ana@example.org"}, headers={"accept-language": "de-AT"})

    assert mails(settings)[0]["Subject"] == gettext(("de",), SUBJECT)


async def test_mails_in_the_folder_are_for_their_owner_only(app: TestApp, settings: Settings) -> None:
    await make.person(email="ana@example.org")
    await app.anybody.post("/sign-in/email", json={"email": "ana@example.org"})

    folder = settings.data / "mail"

    assert [oct(path.stat().st_mode & 0o777) for path in (folder, *folder.iterdir())] == ["0o700", "0o600"]


class Postbox(Message):
    """A real SMTP server's letter box."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Any] = []

    def prepare_message(self, session: Any, envelope: Any) -> Any:
        return message_from_bytes(envelope.content, policy=default)

    def handle_message(self, message: Any) -> None:
        self.letters.append(message)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_mail_goes_over_smtp_where_there_is_a_server(app: TestApp, settings: Settings) -> None:
    await make.person(email="ana@example.org")
    postbox, port = Postbox(), free_port()
    server = Controller(postbox, hostname="127.0.0.1", port=port)
    server.start()
    open_mail(msgspec.structs.replace(settings, smtp_url=f"smtp://127.0.0.1:{port}"))
    try:
        asked = await app.anybody.post("/sign-in/email", json={"email": "ana@example.org"})
    finally:
        server.stop()

    [letter] = postbox.letters
    signed_in = await confirm(app, asked.json()["challenge"], code_in(letter))
    assert (letter["To"], letter["From"], signed_in.status_code) == ("ana@example.org", settings.mail_from, 200)
    assert mails(settings) == []


async def test_a_mail_server_that_is_away_changes_nothing_in_the_answer(app: TestApp, settings: Settings) -> None:
    log = logged()
    await make.person(email="ana@example.org")
    open_mail(msgspec.structs.replace(settings, smtp_url=f"smtp://127.0.0.1:{free_port()}"))

    asked = await app.anybody.post("/sign-in/email", json={"email": "ana@example.org"})
    lines = [msgspec.json.decode(line) for line in log.getvalue().splitlines()]

    assert asked.status_code == 202
    assert [line["event"] for line in lines] == ["mail_failed", "request"]
    assert [line for line in lines if "ana" in str(line)] == []
