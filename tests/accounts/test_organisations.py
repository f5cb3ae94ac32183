"""Organisations: read by their staff, kept by their administrators, founded by who installs YEMA."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from click.testing import CliRunner, Result

from tests import make
from tests.client import TestApp
from tests.sync.world import door
from yema.accounts.actions.organisations import add_staff, remove_staff
from yema.accounts.errors import LastAdmin
from yema.accounts.schemas import StaffDraft
from yema.accounts.tables import Person, Staff
from yema.cli import yema
from yema.settings import Settings


async def admin_of(app: TestApp, organisation: UUID) -> httpx.AsyncClient:
    return await app.as_(await make.staff(organisation, "admin"))


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_staff_read_their_organisations_and_no_others(app: TestApp) -> None:
    mine, _ = await make.organisation("Mine"), await make.organisation("Others'")
    trainer = await app.as_(await make.staff(mine, "trainer"))

    assert (await trainer.get("/organisations")).json() == {
        "items": [
            {"id": str(mine), "name": "Mine", "country": "PL", "country_name": "Poland", "roles": ["trainer"]},
        ]
    }


async def test_an_organisation_of_others_is_not_there(app: TestApp) -> None:
    organisation = await make.organisation()
    stranger = await admin_of(app, await make.organisation("Elsewhere"))
    path, staff = f"/organisations/{organisation}", await make.staff(organisation)

    answers = [
        await stranger.get(path),
        await stranger.patch(path, json={"name": "Ours"}),
        await stranger.get(f"{path}/staff"),
        await stranger.post(f"{path}/staff", json=somebody()),
        await stranger.delete(f"{path}/staff/{staff}"),
    ]

    assert [code(answer) for answer in answers] == [(404, "not_found")] * 5


@pytest.mark.parametrize("role", ["trainer", "coordinator"])
async def test_only_administrators_change_it_and_see_its_staff(app: TestApp, role: str) -> None:
    organisation = await make.organisation()
    client, path = await app.as_(await make.staff(organisation, role)), f"/organisations/{organisation}"

    answers = [
        await client.patch(path, json={"name": "Ours"}),
        await client.get(f"{path}/staff"),
        await client.post(f"{path}/staff", json=somebody()),
    ]

    assert [code(answer) for answer in answers] == [(403, "admins_only")] * 3


async def test_an_administrator_changes_name_oid_and_country(app: TestApp) -> None:
    organisation = await make.organisation()
    client = await admin_of(app, organisation)

    answer = await client.patch(
        f"/organisations/{organisation}", json={"name": "Nowy Nurt", "oid": "E10012345", "country": "UA"}
    )

    assert {k: answer.json()[k] for k in ("name", "oid", "country", "country_name")} == {
        "name": "Nowy Nurt",
        "oid": "E10012345",
        "country": "UA",
        "country_name": "Ukraine",
    }


async def test_an_oid_can_be_cleared(app: TestApp) -> None:
    organisation = await make.organisation()
    client, path = await admin_of(app, organisation), f"/organisations/{organisation}"
    await client.patch(path, json={"oid": "E10012345"})

    assert (await client.patch(path, json={"oid": None})).json().get("oid") is None


@pytest.mark.parametrize("oid", ["E1234567", "E123456789", "e12345678", "12345678", "E1234567x", "E12345678\n"])
async def test_an_oid_is_e_and_eight_digits(app: TestApp, oid: str) -> None:
    organisation = await make.organisation()

    answer = await (await admin_of(app, organisation)).patch(f"/organisations/{organisation}", json={"oid": oid})

    assert answer.status_code == 400


@pytest.mark.parametrize("country", ["ZZ", "EU", "QQ"])
async def test_a_country_is_one_that_there_is(app: TestApp, country: str) -> None:
    organisation = await make.organisation()
    client = await admin_of(app, organisation)

    assert code(await client.patch(f"/organisations/{organisation}", json={"country": country})) == (
        400,
        "unknown_country",
    )


async def test_two_organisations_have_no_oid_in_common(app: TestApp) -> None:
    first, second = await make.organisation(), await make.organisation()
    await (await admin_of(app, first)).patch(f"/organisations/{first}", json={"oid": "E10012345"})

    answer = await (await admin_of(app, second)).patch(f"/organisations/{second}", json={"oid": "E10012345"})

    assert code(answer) == (409, "oid_taken")


async def test_phones_hear_of_the_new_name_in_exchanges_groups_and_me(app: TestApp) -> None:
    exchange = await make.exchange()
    organisation, coordinator = await make.organisation_of(exchange), await make.organiser(exchange)
    client, phone = await admin_of(app, organisation), await door(app, coordinator)
    as_coordinator, body = (
        await app.as_(coordinator),
        {"name": "PL", "country": "PL", "organisation": str(organisation)},
    )
    group = (await as_coordinator.post(f"/exchanges/{exchange}/groups", json=body)).json()["id"]
    await phone.pull()

    await client.patch(f"/organisations/{organisation}", json={"name": "Nowy Nurt"})

    assert sorted((await phone.pull()).ops()) == sorted(
        [("exchange", "put", str(exchange)), ("group", "put", group), ("me", "put", str(coordinator))]
    )


def somebody(email: str = "new@somewhere.example", **fields: Any) -> dict[str, Any]:
    return {"email": email, "display_name": "Kim", "role": "trainer", **fields}


async def test_the_answer_is_the_same_whether_or_not_the_address_is_known(app: TestApp) -> None:
    organisation, known = await make.organisation(), await make.person("Real Name", email="known@somewhere.example")
    client, path = await admin_of(app, organisation), f"/organisations/{organisation}/staff"

    added = [(await client.post(path, json=somebody(f"{who}@somewhere.example"))) for who in ("known", "unknown")]
    listed = [one for one in (await client.get(path)).json()["items"] if one["role"] == "trainer"]

    assert [(answer.status_code, set(answer.json()), set(one)) for answer, one in zip(added, listed, strict=True)] == [
        (201, {"id", "email", "role"}, {"id", "email", "role"})
    ] * 2
    assert await Person.select(Person.display_name).where(Person.id == known) == [{"display_name": "Real Name"}]


async def test_who_was_added_signs_in_by_e_mail_and_works_there(app: TestApp) -> None:
    organisation = await make.organisation("Host")
    await (await admin_of(app, organisation)).post(
        f"/organisations/{organisation}/staff", json=somebody(" New@Somewhere.example".strip(), locale="pl")
    )
    [row] = await Person.select(Person.id).where(Person.email == "new@somewhere.example")

    me = (await (await app.as_(row["id"])).get("/me")).json()

    assert (me["display_name"], me["locale"], me["staff"]) == (
        "Kim",
        "pl",
        [{"organisation": str(organisation), "name": "Host", "role": "trainer"}],
    )


async def test_the_same_role_twice_is_one(app: TestApp) -> None:
    organisation = await make.organisation()
    client, path = await admin_of(app, organisation), f"/organisations/{organisation}/staff"

    first, second = [(await client.post(path, json=somebody())).json() for _ in range(2)]

    assert first == second


async def test_many_who_add_the_same_address_at_once_make_one_person(house: Settings) -> None:
    organisation = await make.organisation()
    admin = make.signed_in(await make.staff(organisation, "admin"))
    draft = StaffDraft(email="new@somewhere.example", display_name="Kim", role="trainer")

    found = await asyncio.gather(*(add_staff(organisation, draft, admin) for _ in range(16)))

    assert (len(set(found)), await Person.count().where(Person.email == draft.email)) == (1, 1)


async def test_a_role_that_is_taken_away_is_gone_at_once(app: TestApp) -> None:
    organisation = await make.organisation()
    client, path = await admin_of(app, organisation), f"/organisations/{organisation}/staff"
    trainer = await make.staff(organisation)
    [row] = await Staff.select(Staff.id).where(Staff.person == trainer)

    removed = await client.delete(f"{path}/{row['id']}")

    assert (removed.status_code, (await (await app.as_(trainer)).get("/organisations")).json()) == (204, {"items": []})


async def test_the_last_administrator_stays(app: TestApp) -> None:
    organisation = await make.organisation()
    client, path = await admin_of(app, organisation), f"/organisations/{organisation}/staff"
    [own] = (await client.get(path)).json()["items"]

    assert code(await client.delete(f"{path}/{own['id']}")) == (409, "last_admin")


async def test_of_many_administrators_who_remove_each_other_at_once_one_stays(house: Settings) -> None:
    organisation = await make.organisation()
    for _ in range(8):
        await make.staff(organisation, "admin")
    rows = await Staff.select(Staff.id).where(Staff.organisation == organisation)

    ended = await asyncio.gather(*(remove_staff(organisation, row["id"]) for row in rows), return_exceptions=True)

    assert [type(one) for one in ended if one is not None] == [LastAdmin]


def run(data: Path, *words: str) -> Result:
    return CliRunner().invoke(yema, [*words, "--data", str(data)])


def test_who_installs_founds_the_first_organisation(tmp_path: Path) -> None:
    before = run(tmp_path, "organisation", "list")
    made = run(
        tmp_path, "organisation", "add", "Nurt", "--country", "pl", "--oid", "E10012345", "--admin", "Admin@a.example"
    )
    listed = run(tmp_path, "organisation", "list")

    which = made.output.split()[0]
    assert (before.output, made.output, listed.output) == (
        "There is no organisation yet; `yema organisation add` makes one.\n",
        f"{which}  Nurt: admin@a.example can sign in and administer it.\n",
        f"{which}  PL  E10012345  Nurt\n",
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--country", "Poland", "--admin", "a@a.example"], "Name the country with two letters, such as PL."),
        (["--country", "ZZ", "--admin", "a@a.example"], "This country is not known."),
        (["--country", "PL", "--admin", "nobody"], "nobody is not an e-mail address."),
        (
            ["--country", "PL", "--admin", "a@a.example", "--oid", "12"],
            "An OID is E and eight digits, such as E10012345.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path, words: list[str], said: str) -> None:
    answer = run(tmp_path, "organisation", "add", "Nurt", *words)

    assert str(answer.exception) == said
