"""What a release tells in detail, and what it would tell."""

from tests.client import TestApp
from tests.exchanges.plans import planning
from tests.phone import Carried
from yema.changes import transaction
from yema.exchanges.tables.told import Release


async def test_a_release_tells_field_by_field_what_was_different(app: TestApp) -> None:
    plan = await planning(app)
    moved, changed, cancelled = [await plan.slot(f"{hour:02}:00-{hour:02}:30") for hour in (8, 9, 10)]
    await plan.release()
    await plan.move(moved, "08:15-08:45")
    await plan.change(changed, title="Warsztat", locale="pl")
    await plan.cancel(cancelled)

    details = (await plan.release())["difference"]["details"]

    titled = {"title": "Workshop", "title_locale": "en"}
    hours = {
        "starts_at": ("2027-07-14T08:00:00+02:00", "2027-07-14T08:15:00+02:00"),
        "ends_at": ("2027-07-14T08:30:00+02:00", "2027-07-14T08:45:00+02:00"),
    }
    times = [{"field": field, "before": was, "after": now} for field, (was, now) in hours.items()]
    state = {"field": "state", "before": "planned", "after": "cancelled"}
    assert details == [
        {"slot": moved, "word": "moved", "fields": times, **titled},
        {
            "slot": changed,
            "word": "changed",
            **titled,
            "fields": [{"field": "title", "after": "Warsztat", "locale": "pl"}],
        },
        {"slot": cancelled, "word": "cancelled", **titled, "fields": [state]},
    ]


async def test_a_new_slot_is_told_by_its_title_alone(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot()

    details = (await plan.release())["difference"]["details"]

    assert details == [{"slot": slot, "word": "new", "title": "Workshop", "title_locale": "en", "fields": []}]


async def test_details_are_read_again_in_the_readers_language(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot()
    await plan.change(slot, title="Warsztat", locale="pl")
    made = await plan.release()
    await plan.change(slot, title="Later")

    lists = [
        (await plan.leader.get(f"{plan.path}/releases", params={"locale": locale})).json()["items"][0]
        for locale in ("en", "pl")
    ]

    titles = [one["difference"]["details"][0]["title"] for one in lists]
    assert (lists[0], titles) == (made, ["Workshop", "Warsztat"])


async def test_a_preview_is_what_the_release_then_tells(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot()
    await plan.release()
    await plan.slot("12:00-13:00")
    await plan.move(slot, "15:00-16:00")

    preview = (await plan.leader.get(f"{plan.path}/releases/preview")).json()
    told = await Release.count()

    assert (preview, told) == ((await plan.release())["difference"], 1)


async def test_a_preview_of_nothing_is_empty(app: TestApp) -> None:
    plan = await planning(app)

    answer = await plan.leader.get(f"{plan.path}/releases/preview")

    assert answer.json() == {"new": [], "moved": [], "changed": [], "cancelled": [], "details": []}


async def test_a_release_of_an_older_server_is_read_without_details(app: TestApp) -> None:
    plan = await planning(app)
    slot = await plan.slot()
    await plan.release()
    difference = f'{{"new":["{slot}"],"moved":[],"changed":[],"cancelled":[]}}'
    async with transaction():
        await Release.update({Release.difference: difference, Release.before: "{}"}).where(Release.number == 1)

    [found] = (await plan.leader.get(f"{plan.path}/releases")).json()["items"]

    assert found["difference"] == {"new": [slot], "moved": [], "changed": [], "cancelled": []}


async def test_a_released_change_costs_each_phone_one_pull_that_brings_it_alone(app: TestApp) -> None:
    plan = await planning(app)
    slots = [await plan.slot(f"{hour:02}:00-{hour:02}:30", repeat={"until": "2027-08-01"}) for hour in (8, 10, 12)]
    await plan.release()
    phones = [Carried(plan.participant), Carried(await app.as_(plan.world.participant2))]
    for phone in phones:
        await phone.pull()
    await plan.move(slots[0], "15:00-15:30")
    await plan.release()
    before = [dict(phone.phone.all("released_slot")) for phone in phones]

    body = [phone.phone.to_pull() for phone in phones]
    answers = [await phone.client.post("/sync/pull", json=asked) for phone, asked in zip(phones, body, strict=True)]

    pages = [answer.json() for answer in answers]
    assert [[change["id"] for change in page["changes"]] for page in pages] == [[slots[0]]] * 2
    assert ([page["complete"] for page in pages], [len(one) for one in before]) == ([True, True], [57, 57])


async def test_what_was_told_of_a_slot_for_others_is_not_shown_to_participants(app: TestApp) -> None:
    plan = await planning(app)
    people = {"kind": "people", "people": [str(plan.world.participant2)]}
    await plan.slot(title="A title that could leak", audience=people)
    await plan.release()

    paths = [f"{plan.path}/{name}" for name in ("releases", "releases/preview", "history")]
    answers = [await plan.participant.get(path) for path in paths]

    assert [(answer.status_code, "leak" in answer.text) for answer in answers] == [(403, False)] * 3
