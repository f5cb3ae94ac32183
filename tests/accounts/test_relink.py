"""A re-link brings a young person back into the exchange, and nobody into their diary."""

from uuid import UUID

from tests import make
from tests.accounts.diaries import phone_of
from tests.accounts.doors import by_code, join, join_code, member_id, write
from tests.client import TestApp
from yema.accounts.tables import Notice


async def lost_phone(app: TestApp) -> tuple[UUID, UUID, UUID, UUID]:
    """(exchange, group, person, their page) of somebody who joined by a code and wrote."""
    exchange = await make.exchange()
    group = await make.group(exchange)
    code = await join_code(exchange, group=group, admits=True)
    joined = (await join(app.anybody, secret=code.secret)).json()
    page = await write(app.with_token(joined["tokens"]["access_token"]), exchange, "Before")
    return exchange, group, UUID(joined["person"]), page


def door(exchange: UUID, member: UUID, name: str) -> str:
    return f"/exchanges/{exchange}/members/{member}/{name}"


async def test_an_operators_token_neither_relinks_nor_opens(app: TestApp) -> None:
    exchange, _, person, _ = await lost_phone(app)
    member = await member_id(exchange, person)
    operator = app.with_token(await make.token(await make.coordinator(exchange), "operator"))

    answers = [await operator.post(door(exchange, member, name)) for name in ("relink", "diary-opening")]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(403, "diary_closed")] * 2


async def test_whoever_relinked_cannot_vouch_as_well(app: TestApp) -> None:
    exchange, _, person, page = await lost_phone(app)
    member = await member_id(exchange, person)
    coordinator, other = (
        await app.as_(await make.coordinator(exchange)),
        await app.as_(await make.coordinator(exchange)),
    )
    code = (await coordinator.post(door(exchange, member, "relink"))).json()["code"]
    phone = phone_of(app, await by_code(app, code))

    same = await coordinator.post(door(exchange, member, "diary-opening"))
    closed = (await phone.get(f"/journal/entries/{page}")).status_code
    another = await other.post(door(exchange, member, "diary-opening"))

    assert (same.status_code, same.json()["code"], closed) == (403, "vouched_by_the_same", 404)
    assert (another.status_code, (await phone.get(f"/journal/entries/{page}")).status_code) == (204, 200)


async def test_only_the_phone_that_was_relinked_last_is_opened(app: TestApp) -> None:
    exchange, group, person, page = await lost_phone(app)
    member = await member_id(exchange, person)
    leader = await app.as_(await make.leader(exchange, group))
    coordinator = await app.as_(await make.coordinator(exchange))
    first, last = [
        phone_of(app, await by_code(app, (await leader.post(door(exchange, member, "relink"))).json()["code"]))
        for _ in range(2)
    ]

    await coordinator.post(door(exchange, member, "diary-opening"))

    seen = [(await phone.get(f"/journal/entries/{page}")).status_code for phone in (first, last)]
    assert seen == [404, 200]


async def test_who_has_an_address_is_not_relinked(app: TestApp) -> None:
    exchange = await make.exchange()
    group = await make.group(exchange)
    leader = await app.as_(await make.leader(exchange, group))
    person = await make.participant(exchange, group, email="somebody@example.org")

    answer = await leader.post(door(exchange, await member_id(exchange, person), "relink"))

    assert (answer.status_code, answer.json()["code"]) == (409, "cannot_relink")


async def test_who_leads_elsewhere_is_not_relinked(app: TestApp) -> None:
    """Else a leader of one exchange would take over another's coordinator."""
    exchange = await make.exchange()
    group = await make.group(exchange)
    leader = await app.as_(await make.leader(exchange, group))
    person = await make.participant(exchange, group)
    await make.coordinator(await make.exchange(), who=person)

    answer = await leader.post(door(exchange, await member_id(exchange, person), "relink"))

    assert (answer.status_code, answer.json()["code"]) == (409, "cannot_relink")


async def test_the_person_is_shown_who_relinked_them(app: TestApp) -> None:
    exchange, group, person, _ = await lost_phone(app)
    leader = await make.leader(exchange, group)

    await (await app.as_(leader)).post(door(exchange, await member_id(exchange, person), "relink"))

    rows = await Notice.select(Notice.kind, Notice.by).where(Notice.person == person)
    assert [(row["kind"], row["by"]) for row in rows] == [("relinked", leader)]
