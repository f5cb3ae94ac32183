"""problem+json, whatever goes wrong."""

import pytest

from tests import make
from tests.client import TestApp
from tests.http.worlds import JSON, ORIGIN, manners, pointers, problem
from yema.i18n import CATALOGUES, gettext


@pytest.mark.parametrize("path", ["/", "/nothing", "/api", "/api/v1", "/api/v1/nothing", "/api/v2/me", "/unused"])
async def test_what_is_not_there_is_a_problem(app: TestApp, path: str) -> None:
    assert manners(await app.anybody.get(ORIGIN + path)) == problem(404, "not_found")


async def test_an_address_with_a_broken_id_is_not_there(app: TestApp) -> None:
    exchange = await make.exchange()
    leader = await app.as_(await make.leader(exchange))

    answer = await leader.get(f"/exchanges/{str(exchange)[:-1]}x")

    assert manners(answer) == problem(404, "not_found")


@pytest.mark.parametrize(
    "tail",
    [
        f"versions/{10**30}/pl",
        f"versions/{2**31}/pl",
        f"versions/{2**31}/pl/abc",
        f"versions/{'9' * 5000}/pl",
        "versions/-1/pl",
        "versions/1/%00",
        "versions/1/p%00l/abc",
        "versions/1/%FF%FE",
        "versions/1/pl/%00",
    ],
)
async def test_an_impossible_version_of_a_pack_is_not_there(app: TestApp, tail: str) -> None:
    pack = await make.small_pack()

    assert manners(await app.anybody.get(f"/packs/{pack}/{tail}")) == problem(404, "not_found")


async def test_a_wrong_method_says_which_ones_are_right(app: TestApp) -> None:
    answer = await app.anybody.post(f"/packs/{await make.small_pack()}")

    assert manners(answer) == problem(405, "method_not_allowed")
    assert {name.strip() for name in answer.headers["allow"].split(",")} == {"GET", "OPTIONS", "PATCH"}


async def test_without_a_token_there_is_a_challenge(app: TestApp) -> None:
    answer = await app.anybody.get("/me")

    assert manners(answer) == problem(401, "not_signed_in")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer x y", "Bearer " + "x" * 10_000])
async def test_a_token_of_another_shape_is_no_token(app: TestApp, header: str) -> None:
    answer = await app.anybody.get("/activities", headers={"authorization": header})

    assert manners(answer) == problem(401, "not_signed_in")


@pytest.mark.parametrize("tag", CATALOGUES)
async def test_a_problem_speaks_the_readers_language(app: TestApp, tag: str) -> None:
    answer = await app.anybody.get("/nothing", headers={"accept-language": f"{tag}, en;q=0.5"})

    assert answer.headers["content-language"] == tag
    assert answer.json()["title"] == gettext((tag,), "There is nothing here.")


async def test_the_words_of_a_field_speak_the_readers_language(app: TestApp) -> None:
    answer = await app.anybody.get("/activities?limit=0", headers={"accept-language": "pl"})

    assert answer.headers["content-language"] == "pl"
    assert answer.json()["title"] == gettext(("pl",), "The request is not valid.")
    assert pointers(answer) == [("/limit", "invalid")]
    assert answer.json()["errors"][0]["detail"] == gettext(("pl",), "This value is not allowed here.")


async def test_the_language_in_the_query_goes_first(app: TestApp) -> None:
    answer = await app.anybody.get("/nothing?locale=uk", headers={"accept-language": "pl"})

    assert answer.headers["content-language"] == "uk"


async def test_a_problem_is_in_the_persons_own_language_where_nothing_else_is_asked(app: TestApp) -> None:
    person = await app.as_(await make.person(locale="de"))

    answer = await person.get(f"/slots/{await make.exchange()}")

    assert (answer.status_code, answer.headers["content-language"]) == (404, "de")


async def test_a_problem_is_never_kept_and_says_what_it_depends_on(app: TestApp) -> None:
    headers = (await app.anybody.get("/nothing")).headers

    assert (headers["cache-control"], headers["vary"]) == (
        "no-store",
        "Accept-Encoding, Accept-Language, Authorization",
    )


async def test_each_request_has_an_id_of_its_own(app: TestApp) -> None:
    ids = {(await app.anybody.get("/nothing")).headers["x-request-id"] for _ in range(5)}

    assert len(ids) == 5


async def test_a_stranger_gets_the_same_words_as_for_what_is_not_there(app: TestApp) -> None:
    exchange = await make.exchange()
    stranger = await app.as_(await make.person())

    hidden, missing = [
        (await stranger.get(f"/exchanges/{path}")).json() for path in (exchange, "0199a3c0-264a-72b9-89ce-512e2f6201d0")
    ]

    assert {**hidden, "request_id": ""} == {**missing, "request_id": ""}


async def test_a_wrong_method_outside_the_api_is_a_problem_too(app: TestApp) -> None:
    answer = await app.anybody.post(f"{ORIGIN}/healthz", content=b"{}", headers=JSON)

    assert manners(answer) == problem(405, "method_not_allowed")
