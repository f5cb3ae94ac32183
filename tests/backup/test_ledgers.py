"""The two ledgers beside the keyring: erasures, and sign-ins that were ended."""

import asyncio
from pathlib import Path

import pytest

from tests import make
from tests.accounts.doors import refresh
from tests.backup.folders import mode
from tests.client import TestApp
from yema.database import fetch
from yema.database.statements import Statement
from yema.erasing import erase, erase_again
from yema.ids import uuid7
from yema.journals.actions.writing import write_entry
from yema.journals.schemas import EntryDraft
from yema.journals.tables import Entry
from yema.settings import Settings
from yema.vault import keyring
from yema.vault.keyring import enter, named_in


def test_a_line_that_was_broken_off_does_not_swallow_the_next_one(tmp_path: Path) -> None:
    ledger, first, second = tmp_path / "erasures.txt", str(uuid7()), str(uuid7())
    enter(ledger, [first])
    with ledger.open("a") as file:
        file.write(second[:20])  # the disk was full

    enter(ledger, [second])

    assert named_in(ledger) == {first, second}


def test_what_is_no_id_names_nobody(tmp_path: Path) -> None:
    ledger, person = tmp_path / "erasures.txt", str(uuid7())
    ledger.write_bytes(b"\xff\xfe garbage\n\n" + person.encode() + b" 2027-07-14T10:00:00+00:00\n")

    assert named_in(ledger) == {person}


@pytest.mark.parametrize("name", ["erasures.txt", "ended.txt"])
async def test_ledgers_are_for_their_owner_only(house: Settings, name: str) -> None:
    await keyring().destroy_key(uuid7())
    await keyring().note_ended(uuid7())

    assert mode(house.data / name) == "0o600"


async def test_whoever_signs_out_is_in_the_ledger(app: TestApp, house: Settings) -> None:
    client = await app.as_(await make.person())
    [sign_in] = (await client.get("/me/sign-ins")).json()["items"]

    await client.post("/sign-out")

    assert named_in(house.data / "ended.txt") == {sign_in["id"]}


async def test_a_phone_that_is_signed_out_from_another_one_is_in_the_ledger(app: TestApp, house: Settings) -> None:
    person = await make.person()
    client = await app.as_(person)
    await make.token(person)
    [other] = [one["id"] for one in (await client.get("/me/sign-ins")).json()["items"] if not one["current"]]

    await client.delete(f"/me/sign-ins/{other}")

    assert named_in(house.data / "ended.txt") == {other}


async def test_a_family_that_a_replay_ended_is_in_the_ledger(app: TestApp, house: Settings) -> None:
    tokens = await make.tokens(await make.person())
    await refresh(app, tokens.refresh_token, "rotation-1")
    before = named_in(house.data / "ended.txt")
    await refresh(app, tokens.refresh_token, "rotation-of-a-thief")

    [[family]] = await fetch(Statement("SELECT id FROM sign_in WHERE ended_at IS NOT NULL"))
    assert (before, named_in(house.data / "ended.txt")) == (set(), {str(family)})


async def test_who_writes_while_being_erased_leaves_nothing_that_can_be_read(house: Settings) -> None:
    exchange = await make.exchange()
    person = await make.participant(exchange)
    membership, author = await make.membership(person, exchange), make.signed_in(person)
    draft = EntryDraft(exchange=exchange, text="Quick, before it is too late", locale="en")
    await write_entry(membership, uuid7(), draft, author)

    writing = [write_entry(membership, uuid7(), draft, author) for _ in range(16)]
    done = await asyncio.gather(*writing[:8], erase(person), *writing[8:], return_exceptions=True)
    left_over = await Entry.count()
    await erase_again(keyring().all_erased())

    assert (done[8], keyring().key_of(person)) == (None, None)
    assert (left_over < 17, await Entry.count()) == (True, 0)
