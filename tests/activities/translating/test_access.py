"""Where there is nothing to translate, and for whom."""

from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.activities.translating.translated import ANY, texts, world
from tests.client import TestApp
from yema.activities.actions.publish import publish_pack


@pytest.mark.parametrize("locale", ["xx", "german", "DE", "pt_BR", "und", "x" * 30])
async def test_what_is_no_language_is_not_there(app: TestApp, locale: str) -> None:
    here = await world()
    client = await app.as_(here.trainer)

    answers = [
        await client.get(texts(here, locale)),
        await client.put(texts(here, locale), json={}, headers=ANY),
        await client.get(f"/packs/{here.pack}/texts/{locale}"),
        await client.get(f"/packs/{here.pack}/translations/{locale}.po"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


async def test_the_workshop_does_not_exist_for_those_who_do_not_write_there(app: TestApp) -> None:
    here = await world()
    await publish_pack(here.pack)
    elsewhere = await make.staff(await make.organisation())
    strangers = [await app.as_(elsewhere), await app.as_(await make.person())]
    body: dict[str, Any] = {"json": {}, "headers": ANY}

    found = []
    for client in strangers:
        for owner in (f"/activities/{here.activity}", f"/packs/{here.pack}"):
            found += [await client.get(f"{owner}/texts/de"), await client.put(f"{owner}/texts/de", **body)]
        translations = f"/packs/{here.pack}/translations"
        found += [await client.get(translations), await client.get(f"{translations}/de.po")]
        found.append(await client.put(f"{translations}/de.po", headers={"content-type": "text/x-po"}))

    assert [answer.status_code for answer in found] == [404] * 14


async def test_an_activity_that_is_not_there_has_no_texts(app: TestApp) -> None:
    here = await world()
    client = await app.as_(here.trainer)

    assert (await client.get(f"/activities/{UUID(int=5)}/texts/de")).status_code == 404
