"""What a phone that a leader re-linked opens of the diary, and who opens the rest of it."""

from tests import make
from tests.accounts.diaries import OPEN, diary, notices, phone_of, relink_code, relinked
from tests.accounts.doors import by_code, member_id, read, told, write
from tests.client import TestApp
from yema.accounts.tables import Notice


async def test_a_relinked_phone_opens_the_exchange_and_not_the_diary_from_before(app: TestApp) -> None:
    ana = await diary(app)

    phone = await relinked(app, ana)
    inside = await phone.get(f"/exchanges/{ana.exchange}")

    assert inside.status_code == 200
    assert await read(phone, ana.exchange, ana.page) == ((404, "not_found"), (409, "id_taken"), [])


async def test_every_door_to_a_page_from_before_is_closed(app: TestApp) -> None:
    ana = await diary(app)
    await ana.phone.put(f"/journal/entries/{ana.page}/sharing", json={"shared_with": "leader"})
    path = f"/journal/entries/{ana.page}"

    phone = await relinked(app, ana)
    answers = [
        await phone.put(path, json=make.entry(ana.exchange, "x"), headers={"if-match": '"1"'}),
        await phone.delete(path),
        await phone.put(f"{path}/sharing", json={"shared_with": "group"}),
        await phone.delete(f"{path}/sharing"),
        await phone.get(f"/reflections/{ana.page}"),
        await phone.get(f"/reflections/{ana.page}/feedback"),
        await phone.post(f"/reflections/{ana.page}/feedback", json={"text": "x"}),
    ]

    assert [one.status_code for one in answers[1:]] == [404] * 6
    assert [one.status_code for one in answers if "Before the phone" in one.text] == []
    assert (await ana.phone.get(path)).json()["text"] == "Before the phone was lost"


async def test_a_relinked_phone_reads_what_it_writes_itself(app: TestApp) -> None:
    ana = await diary(app)
    phone = await relinked(app, ana)

    page = await write(phone, ana.exchange, "After")

    assert await read(phone, ana.exchange, page) == (OPEN, OPEN, [str(page)])


async def test_a_relink_lasts_through_a_refresh(app: TestApp) -> None:
    ana = await diary(app)
    tokens = (await by_code(app, await relink_code(app, ana))).json()["tokens"]

    renewed = await app.anybody.post(
        "/sign-in/refresh", json={"refresh_token": tokens["refresh_token"], "rotation_id": "rotation-1"}
    )
    phone = app.with_token(renewed.json()["access_token"])

    assert await read(phone, ana.exchange, ana.page) == ((404, "not_found"), (409, "id_taken"), [])


async def test_the_second_phone_of_a_relinked_one_opens_no_more_than_that(app: TestApp) -> None:
    # Else a leader could re-link somebody to a phone of their own, show a code there, and read the whole diary.
    ana = await diary(app)
    phone = await relinked(app, ana)
    after = await write(phone, ana.exchange, "After")
    shown = (await phone.post("/me/sign-ins/codes")).json()

    second = phone_of(app, await by_code(app, shown["code"]))

    assert await read(second, ana.exchange, ana.page) == ((404, "not_found"), (409, "id_taken"), [str(after)])


async def test_a_relink_is_shown_to_the_person(app: TestApp) -> None:
    ana = await diary(app)

    await relinked(app, ana)

    assert await notices(ana.phone) == ["relinked"]


async def test_the_recovery_code_opens_the_diary_on_the_phone_that_used_it(app: TestApp) -> None:
    ana = await diary(app)
    await relinked(app, ana)

    found = (await by_code(app, ana.recovery_code)).json()
    phone = app.with_token(found["tokens"]["access_token"])

    assert await read(phone, ana.exchange, ana.page) == (OPEN, OPEN, [str(ana.page)])


async def test_the_recovery_code_opens_nothing_on_another_relinked_phone(app: TestApp) -> None:
    """A leader who kept the re-link code's sign-in must not profit from the young person's own recovery."""
    ana = await diary(app)
    phone = await relinked(app, ana)

    await by_code(app, ana.recovery_code)

    assert await read(phone, ana.exchange, ana.page) == ((404, "not_found"), (409, "id_taken"), [])


async def test_a_coordinator_opens_the_diary_again_and_the_person_is_shown_who_did(app: TestApp) -> None:
    ana = await diary(app)
    phone = await relinked(app, ana)
    coordinator = await make.coordinator(ana.exchange)
    member = await member_id(ana.exchange, ana.person)

    answer = await (await app.as_(coordinator)).post(f"/exchanges/{ana.exchange}/members/{member}/diary-opening")

    assert answer.status_code == 204
    assert await read(phone, ana.exchange, ana.page) == (OPEN, OPEN, [str(ana.page)])
    assert await notices(ana.phone) == ["diary_opened", "relinked"]
    assert await Notice.select(Notice.by).where(Notice.kind == "diary_opened") == [{"by": coordinator}]


async def test_a_coordinator_does_not_read_the_diary_that_they_open(app: TestApp) -> None:
    ana = await diary(app)
    await relinked(app, ana)
    coordinator = await app.as_(await make.coordinator(ana.exchange))
    member = await member_id(ana.exchange, ana.person)

    await coordinator.post(f"/exchanges/{ana.exchange}/members/{member}/diary-opening")

    assert await read(coordinator, ana.exchange, ana.page) == ((404, "not_found"), (409, "id_taken"), [])


async def test_leaders_and_members_open_no_diaries(app: TestApp) -> None:
    ana = await diary(app)
    await relinked(app, ana)
    path = f"/exchanges/{ana.exchange}/members/{await member_id(ana.exchange, ana.person)}/diary-opening"

    clients = [await app.as_(ana.leader), ana.phone, await app.as_(await make.person())]
    answers = [told(await client.post(path)) for client in clients]

    assert answers == [(403, "coordinators_only"), (403, "coordinators_only"), (404, "not_found")]


async def test_a_leader_relinks_active_participants_of_the_own_group_only(app: TestApp) -> None:
    exchange = await make.exchange()
    own, other = await make.group(exchange), await make.group(exchange, "UA")
    leader = await app.as_(await make.leader(exchange, own))
    people = [
        await make.participant(exchange, own),
        await make.participant(exchange, other),
        await make.leader(exchange, own),
        await make.participant(exchange, own, state="pending"),
        await make.participant(exchange, own, state="left"),
        await make.coordinator(exchange),
    ]

    members = [await member_id(exchange, person) for person in people]
    answers = [told(await leader.post(f"/exchanges/{exchange}/members/{m}/relink")) for m in members]

    nobody, group, leaders = (404, "not_found"), (403, "own_group_only"), (403, "coordinators_only")
    assert answers == [(201, ""), group, leaders, nobody, nobody, group]
