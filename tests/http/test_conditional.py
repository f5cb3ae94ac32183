"""ETag, If-None-Match and If-Match."""

import pytest

from tests import make
from tests.client import TestApp
from tests.http.worlds import a_world, document, manners, operations, problem
from yema.http.conditional import is_fresh

WORDLESS = ("exportPack", "readMedia")
"""Files that are the same in each language."""


async def test_every_read_has_a_strong_etag_and_answers_304(app: TestApp) -> None:
    world, described = await a_world(app), await document(app)
    reads = {
        operation["operationId"]: world.path(path)
        for path, method, operation in operations(described)
        if method == "get" and "200" in operation["responses"]
    }
    reads["readMedia"] = world.link
    found = {}
    for name, url in reads.items():
        first = await world.reader_of(name).get(url)
        tag = first.headers.get("etag", f"{name} {first.status_code}")
        again = await world.reader_of(name).get(url, headers={"if-none-match": tag})
        strong = tag[0] == tag[-1] == '"'
        found[name] = (first.status_code, strong, again.status_code, again.content, again.headers.get("etag") == tag)

    assert found == dict.fromkeys(reads, (200, True, 304, b"", True))
    assert len(found) > 18


async def test_every_read_says_its_language_and_what_it_depends_on(app: TestApp) -> None:
    world, described = await a_world(app), await document(app)
    found = {}
    for path, method, operation in operations(described):
        if method == "get" and operation["operationId"] not in WORDLESS and "200" in operation["responses"]:
            reader = world.reader_of(operation["operationId"])
            headers = (await reader.get(world.path(path), headers={"accept-language": "pl"})).headers
            found[operation["operationId"]] = (bool(headers.get("content-language")), headers.get("vary"))

    assert found == dict.fromkeys(found, (True, "Accept-Encoding, Accept-Language, Authorization"))


@pytest.mark.parametrize("path", ["/activities", "/openapi.json", "/packs"])
async def test_each_encoding_has_an_etag_of_its_own(app: TestApp, path: str) -> None:
    await make.small_pack()

    tags = [
        (await app.anybody.get(path, headers={"accept-encoding": encoding})).headers["etag"]
        for encoding in ("identity", "gzip", "br", "zstd")
    ]

    assert len(set(tags)) == 4
    assert [tag.rpartition("-")[2] for tag in tags] == ['identity"', 'gzip"', 'br"', 'zstd"']


async def test_each_language_has_an_etag_of_its_own(app: TestApp) -> None:
    await make.pack()

    tags = {(await app.anybody.get(f"/activities?locale={tag}")).headers["etag"] for tag in ("en", "pl", "de")}

    assert len(tags) == 3


async def test_the_etag_of_another_encoding_is_not_fresh(app: TestApp) -> None:
    await make.small_pack()
    tag = (await app.anybody.get("/activities", headers={"accept-encoding": "br"})).headers["etag"]

    answer = await app.anybody.get("/activities", headers={"accept-encoding": "gzip", "if-none-match": tag})

    assert answer.status_code == 200


async def test_a_new_version_is_not_fresh_any_more(app: TestApp) -> None:
    pack = await make.small_pack()
    tag = (await app.anybody.get(f"/packs/{pack}")).headers["etag"]
    await make.small_pack()

    answer = await app.anybody.get(f"/packs/{pack}", headers={"if-none-match": tag})

    assert (answer.status_code, answer.json()["version"]) == (200, 2)


async def test_what_a_person_may_not_see_is_not_304_either(app: TestApp) -> None:
    exchange = await make.exchange()
    member, stranger = await app.as_(await make.leader(exchange)), await app.as_(await make.person())
    tag = (await member.get(f"/exchanges/{exchange}/itinerary")).headers["etag"]

    answers = [
        await stranger.get(f"/exchanges/{exchange}/itinerary", headers={"if-none-match": sent}) for sent in (tag, "*")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize(
    ("header", "fresh"),
    [
        (None, False),
        ("", False),
        ('"1-a-br"', True),
        ('W/"1-a-br"', True),
        ('"0-x-br", "1-a-br"', True),
        ('"0-x-br",W/"1-a-br" ', True),
        ("*", True),
        (" * ", True),
        ('"1-a-gzip"', False),
        ('"1-a-b"', False),
        ("1-a-br", False),
        ('W/"1-a-gzip", "2-a-br"', False),
    ],
)
def test_if_none_match_knows_lists_weak_tags_and_the_star(header: str | None, fresh: bool) -> None:
    assert is_fresh(header, '"1-a-br"') is fresh


async def test_a_change_without_if_match_is_428(app: TestApp) -> None:
    exchange = await make.exchange()
    leader, slot = await app.as_(await make.leader(exchange)), await make.slot(exchange)

    answers = [await leader.patch(f"/slots/{slot}", json={"title": "Lunch"}), await leader.delete(f"/slots/{slot}")]

    assert [manners(answer) for answer in answers] == [problem(428, "precondition_required")] * 2


@pytest.mark.parametrize("header", ['"77-a-br"', "77", '"0"', "nonsense", 'W/"1-a-br"', '"-1"', "9" * 40])
async def test_a_stale_if_match_is_412_with_the_slot_as_it_is(app: TestApp, header: str) -> None:
    exchange = await make.exchange()
    leader, slot = await app.as_(await make.leader(exchange)), await make.slot(exchange)
    current = (await leader.get(f"/slots/{slot}")).json()

    answers = [
        await leader.patch(f"/slots/{slot}", json={"title": "Lunch"}, headers={"if-match": header}),
        await leader.delete(f"/slots/{slot}", headers={"if-match": header}),
    ]

    assert [manners(answer) for answer in answers] == [problem(412, "stale")] * 2
    assert [answer.json()["current"] for answer in answers] == [current, current]


async def test_the_etag_of_what_was_read_in_one_encoding_is_good_for_writing_in_another(app: TestApp) -> None:
    exchange = await make.exchange()
    leader, slot = await app.as_(await make.leader(exchange)), await make.slot(exchange)
    tag = (await leader.get(f"/slots/{slot}", headers={"accept-encoding": "br"})).headers["etag"]

    changed = await leader.patch(
        f"/slots/{slot}", json={"title": "Lunch"}, headers={"if-match": tag, "accept-encoding": "gzip"}
    )
    again = await leader.patch(
        f"/slots/{slot}", json={"title": "Dinner"}, headers={"if-match": changed.headers["etag"]}
    )
    late = await leader.patch(f"/slots/{slot}", json={"title": "Tea"}, headers={"if-match": tag})

    assert [answer.status_code for answer in (changed, again, late)] == [200, 200, 412]


async def test_the_star_changes_any_version(app: TestApp) -> None:
    exchange = await make.exchange()
    leader, slot = await app.as_(await make.leader(exchange)), await make.slot(exchange)

    answers = [
        await leader.patch(f"/slots/{slot}", json={"title": title}, headers={"if-match": "*"}) for title in ("A", "B")
    ]

    assert [(answer.status_code, answer.json()["title"]) for answer in answers] == [(200, "A"), (200, "B")]
