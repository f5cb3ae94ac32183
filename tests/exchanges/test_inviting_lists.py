"""Lists of people to invite, as spreadsheets save them: what is read of each line, and what is refused."""

import pytest

from tests import make
from tests.accounts.doors import told
from tests.client import TestApp
from tests.exchanges.test_inviting import HEAD, invited, said, send
from tests.exchanges.world import world
from tests.measuring import cpu_seconds
from yema.exchanges import invitations
from yema.exchanges.errors import UnreadableList
from yema.exchanges.invitations import LINES_MAX, read_list
from yema.exchanges.tables.exchange import JoinCode


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (",PL,,,,,,", "bad_name"),
        ("x" * 201 + ",PL,,,,,,", "bad_name"),
        ("Ola\0,PL,,,,,,", "bad_name"),
        ("Ola,Atlantis,,,,,,", "unknown_group"),
        ("Ola,PL,boss,,,,,", "bad_role"),
        ("Ola,PL,,ola at home,,,,", "bad_email"),
        ("Ola,PL,,,pl xx-nonsense klingon1,,,", "bad_languages"),
        ("Ola,PL,,,,2009-13,,", "bad_born"),
        ("Ola,PL,,,,,female,", "bad_gender"),
        ("Ola,PL,,,,,,perhaps", "bad_fewer_opportunities"),
        ("Ola,PL,,,,,,,more", "too_many_fields"),
        ("Person One,PL,,,,,,", "already_member"),
        ("Ola,PL,PARTICIPANT,ola@demo.example,PL; uk,2009-05,F,Yes", "invited"),
        ('"Ola\nNowak",PL,,,"pl,uk",,,no', "invited"),
    ],
)
async def test_a_line_that_cannot_be_taken_is_said(app: TestApp, line: str, code: str) -> None:
    w = await world()
    await make.participant(w.exchange, w.group, name="Person  one")

    report = await invited(await app.as_(w.coordinator), w, f"{HEAD}\n{line}\nLast,PL,,,,,,\n")

    assert [(one, found) for one, _, found in said(report)] == [
        (3, code),
        (5 if line.startswith('"') else 4, "invited"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "name,role\nÓla,participant\n".encode(),
        "\ufeffName;Role\r\nÓla;participant\r\n".encode(),
        "role,name\nparticipant,Óla".encode(),
        "\ufeffname\rÓla\r".encode(),
    ],
)
async def test_a_table_is_read_as_excel_and_others_save_it(app: TestApp, body: bytes) -> None:
    w = await world()

    assert said(await invited(await app.as_(w.leader), w, body)) == [(2, "Óla", "invited")]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n",
        b"role\nparticipant\n",
        b"name,nmae\nOla,Ola\n",
        b"name,name\nOla,Ola\n",
        "name\nÓla\n".encode("cp1250"),
        "name\nOla\n".encode("utf-16"),
        b"name\n" + b"Ola\n" * 501,
        b'name\n"' + b"x" * 140_000 + b'"\n',
    ],
)
async def test_what_is_no_such_table_is_refused_as_a_whole(app: TestApp, body: bytes) -> None:
    w = await world()

    answer = await send(await app.as_(w.leader), w, body)

    assert (told(answer), await JoinCode.count()) == ((400, "unreadable_list"), 0)


async def test_another_type_of_body_is_refused(app: TestApp) -> None:
    w = await world()

    answer = await (await app.as_(w.leader)).post(f"/exchanges/{w.exchange}/invitations", json={"name": "Ola"})

    assert told(answer) == (415, "unsupported_media_type")


@pytest.mark.parametrize("line", [b"a\n", b"\n", b",,\n", b'"",\n'])
def test_a_megabyte_of_lines_takes_no_time_to_be_refused(line: bytes) -> None:
    body = (b"name,group\n" + b"a\n" + line * (2**20 // len(line)))[: 2**20]

    def refuse() -> None:
        with pytest.raises(UnreadableList):
            read_list(body)

    assert cpu_seconds(refuse) < 0.2


def test_lines_are_counted_before_they_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    monkeypatch.setattr(invitations, "_line", lambda number, *_: looked.append(number))

    with pytest.raises(UnreadableList):
        read_list(b"name\n" + b"a\n" * (LINES_MAX + 1))

    assert looked == []
