"""Mails to people: what stands in them, and what becomes of them, on a real mail server."""

import asyncio
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rounds
from hypothesis import strategies as some

from tests.notifications.mail_server import MailServer, mail_server
from tests.notifications.outgoing import NOTIFICATION, TAG, mailbox, outgoing
from yema.i18n import CATALOGUES
from yema.mail import server
from yema.notifications.channels import Broken, Later, Logged, Outcome, Outgoing, Refused, Sent
from yema.notifications.channels.email import EmailChannel
from yema.notifications.channels.email.writing import WHERE, WHY
from yema.settings import Settings

ANA = mailbox("ana@home.example")


def house(tmp_path: Path, **fields: Any) -> Settings:
    return Settings(data=tmp_path, mail_from="YEMA <post@house.example>", **fields)


async def written(tmp_path: Path, message: Outgoing, **fields: Any) -> EmailMessage:
    """The one mail, as the file that it is where no server is set."""
    for path in (tmp_path / "mail").glob("*"):
        path.unlink()
    [outcome] = await EmailChannel(house(tmp_path, **fields)).send([message])
    assert isinstance(outcome, Logged)  # it reached nobody
    [path] = (tmp_path / "mail").iterdir()
    letter = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(letter, EmailMessage)
    return letter


async def sent(server: MailServer, tmp_path: Path, *addresses: str, url: str = "") -> list[Outcome]:
    """What becomes of a batch to these."""
    channel = EmailChannel(house(tmp_path, smtp_url=url or server.url))
    return list(await channel.send([outgoing(mailbox(address)) for address in addresses]))


async def test_a_mail_says_what_the_phone_would_say_and_why_it_comes(tmp_path: Path) -> None:
    letter = await written(tmp_path, outgoing(ANA), public_url="https://house.example")

    assert letter["Subject"] == "The plan has changed"
    assert letter.get_content() == (
        f"3 changes on Monday\n\nhttps://house.example/notifications/{NOTIFICATION}\n\n-- \n{WHY}\n{WHERE}\n"
    )


async def test_a_house_that_does_not_know_its_address_gives_no_link(tmp_path: Path) -> None:
    letter = await written(tmp_path, outgoing(ANA))

    assert letter.get_content() == f"3 changes on Monday\n\n-- \n{WHY}\n{WHERE}\n"


async def test_the_headers_say_that_a_machine_wrote_it_and_to_which_topic_it_belongs(tmp_path: Path) -> None:
    message = outgoing(ANA, locale="pl")
    letter = await written(tmp_path, message)

    assert {name: letter[name] for name in letter if name not in ("Date", "Subject")} == {
        "From": "YEMA <post@house.example>",
        "To": "ana@home.example",
        "Message-ID": f"<{message.delivery.hex}@house.example>",
        "In-Reply-To": f"<{TAG}@house.example>",
        "References": f"<{TAG}@house.example>",
        "List-Id": "YEMA <notifications.house.example>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "pl",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": letter["Content-Transfer-Encoding"],
    }


async def test_the_same_delivery_twice_is_one_mail_to_a_mail_program(tmp_path: Path) -> None:
    message = outgoing(ANA)

    ids = {(await written(tmp_path, message))["Message-ID"] for _ in range(2)}

    assert len(ids) == 1


@pytest.mark.parametrize("domain", ["x" * 22 + ".example", "x" * 50 + ".example", "a b", "żółw.example"])
async def test_ids_stay_in_one_piece(tmp_path: Path, domain: str) -> None:
    settings = Settings(data=tmp_path, mail_from=f"post@{domain}")
    await EmailChannel(settings).send([outgoing(ANA)])

    [path] = (tmp_path / "mail").iterdir()
    lines = [
        line for line in path.read_text().splitlines() if line.startswith(("Message-ID", "References", "In-Reply"))
    ]
    assert [line.count("<") == line.count(">") == line.count("@") == 1 for line in lines] == [True] * 3


async def test_arabic_comes_as_it_was_written(tmp_path: Path) -> None:
    title, body = "تغيّر البرنامج", "3 تغييرات يوم الاثنين"
    with mail_server() as server:
        channel = EmailChannel(house(tmp_path, smtp_url=server.url))
        await channel.send([outgoing(ANA, locale="ar", title=title, body=body)])

    [letter] = server.letters
    assert (letter["Subject"], letter.get_content().splitlines()[0], letter["Content-Language"]) == (title, body, "ar")


