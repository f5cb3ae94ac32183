"""Commands that only look: settings, routes, the OpenAPI document, what is wrong."""

import json
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click

from yema.cli.shared import Trouble, data_option, settings_for
from yema.settings import Settings, SettingsError, load_with_origins

_SECRET = ("smtp_url", "database_url", "media_s3_key", "media_s3_secret")
_LOSSES = {"server.key": "everybody has to sign in again", "journals.key": "nobody's journal opens"}


@click.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    from yema.app import create_app
    from yema.http.openapi import document

    click.echo(json.dumps(document(create_app(Settings())), indent=1, ensure_ascii=False, sort_keys=True))


@click.command()
def routes() -> None:
    """List every path with its methods and operations."""
    from yema.app import create_app
    from yema.http.openapi import document

    for path, operations in document(create_app(Settings()))["paths"].items():
        for method, operation in operations.items():
            click.echo(f"{method.upper():7}{path}  {operation['operationId']}")


@click.group()
def config() -> None:
    """Settings: yema.toml < YEMA_* < flags."""


@config.command()
@click.option("--origin", is_flag=True, help="Say where each value comes from.")
@data_option
def show(origin: bool, data: Path | None) -> None:
    """Show the settings that would be used; passwords are left out."""
    try:
        settings, origins = load_with_origins(data=data)
    except SettingsError as error:
        raise Trouble(str(error)) from None
    for name in Settings.__struct_fields__:
        value = getattr(settings, name)
        shown = "(set)" if name in _SECRET and value else value
        click.echo(f"{name} = {shown}" + (f"  # {origins[name]}" if origin else ""))


@click.command()
@data_option
def doctor(data: Path | None) -> None:
    """Say what is wrong with this installation, if anything; exit 1 then."""
    faults = list(_faults(settings_for(data=data)))
    for fault in faults:
        click.echo(fault)
    if faults:
        raise Trouble("Something needs your attention.")
    click.echo("All is well.")


def _faults(settings: Settings) -> Iterator[str]:
    if not settings.data.exists():
        yield f"There is no data folder at {settings.data}; `yema serve` makes it."
        return
    for name, loss in _LOSSES.items():
        path = settings.keys_folder / name
        if not path.exists():
            yield f"The key {path} is missing; without it {loss}. Restore it before you serve."
        elif os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield f"Others on this machine can read {path}: chmod 600 it."
    database = settings.data / "yema.sqlite"
    if not settings.database_url and database.exists() and (answer := _quick_check(database)) != "ok":
        yield f"{database} is damaged ({answer}); restore a backup."
    if settings.is_demo:
        yield f"{settings.data} is a demo folder: everybody can sign in as its people. Keep real people out of it."
    if not settings.smtp_url:
        yield "No SMTP server is set (smtp_url): mails with codes are only written to the data folder's mail/."


def _quick_check(database: Path) -> str:
    """What SQLite finds first: `ok` where that is nothing."""
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        return str(error)


commands = [openapi, routes, config, doctor]
