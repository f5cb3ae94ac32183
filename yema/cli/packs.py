"""Packs of activities: look whether one is in order, bring it in, take it out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from yema.cli.shared import Trouble, data_option, in_house, settings_for

if TYPE_CHECKING:  # loaded by those who need it: the other commands start faster
    from yema.activities.actions.importing import Owner
    from yema.activities.packfile import PackFile
    from yema.activities.packfile.changes import ImportView

SHOWN_MAX = 20

file_argument = click.argument("file", type=click.Path(exists=True, path_type=Path))


@click.group()
def pack() -> None:
    """Packs of activities, as ZIP files or folders."""


@pack.command()
@file_argument
def validate(file: Path) -> None:
    """Say whether the pack in FILE, a ZIP file or a folder, is as it should be, and what is not."""
    with _opened(file) as found:
        source = found.source
        click.echo(f"{source.head.slug}: {len(source.activities)} activities in {', '.join(source.locales)}.")


@pack.command("import")
@file_argument
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--organisation", help="Whose pack it is: the name or id of an organisation (else it stays whose it is).")
@click.option(
    "--private/--public",
    default=None,
    help="Only for the people of that organisation, or for everybody (else it stays as it is; a new one is for everybody).",
)
@click.option("--no-publish", is_flag=True, help="Only into the workshop, not onto the shelf.")
@data_option
def import_(
    file: Path, dry_run: bool, organisation: str | None, private: bool | None, no_publish: bool, data: Path | None
) -> None:
    """Bring the pack in FILE, a ZIP file or a folder, into the workshop, and publish its next version."""
    with _opened(file) as found:

        async def bring_in() -> "ImportView":
            from yema.activities.actions.importing import import_pack, preview_import

            owner = await _owner(found, organisation, private)
            view = await preview_import(found)
            for line in _described(view):
                click.echo(line)
            if dry_run:
                return view
            with _progress() as progress:
                return await import_pack(found, owner, moves=True, publish=not no_publish, progress=progress)

        view = in_house(settings_for(data=data), bring_in, beside_server=True)
    if dry_run:
        click.echo(f"{view.slug}: nothing was changed.")
    elif no_publish:
        click.echo(f"{view.slug}: it is in the workshop.")
    else:
        click.echo(f"{view.slug}: version {view.version} is published.")


@pack.command("export")
@click.argument("pack_name", metavar="PACK")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--version", "number", type=click.IntRange(1, 2**31 - 1), help="Which version (else the latest).")
@data_option
def export(pack_name: str, file: Path, number: int | None, data: Path | None) -> None:
    """Write a published version of PACK, named by its id or its slug, to FILE, a ZIP file."""

    async def take_out() -> int:
        from yema.activities.packfile import archive_of
        from yema.activities.queries.frozen import frozen_source

        which, latest = await _pack_named(pack_name)
        version = number or latest
        if version is None:
            raise Trouble(f"{pack_name} has not been published yet.")
        source = await frozen_source(which, version)
        await _write(file, archive_of(source))
        return version

    version = in_house(settings_for(data=data), take_out, beside_server=True)
    click.echo(f"{file}: version {version} of {pack_name}.")


async def _write(file: Path, pieces: Any) -> None:
    """All of it or nothing: what was there stays until the new file is whole."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        with unfinished.open("wb") as out:
            async for piece in pieces:
                out.write(piece)
        unfinished.replace(file)
    except OSError as error:
        raise Trouble(f"{file} cannot be written ({error.strerror}).") from None
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _opened(file: Path) -> Iterator["PackFile"]:
    from yema.activities.packfile import PackFault, open_pack

    try:
        with open_pack(file) as found:
            yield found
    except PackFault as fault:
        raise Trouble(str(fault)) from None


async def _owner(found: "PackFile", organisation: str | None, private: bool | None) -> "Owner":
    from yema.activities.actions.importing import Owner, owner_of

    before = await owner_of(found.source.head.id)
    owner = await _organisation_named(organisation) if organisation else before.organisation if before else None
    if private is None:
        private = before is not None and not before.public
    if private and owner is None:
        raise Trouble("Nobody could read this pack. Name the organisation for which it is with --organisation.")
    return Owner(owner, not private)


async def _organisation_named(name: str) -> UUID:
    from yema.accounts.tables import Organisation

    asked = _as_id(name)
    which = Organisation.id == asked if asked else Organisation.name == name
    rows = await Organisation.select(Organisation.id).where(which)
    if len(rows) != 1:
        many = "There is no organisation" if not rows else "There are several organisations"
        raise Trouble(f"{many} of that name. Use the id.")
    return UUID(str(rows[0]["id"]))


async def _pack_named(name: str) -> tuple[UUID, int | None]:
    """(id, latest version)"""
    from yema.activities.tables import Pack

    asked = _as_id(name)
    rows = await Pack.select(Pack.id, Pack.latest).where(Pack.id == asked if asked else Pack.slug == name)
    if len(rows) != 1:
        if not rows:
            raise Trouble(f"There is no pack {name}.")
        raise Trouble(f"There are several packs of that name. Use the id: {', '.join(str(row['id']) for row in rows)}.")
    return rows[0]["id"], rows[0]["latest"]


def _as_id(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None


def _described(view: "ImportView") -> Iterator[str]:
    """What changes, a line each."""
    yield f"{view.slug} is {'new' if view.new else 'there already'}; languages: {', '.join(view.locales)}."
    for change in view.activities[:SHOWN_MAX]:
        yield f"  {change.change}: {change.slug}"
    if len(view.activities) > SHOWN_MAX:
        yield f"  and {len(view.activities) - SHOWN_MAX} more activities"
    for locale, count in view.texts.items():
        yield f"  texts in {locale}: {count}"
    if not view.activities and not view.texts:
        yield "  Nothing in it is different."


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal, some lines elsewhere."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(highlight=False, soft_wrap=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("activities")

        def step(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)
            if not console.is_terminal and (done % 50 == 0 or done == total):
                click.echo(f"{done} of {total} activities")

        yield step


commands = [pack]