@pytest.mark.parametrize("locale", CATALOGUES)
async def test_every_language_has_a_footer(tmp_path: Path, locale: str) -> None:
    letter = await written(tmp_path, outgoing(ANA, locale=locale))

    assert len(letter.get_content().partition("-- \n")[2].splitlines()) == 2


@rounds(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=some.text(some.characters(codec="utf-8") | some.sampled_from("\r\n\0:\x0b\x85\u2028"), max_size=200))
async def test_no_title_can_begin_another_header(tmp_path: Path, title: str) -> None:
    letter = await written(tmp_path, outgoing(ANA, title=f"{title}\r\nBcc: eve@evil.example\n\nHello"))

    plain = await written(tmp_path, outgoing(ANA))
    assert ([*letter], letter["Bcc"], letter.get_content()) == ([*plain], None, plain.get_content())


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "@home.example",
        "ana@",
        "ana@home.example,eve",
        "ana@x\r\nBcc: e",
        "ana\r\n@x.example",
        "ana@x.example>",
        "a@b\n",
    ],
)
async def test_what_is_no_address_gets_no_mail(tmp_path: Path, address: str) -> None:
    with mail_server() as server:
        outcomes = await sent(server, tmp_path, address, "ana@home.example")

    assert (outcomes, len(server.letters)) == ([Refused("no_mailbox"), Sent()], 1)


async def test_an_odd_address_stays_one_address(tmp_path: Path) -> None:
    with mail_server() as server:
        await sent(server, tmp_path, "a,b@home.example")

    assert [letter["X-Envelope-To"] for letter in server.letters] == ['"a,b"@home.example']


async def test_two_hundred_mails_go_over_one_connection(tmp_path: Path) -> None:
    with mail_server() as server:
        addresses = [f"n{n}@home.example" for n in range(200)]
        outcomes = await sent(server, tmp_path, *addresses)

    assert ([str(letter["To"]) for letter in server.letters], set(outcomes)) == (addresses, {Sent()})
    assert server.connections == 1


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("451 Not now", Later("smtp_busy")),
        ("450 Mailbox busy", Later("smtp_busy")),
        ("550 No such mailbox", Refused("mailbox_refused")),
        ("550 5.1.1 No such mailbox", Refused("no_mailbox")),
        ("552 5.2.2 Mailbox full", Refused("no_mailbox")),
        ("550 5.1.8 Your domain is none", Broken("smtp_sender")),
        ("550 5.3.2 Shutting down", Later("smtp_trouble")),
        ("550 5.4.4 No way there", Later("smtp_trouble")),
        ("503 5.5.1 Not now", Later("smtp_trouble")),
        ("552 Mailbox full", Refused("mailbox_refused")),
        ("530 Log in first", Broken("smtp_login")),
        ("421 Closing", Later("connection")),
        ("", Later("connection")),
    ],
)
async def test_what_is_said_of_one_mailbox_concerns_no_other(tmp_path: Path, answer: str, outcome: Outcome) -> None:
    with mail_server() as server:
        server.refusals["eve@home.example"] = answer
        outcomes = await sent(server, tmp_path, "ana@home.example", "eve@home.example", "jan@home.example")

    assert outcomes == [Sent(), outcome, Sent()]
    assert type(outcomes[1]) is type(outcome)


@pytest.mark.parametrize(
    ("answer", "outcome"), [("554 Looks like spam", Refused("mail_refused")), ("452 Disk full", Later("smtp_busy"))]
)
async def test_what_is_said_of_one_mail_concerns_no_other(tmp_path: Path, answer: str, outcome: Outcome) -> None:
    with mail_server() as server:
        server.refusals["DATA:eve@home.example"] = answer
        outcomes = await sent(server, tmp_path, "eve@home.example", "jan@home.example")

    assert outcomes == [outcome, Sent()]


