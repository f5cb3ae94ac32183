"""Mails that are files, in a house without a mail server: they hold addresses, so they go."""

import os
from datetime import timedelta

from tests import make
from tests.accounts.doors import mails
from tests.client import TestApp
from yema.erasing import erase
from yema.ids import now
from yema.mail import FILES_KEPT, send_mail, sweep_mails
from yema.settings import Settings


async def test_mails_to_somebody_go_with_them(app: TestApp, settings: Settings) -> None:
    ana = await make.person(email="ana@example.org")
    await app.anybody.post("/sign-in/email", json={"email": "ana@example.org"})
    await send_mail("jan@example.org", "Hello", "Hello")

    await erase(ana)

    assert [mail["To"] for mail in mails(settings)] == ["jan@example.org"]


async def test_who_writes_their_address_in_another_way_is_found(app: TestApp, settings: Settings) -> None:
    ana = await make.person(email="ana@example.org")
    await send_mail("Ana@Example.org", "Hello", "Hello")

    await erase(ana)

    assert mails(settings) == []


async def test_mails_are_kept_for_a_week(app: TestApp, settings: Settings) -> None:
    for days in (6, 8):
        await send_mail(f"days-{days}@example.org", "Hello", "Hello")
        [path] = [one for one in (settings.data / "mail").iterdir() if f"days-{days}@".encode() in one.read_bytes()]
        then = (now() - timedelta(days=days)).timestamp()
        os.utime(path, (then, then))

    await sweep_mails()

    assert timedelta(days=6) < FILES_KEPT < timedelta(days=8)
    assert [mail["To"] for mail in mails(settings)] == ["days-6@example.org"]
