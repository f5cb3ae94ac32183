"""Nothing that opens a door lies in the database, in the data folder or in a log."""

from typing import NamedTuple

from tests import make
from tests.accounts.doors import ask_by_mail, by_code, confirm, join, join_code, logged, refresh
from tests.client import TestApp
from yema.database import Statement, fetch
from yema.settings import Settings


class Doors(NamedTuple):
    """Who went through all doors, and every secret that was given out."""

    name: str
    secrets: list[str]


async def through_all_doors(app: TestApp, settings: Settings) -> Doors:
    exchange, name = await make.exchange(), "Oleksandra"
    by_secret, typed = await join_code(exchange), await join_code(exchange)
    joined = (await join(app.anybody, secret=by_secret.secret, display_name=name)).json()
    await join(app.anybody, code=typed.code)
    await join(app.anybody, code=f"{str(typed.code)[:4]}-WRONG-WRONG")
    recovered = (await by_code(app, joined["recovery_code"])).json()
    phone = app.with_token(recovered["tokens"]["access_token"])
    shown = (await phone.post("/me/sign-ins/codes")).json()["code"]
    second = (await by_code(app, (await phone.post("/me/sign-ins/codes")).json()["code"])).json()
    renewed = (await refresh(app, second["tokens"]["refresh_token"], "rotation-of-mine")).json()
    await make.person(email="ana@example.org")
    challenge, digits = await ask_by_mail(app, settings, "ana@example.org")
    mailed = (await confirm(app, challenge, digits)).json()
    pairs = [joined["tokens"], recovered["tokens"], second["tokens"], renewed, mailed]
    tokens = [pair[kind] for pair in pairs for kind in ("access_token", "refresh_token")]
    codes = [str(by_secret.code), str(typed.code), joined["recovery_code"], recovered["recovery_code"], shown]
    bare = [code.replace("-", "") for code in codes]
    return Doors(name, [*tokens, *codes, *bare, *(c[4:] for c in bare), str(by_secret.secret), challenge, digits])


async def stored(settings: Settings) -> str:
    """All that stands in any table, as text."""
    names = Statement(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        if settings.database_url
        else "SELECT name FROM sqlite_master WHERE type = 'table'"
    )
    tables = [row[0] for row in await fetch(names)]
    return "\n".join([repr(tuple(row)) for name in tables for row in await fetch(Statement(f'SELECT * FROM "{name}"'))])


def files(settings: Settings) -> bytes:
    """All bytes in the data folder, but for the keys and the mails."""
    paths = [path for path in settings.data.rglob("*") if path.is_file()]
    kept = [p for p in paths if p.relative_to(settings.data).parts[0] not in ("keys", "mail")]
    return b"\n".join(path.read_bytes() for path in kept)


async def test_no_table_holds_what_opens_a_door(app: TestApp, settings: Settings) -> None:
    doors = await through_all_doors(app, settings)

    found = await stored(settings)

    assert doors.name in found  # the dump is a dump
    assert [secret for secret in doors.secrets if secret in found] == []


async def test_no_file_holds_what_opens_a_door(app: TestApp, settings: Settings) -> None:
    doors = await through_all_doors(app, settings)

    found = files(settings)

    assert (doors.name.encode() in found) == (not settings.database_url)  # Postgres keeps its rows elsewhere
    assert [secret for secret in doors.secrets if secret.encode() in found] == []


async def test_no_log_holds_what_opens_a_door(app: TestApp, settings: Settings) -> None:
    log = logged()
    doors = await through_all_doors(app, settings)
    await app.with_token(doors.secrets[0] + "x").get(f"/me?token={doors.secrets[1]}")
    await app.anybody.get(f"/exchanges/{doors.secrets[1]}")

    found = log.getvalue()

    assert found.count('"route": "/api/v1/sign-in/join"') == 3  # the log is a log
    assert [secret for secret in (*doors.secrets, doors.name) if secret in found] == []


async def test_no_answer_to_a_wrong_code_repeats_it(app: TestApp) -> None:
    answers = [
        await join(app.anybody, code="0123-SECRE-T4567"),
        await by_code(app, "0123-SECRE-T4567"),
        await refresh(app, "0123-SECRE-T4567", "rotation-1"),
        await app.anybody.post("/sign-in/refresh", json={"refresh_token": "0123-SECRE-T4567", "rotation_id": "é"}),
    ]

    assert [answer.status_code for answer in answers if "SECRE" in answer.text] == []