@pytest.mark.parametrize(
    "answer",
    [
        "554 5.7.1 <ana@home.example>: Relay access denied",
        "550 5.7.1 Service unavailable; client host blocked using zen.example",
        "550 5.7.26 This mail is unauthenticated",
    ],
)
@pytest.mark.parametrize("when", ["", "DATA:"])
async def test_what_is_said_of_us_is_not_taken_for_the_mailbox(tmp_path: Path, answer: str, when: str) -> None:
    with mail_server() as server:
        server.refusals = {f"{when}{name}@home.example": answer for name in ("ana", "jan")}
        outcomes = await sent(server, tmp_path, "ana@home.example", "jan@home.example")

    assert [(type(outcome), *outcome) for outcome in outcomes] == [(Broken, "smtp_policy")] * 2


async def test_what_every_mail_gets_without_a_reason_may_mean_us(tmp_path: Path) -> None:
    with mail_server() as server:
        server.refusals = {f"{name}@home.example": "554 Blocked" for name in ("ana", "jan")}
        outcomes = await sent(server, tmp_path, "ana@home.example", "jan@home.example")

    assert outcomes == [Later("mailbox_refused")] * 2


async def test_a_slow_server_has_its_seconds_for_greeting_and_mail_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "SECONDS_EACH", 1.0)
    ended = asyncio.Event()

    async def slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.7)
        writer.write(b"220 here\r\n")
        while await reader.readline():
            await asyncio.sleep(0.2)
            writer.write(b"250 well\r\n")
        writer.close()
        ended.set()

    began = time.monotonic()
    async with await asyncio.start_server(slowly, "127.0.0.1", 0) as slow:
        url = f"smtp://127.0.0.1:{slow.sockets[0].getsockname()[1]}"
        outcomes = await EmailChannel(house(tmp_path, smtp_url=url)).send([outgoing(ANA)])
        seconds = time.monotonic() - began
        await ended.wait()

    assert (outcomes, seconds < 1.6) == ([Later("connection")], True)


async def test_a_house_that_may_not_send_under_its_address_is_broken(tmp_path: Path) -> None:
    with mail_server() as server:
        server.senders["post@house.example"] = "553 Not yours"
        outcomes = await sent(server, tmp_path, "ana@home.example", "jan@home.example")

    assert set(outcomes) == {Broken("smtp_sender")}


async def test_who_knows_the_password_may_send(tmp_path: Path) -> None:
    with mail_server(login=True) as server:
        outcomes = await sent(
            server, tmp_path, "ana@home.example", url=server.url.replace("//", "//nina%40house:right@")
        )

    assert (outcomes, server.logins) == ([Sent()], ["nina@house"])


async def test_a_refused_login_is_tried_once_and_says_nothing_of_mailboxes(tmp_path: Path) -> None:
    with mail_server(login=True) as server:
        url = server.url.replace("//", "//nina:wrong@")
        outcomes = await sent(server, tmp_path, "ana@home.example", "jan@home.example", url=url)

    assert (set(outcomes), len(server.letters)) == ({Broken("smtp_login")}, 0)


async def test_a_server_that_knows_no_logins_is_as_broken(tmp_path: Path) -> None:
    with mail_server() as server:
        outcomes = await sent(server, tmp_path, "ana@home.example", url=server.url.replace("//", "//nina:right@"))

    assert outcomes == [Broken("smtp_login")]


async def test_a_password_goes_to_no_other_machine_in_the_open(tmp_path: Path) -> None:
    with mail_server(login=True) as server:
        url = server.url.replace("//127.0.0.1", "//nina:right@0.0.0.0")  # ourselves, but not by a name of this machine
        outcomes = await sent(server, tmp_path, "ana@home.example", url=url)

    assert ([(type(outcome), *outcome) for outcome in outcomes], server.logins) == ([(Broken, "smtp_tls")], [])


async def test_a_server_that_is_away_is_tried_again(tmp_path: Path) -> None:
    with mail_server() as server:
        pass

    assert set(await sent(server, tmp_path, "ana@home.example", "jan@home.example")) == {Later("connection")}


async def test_a_server_that_hangs_up_three_times_is_left_alone(tmp_path: Path) -> None:
    with mail_server() as server:
        server.refusals = {f"n{n}@home.example": "" for n in range(10)}
        outcomes = await sent(server, tmp_path, *server.refusals)

    assert (set(outcomes), server.connections) == ({Later("connection")}, 3)


async def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file where the folder should be")

    assert await EmailChannel(house(tmp_path)).send([outgoing(ANA)]) == [Later("disk")]


def test_mails_can_always_be_sent(tmp_path: Path) -> None:
    assert EmailChannel.configured(house(tmp_path)) is True
