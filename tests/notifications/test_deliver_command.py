"""`yema deliver` and `yema notify --test`, as an operator uses them."""

import asyncio
import json
import logging
import shutil
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest

from tests.demo.processes import Ended, serving, started, yema
from tests.notifications import post
from tests.notifications.trial_channel import TrialChannel
from yema.accounts.tables import Device, SignIn
from yema.changes import transaction
from yema.cli import yema as group
from yema.cli.shared import Trouble
from yema.house import open_house
from yema.http.log import configure_logs
from yema.ids import now, uuid7
from yema.notifications.channels import Broken, Channel, Gone, Later, Outcome, Refused
from yema.notifications.channels.log import LogChannel
from yema.notifications.channels.opening import open_channels
from yema.notifications.delivering.trying import NotReached, try_device
from yema.settings import Settings

T = TypeVar("T")
BESIDE = (
    "A server is using {data}, and it delivers by itself. Beside it there is `yema deliver --once`;"
    " several that share the work need Postgres (database_url).\n"
)


@pytest.fixture
def data(tmp_path: Path, sqlite_template: Path) -> Path:
    """A data folder that is up to date."""
    return shutil.copytree(sqlite_template.parent, tmp_path / "data")


def inside(data: Path, work: Coroutine[Any, Any, T]) -> T:
    """Do this in the open house, from outside a loop."""

    async def run() -> T:
        async with open_house(Settings(data=data), checkpoints=False):
            return await work

    return asyncio.run(run())


async def _someone_to_tell() -> UUID:
    """A device; something is due for it whose kind is no more, so that it is taken up and comes to nothing."""
    person, phone = await post.phone()
    await post.due(person, phone, urgent=True)
    return phone


def test_once_delivers_what_is_due_and_ends(data: Path) -> None:
    inside(data, _someone_to_tell())

    ended = yema("deliver", "--once", "--data", data)

    assert (ended.status, ended.out) == (0, "Deliveries that were due: 1.\n")
    assert inside(data, post.states()) == {"moot": 1}


def test_a_server_delivers_by_itself_and_once_may_run_beside_it(data: Path) -> None:
    inside(data, _someone_to_tell())
    with serving(data):
        by_itself = _until_moot(data)
        until_stopped = yema("deliver", "--data", data)
        once = yema("deliver", "--once", "--data", data)

    assert by_itself == {"moot": 1}
    assert until_stopped == Ended(1, "", BESIDE.format(data=data))
    assert (once.status, once.out) == (0, "Deliveries that were due: 0.\n")


def test_it_delivers_until_it_is_stopped(data: Path) -> None:
    inside(data, _someone_to_tell())
    with started("deliver", "--data", data) as process:
        found = _until_moot(data)
        process.terminate()
        status = process.wait(15)

    assert (status, found) == (0, {"moot": 1})


def _until_moot(data: Path) -> dict[str, int]:
    """Wait until somebody else has taken it up."""
    found: dict[str, int] = {}
    for _ in range(400):
        if (found := inside(data, post.states())) == {"moot": 1}:
            break
        time.sleep(0.05)
    return found


def run(*arguments: str | Path) -> str:
    """The command in this process, which fails: why."""
    with pytest.raises(Trouble) as raised:
        group.main([str(one) for one in arguments], standalone_mode=False)
    return str(raised.value)


@pytest.mark.parametrize("command", [("deliver", "--once"), ("notify", "--test", str(uuid7()))])
def test_a_folder_without_data_is_named(tmp_path: Path, command: tuple[str, ...]) -> None:
    assert run(*command, "--data", tmp_path) == f"There is no YEMA data in {tmp_path}. Name the folder with --data."


def test_without_keys_a_test_message_goes_nowhere_and_says_so(data: Path) -> None:
    device = inside(data, _someone_to_tell())

    said = run("notify", "--test", str(device), "--data", data)

    assert said == "No keys are set for fcm, so nothing was sent. See `yema doctor`."


def test_an_unknown_device_is_said_to_be_unknown(data: Path) -> None:
    assert run("notify", "--test", str(uuid7()), "--data", data) == "There is no device with this id."


async def test_a_test_message_is_general_and_in_the_language_of_the_device(house: Settings) -> None:
    channel = TrialChannel()
    _, phone = await post.phone(address="a-secret-token")

    said = await try_device({"fcm": channel}, phone)

    [message] = channel.handed
    assert (message.title, message.body) == ("YEMA", "This is a test. Notifications reach this device.")
    assert said == "fcm has taken a test message for this device (android)."


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        (Later("busy"), "fcm cannot take the message now (busy). Try again in a few minutes."),
        (Gone("old"), "fcm knows this device no more (old). The app registers it anew when it is opened."),
        (Refused("big"), "fcm does not take this message (big)."),
        (Broken("401"), "fcm does not accept our credentials (401). See `yema doctor`."),
    ],
)
async def test_what_became_of_a_test_message_is_one_sentence(house: Settings, outcome: Outcome, says: str) -> None:
    _, phone = await post.phone()

    with pytest.raises(NotReached) as raised:
        await try_device({"fcm": TrialChannel(lambda _: outcome)}, phone)

    assert str(raised.value) == says
    assert await Device.count().where(Device.gone_at.is_null()) == 1


@pytest.mark.parametrize("how", ["signed out", "gone"])
async def test_nobody_tries_a_device_that_was_left(house: Settings, how: str) -> None:
    channel = TrialChannel()
    person, phone = await post.phone()
    async with transaction() as tx:
        if how == "gone":
            await Device.update({Device.gone_at: tx.at}).where(Device.id == phone)
        else:
            await SignIn.update({SignIn.ended_at: tx.at}).where(SignIn.person == person)

    with pytest.raises(NotReached):
        await try_device({"fcm": channel}, phone)

    assert channel.handed == []


async def test_the_log_says_what_would_have_been_sent_without_words_or_addresses(
    house: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("yema"), "handlers", [])  # those of before are there again afterwards
    configure_logs("info")
    person, phone = await post.phone(address="a-secret-token")
    for _ in range(3):
        await post.due(person, phone, "secret words", expires_at=now() + post.HOUR, urgent=True)
    channels: dict[str, Channel] = {"fcm": LogChannel("fcm")}

    await post.postman(*channels.values()).deliver("fcm")  # type: ignore[arg-type]

    [line] = capsys.readouterr().err.splitlines()
    logged = json.loads(line)
    logged.pop("timestamp")
    assert logged == {"event": "would have been sent by fcm to android", "kind": "trial", "count": 3, "level": "info"}


def test_the_log_stands_in_for_what_has_no_keys() -> None:
    channels = open_channels(Settings())

    stands_in = {name for name, channel in channels.items() if isinstance(channel, LogChannel)}
    assert ({channel.name for channel in channels.values()}, stands_in) == (set(channels), {"fcm", "webpush"})
