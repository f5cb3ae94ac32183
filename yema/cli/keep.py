"""Commands that keep the data: backup, verify, restore."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from yema.cli.shared import Trouble, data_option, settings_for

if TYPE_CHECKING:  # loaded by those who need it: the other commands start faster
    from yema.backup import Watch

T = TypeVar("T")

file_argument = click.argument("file", type=click.Path(path_type=Path))


@click.command()
@file_argument
@data_option
def backup(file: Path, data: Path | None) -> None:
    """Back the data folder up to FILE, also beside a running server."""
    from yema.backup import back_up

    settings = settings_for(data=data)
    with _watched() as watch:
        _run(back_up(settings, file, watch))
    click.echo(f"Keep {file} as long as you like: it opens no diary.")
    click.echo(
        f"Keep {file}.keyring apart from it, and delete it within 30 days: with it, texts of people who are erased could come back."
    )
    click.echo(f"In neither are the keys in {settings.keys_folder}: keep a copy of those in a third place, for good.")


@click.command()
@file_argument
def verify(file: Path) -> None:
    """Say whether the backup in FILE is whole, and opens."""
    from yema.backup import verify as look_through

    with _watched() as watch:
        manifest = _run(look_through(file, watch))
    counts = manifest.counts
    click.echo(
        f"{file} is whole: {counts['person']} people, {counts['exchange']} exchanges, {counts['journal_entry']} pages of diaries,"
        f" as of {manifest.made_at:%Y-%m-%d %H:%M} UTC."
    )
    if not Path(f"{file}.keyring").exists():
        click.echo(
            f"{file}.keyring is not beside it: only a data folder that still has its keyring.sqlite opens the diaries."
        )


@click.command()
@file_argument
@click.option(
    "--even-so", is_flag=True, help="Also where diaries then stay closed for ever, or everybody has to sign in again."
)
@data_option
def restore(file: Path, even_so: bool, data: Path | None) -> None:
    """Put the backup in FILE into the data folder, while no server runs on it. What was there is kept beside."""
    from yema.backup import restore as put_back

    settings = settings_for(data=data)
    with _watched() as watch:
        _run(put_back(settings, file, watch, even_so=even_so))


def _run(work: Coroutine[Any, Any, T]) -> T:
    from yema.backup import BackupTrouble

    try:
        return asyncio.run(work)
    except BackupTrouble as trouble:
        raise Trouble(str(trouble)) from None


@contextmanager
def _watched() -> Iterator["Watch"]:
    """A progress bar on a terminal, a line for each step elsewhere."""
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from yema.backup import Watch

    console = Console(highlight=False, soft_wrap=True)
    tasks: dict[str, TaskID] = {}
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:

        def step(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what)
                if not console.is_terminal:
                    click.echo(f"{what} …")
            bar.update(tasks[what], completed=done, total=total)

        yield Watch(step, lambda sentence: console.print(sentence, markup=False))


commands = [backup, verify, restore]
