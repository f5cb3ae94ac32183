"""Coming in by a code or a QR."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests import make
from tests.accounts.doors import join, join_code, members, told
from tests.client import TestApp
from yema.accounts.tables import Person

WRONG = (400, "wrong_code")


async def test_whoever_types_a_code_waits_for_approval(app: TestApp) -> None:
    exchange = await make.exchange()
    code = await join_code(exchange)

    joined = (await join(app.anybody, code=code.code)).json()
    me = await app.with_token(joined["tokens"]["access_token"]).get("/me")
    inside = await app.with_token(joined["tokens"]["access_token"]).get(f"/exchanges/{exchange}")

    assert joined["membership"] == {"exchange": str(exchange), "role": "participant", "state": "pending"}
    assert me.json()["memberships"] == [joined["membership"]]
    assert inside.status_code == 404


async def test_a_leader_approves_and_the_exchange_opens(app: TestApp) -> None:
    exchange = await make.exchange()
    group = await make.group(exchange)
    leader = await app.as_(await make.leader(exchange, group))
    code = await join_code(exchange, group=group)
    joined = (await join(app.anybody, secret=code.secret)).json()
    waiting = [
        m for m in (await leader.get(f"/exchanges/{exchange}/members")).json()["items"] if m["state"] == "pending"
    ]

    await leader.patch(f"/exchanges/{exchange}/members/{waiting[0]['id']}", json={"state": "active"})
    inside = await app.with_token(joined["tokens"]["access_token"]).get(f"/exchanges/{exchange}")

    assert [m["person"] for m in waiting] == [joined["person"]]
    assert inside.status_code == 200


async def test_a_code_that_admits_opens_the_exchange_at_once(app: TestApp) -> None:
    exchange = await make.exchange()
    code = await join_code(exchange, admits=True)

    joined = (await join(app.anybody, secret=code.secret)).json()
    inside = await app.with_token(joined["tokens"]["access_token"]).get(f"/exchanges/{exchange}")

    assert (joined["membership"]["state"], inside.status_code) == ("active", 200)


async def test_a_code_may_be_typed_carelessly(app: TestApp) -> None:
    code = await join_code(await make.exchange())
    assert isinstance(code.code, str)
    typed = code.code.lower().replace("0", "o").replace("1", "l").replace("-", " - ")

    answer = await join(app.anybody, code=typed)

    assert answer.status_code == 201


async def test_o_i_and_l_are_read_as_digits() -> None:
    from yema.accounts import codes

    assert codes.read("oO-iI lL\t1a") == "0011111A"


@pytest.mark.parametrize("kind", ["code", "secret"])
async def test_a_code_lets_in_as_many_as_it_says(app: TestApp, kind: str) -> None:
    exchange = await make.exchange()
    code = await join_code(exchange, uses_max=2)

    answers = [told(await join(app.anybody, **{kind: getattr(code, kind)})) for _ in range(3)]

    assert answers == [(201, ""), (201, ""), WRONG]
    assert await members(exchange) == [("participant", "pending")] * 2


@pytest.mark.parametrize("kind", ["code", "secret"])
async def test_an_expired_code_is_a_wrong_code(app: TestApp, kind: str) -> None:
    code = await join_code(await make.exchange(), hours=1)

    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1, seconds=1)):
        answer = await join(app.anybody, **{kind: getattr(code, kind)})

    assert told(answer) == WRONG


async def test_a_code_that_was_ended_is_a_wrong_code(app: TestApp) -> None:
    exchange = await make.exchange()
    code = await join_code(exchange)
    coordinator = await app.as_(await make.coordinator(exchange))

    await coordinator.delete(f"/exchanges/{exchange}/join-codes/{code.id}")
    answer = await join(app.anybody, secret=code.secret)

    assert told(answer) == WRONG


@pytest.mark.parametrize("typed", ["ZZZZ-ZZZZZ-ZZZZZ", "Z", " - ", "secret", "0" * 200])
async def test_every_wrong_code_gets_the_same_answer(app: TestApp, typed: str) -> None:
    await join_code(await make.exchange())

    assert told(await join(app.anybody, code=typed)) == WRONG


async def test_the_locator_alone_opens_nothing(app: TestApp) -> None:
    code = await join_code(await make.exchange())
    assert isinstance(code.code, str)

    assert told(await join(app.anybody, code=code.code[:4] + "-00000-00000")) == WRONG


async def test_neither_code_nor_secret_is_a_field_that_is_needed(app: TestApp) -> None:
    answer = await join(app.anybody)

    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/code", "required")]


async def test_whoever_is_signed_in_joins_as_themselves(app: TestApp) -> None:
    exchange, person = await make.exchange(), await make.person("Ana")
    code = await join_code(exchange, admits=True)

    answer = await join(await app.as_(person), secret=code.secret, display_name="Somebody else")

    membership = {"exchange": str(exchange), "role": "participant", "state": "active"}
    assert answer.json() == {"person": str(person), "membership": membership}
    assert await Person.select(Person.display_name).where(Person.id == person) == [{"display_name": "Ana"}]


async def test_a_bad_token_does_not_join_as_somebody_new(app: TestApp) -> None:
    exchange = await make.exchange()
    code = await join_code(exchange)

    answer = await join(app.with_token("yat_nonsense"), secret=code.secret)

    assert told(answer) == (401, "not_signed_in")
    assert await members(exchange) == []


async def test_joining_twice_is_refused_and_uses_nothing_up(app: TestApp) -> None:
    exchange = await make.exchange()
    code = await join_code(exchange, uses_max=2)
    client = await app.as_(await make.person())

    answers = [told(await join(client, secret=code.secret)) for _ in range(3)]
    other = await join(app.anybody, secret=code.secret)

    assert answers == [(201, ""), (409, "already_member"), (409, "already_member")]
    assert other.status_code == 201


async def test_whoever_left_may_join_again_and_waits_even_by_a_code_that_admits(app: TestApp) -> None:
    exchange = await make.exchange()
    code = await join_code(exchange, admits=True)
    client = await app.as_(await make.person())
    await join(client, secret=code.secret)

    await client.delete(f"/exchanges/{exchange}/members/me")
    again = await join(client, secret=code.secret)

    assert again.status_code == 201
    assert await members(exchange) == [("participant", "pending")]


async def test_a_participant_makes_no_codes(app: TestApp) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.participant(exchange))

    answer = await client.post(f"/exchanges/{exchange}/join-codes", json={})

    assert told(answer) == (403, "leaders_only")


async def test_a_leader_makes_codes_for_participants_of_the_own_group_only(app: TestApp) -> None:
    exchange = await make.exchange()
    own, other = await make.group(exchange), await make.group(exchange, "UA")
    leader = await app.as_(await make.leader(exchange, own))
    drafts = [{}, {"group": str(own)}, {"group": str(other)}, {"role": "leader"}, {"role": "coordinator"}]

    answers = [told(await leader.post(f"/exchanges/{exchange}/join-codes", json=draft)) for draft in drafts]

    refused = [(403, "own_group_only"), (403, "coordinators_only"), (403, "coordinators_only")]
    assert answers == [(201, ""), (201, ""), *refused]


async def test_codes_are_shown_once(app: TestApp) -> None:
    exchange = await make.exchange()
    leader = await app.as_(await make.coordinator(exchange))
    made = (await leader.post(f"/exchanges/{exchange}/join-codes", json={})).json()

    listed = (await leader.get(f"/exchanges/{exchange}/join-codes")).json()["items"]

    assert listed == [{name: value for name, value in made.items() if name not in ("code", "secret", "link", "qr")}]


async def test_every_new_code_has_a_locator_of_its_own(app: TestApp, monkeypatch: pytest.MonkeyPatch) -> None:
    # The dice fall the same way twice: once for a locator that is taken, then for a free one.
    exchange = await make.exchange()
    from yema.accounts import codes

    locators = iter(["AAAA", "AAAA", "BBBB"])
    real = codes.new_code
    monkeypatch.setattr(codes, "new_code", lambda length: next(locators) if length == 4 else real(length))

    made = [await join_code(exchange) for _ in range(2)]

    assert [str(code.code)[:4] for code in made] == ["AAAA", "BBBB"]


@pytest.mark.parametrize(
    ("sent", "kept"), [("pt-br", "pt-BR"), ("PL", "pl"), ("pl-DE", "pl"), ("zh-TW", "zh-Hant-TW"), ("uk", "uk")]
)
async def test_a_language_is_kept_as_it_stands_on_the_wire(app: TestApp, sent: str, kept: str) -> None:
    code = await join_code(await make.exchange())

    joined = (await join(app.anybody, secret=code.secret, locale=sent)).json()
    me = await app.with_token(joined["tokens"]["access_token"]).get("/me")

    assert me.json()["locale"] == kept


@pytest.mark.parametrize("locale", ["xx-YY", "root", "pl\n"])
async def test_a_language_that_nobody_knows_is_refused_before_the_code_is_used(app: TestApp, locale: str) -> None:
    code = await join_code(await make.exchange(), uses_max=1)

    refused = await join(app.anybody, secret=code.secret, locale=locale)
    accepted = await join(app.anybody, secret=code.secret)

    assert [e["pointer"] for e in refused.json().get("errors", [])] == ["/locale"]
    assert (refused.status_code, accepted.status_code) == (400, 201)


@pytest.mark.parametrize("born", ["2009-13", "2009-5", "09-05", "2009-05\n", "2009-05-01"])
async def test_a_birth_is_a_year_and_a_month(app: TestApp, born: str) -> None:
    code = await join_code(await make.exchange())

    answer = await join(app.anybody, secret=code.secret, born=born)

    assert [e["pointer"] for e in answer.json().get("errors", [])] == ["/born"]


async def test_a_birth_is_kept_and_shown_to_nobody_else(app: TestApp) -> None:
    exchange = await make.exchange()
    code = await join_code(exchange, admits=True)
    leader = await app.as_(await make.coordinator(exchange))

    await join(app.anybody, secret=code.secret, born="2009-05")
    seen = (await leader.get(f"/exchanges/{exchange}/members")).text

    assert await Person.select(Person.born).where(Person.born.is_not_null()) == [{"born": "2009-05"}]
    assert seen.count("2009-05") == 0
