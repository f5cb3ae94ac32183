"""Who hears of what, and what must not be opened, destroyed or misdirected on the way."""

import asyncio
from datetime import UTC, datetime

import pytest

from tests import make
from tests.client import TestApp
from tests.journals.diary import author
from tests.phone import Carried
from yema.accounts.actions.tokens import open_sign_in
from yema.app import create_asgi
from yema.changes import transaction
from yema.errors import NotFound
from yema.house import open_house
from yema.journals.actions.answering import answer_reflection
from yema.journals.actions.sharing import share_entry
from yema.journals.queries import reflection_shared_with
from yema.settings import Settings
from yema.vault import KeysMissing, keyring


async def test_another_name_reaches_those_who_read_a_reflection(app: TestApp) -> None:
    exchange = await make.exchange()
    group = await make.group(exchange)
    person, leader = await make.participant(exchange, group, name="Ola"), await make.leader(exchange, group)
    writer, reader = await author(app, person, exchange), Carried(await app.as_(leader))
    entry = await writer.shared("leader")
    await reader.pull()

    await writer.client.patch("/me", json={"display_name": "Aleksandra"})
    await reader.pull()

    assert reader.phone.all("reflection")[str(entry)]["display_name"] == "Aleksandra"


async def test_an_answer_does_not_follow_a_page_into_another_circle(app: TestApp) -> None:
    exchange = await make.exchange()
    group = await make.group(exchange)
    person, leader = await make.participant(exchange, group), await make.leader(exchange, group)
    entry = await (await author(app, person, exchange)).shared("leader")
    by = await make.membership(leader, exchange)
    seen = await reflection_shared_with(by, entry)

    await share_entry(await make.membership(person, exchange), entry, "coordinators")

    with pytest.raises(NotFound):
        await answer_reflection(by, seen, "For you alone.")


async def test_a_re_linked_phone_cannot_destroy_what_it_was_not_to_open(app: TestApp) -> None:
    exchange = await make.exchange()
    person = await make.participant(exchange)
    await (await author(app, person, exchange)).write()
    async with transaction() as tx:
        tokens = await open_sign_in(person, "relink", at=tx.at, diary_since=datetime.now(UTC))

    answer = await app.with_token(tokens.access_token).delete("/me")

    assert (answer.status_code, answer.json()["code"], keyring().key_of(person) is not None) == (
        403,
        "diary_closed",
        True,
    )


def test_a_house_with_diaries_and_no_keyring_does_not_open(settings: Settings) -> None:
    async def write() -> None:
        async with open_house(settings):
            exchange = await make.exchange()
            person = await make.participant(exchange)
            app = TestApp(create_asgi(settings))
            await (await author(app, person, exchange)).write()
            await app.close()

    async def open_again() -> None:
        async with open_house(settings):
            pass

    asyncio.run(write())
    (settings.data / "keyring.sqlite").unlink()

    with pytest.raises(KeysMissing):
        asyncio.run(open_again())
