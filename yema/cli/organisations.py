"""Organisations: somebody has to make the first one."""

from pathlib import Path
from typing import Any

import click
import msgspec

from yema.cli.shared import Trouble, data_option, in_house, settings_for


@click.group()
def organisation() -> None:
    """Organisations, for which people make exchanges and write packs."""


@organisation.command("add")
@click.argument("name")
@click.option("--country", required=True, help="Where it is at home: two letters, such as PL (ISO 3166-1).")
@click.option("--oid", help="Its number in the programme: E and eight digits.")
@click.option("--admin", required=True, metavar="EMAIL", help="Its first administrator, who gets codes by e-mail.")
@data_option
def add(name: str, country: str, oid: str | None, admin: str, data: Path | None) -> None:
    """Make an organisation; its administrator signs in by e-mail, changes it, and lets others work for it."""
    from yema.accounts.actions.organisations import found_organisation
    from yema.accounts.schemas import CountryCode, Oid
    from yema.shapes import Email, Line

    name = _checked(name, Line, "The name has to be 1 to 200 characters long.")
    country = _checked(country.upper(), CountryCode, "Name the country with two letters, such as PL.")
    email = _checked(admin.strip().lower(), Email, f"{admin} is not an e-mail address.")
    number = None if oid is None else _checked(oid.upper(), Oid, "An OID is E and eight digits, such as E10012345.")

    async def make() -> str:
        return str(await found_organisation(name, country, number, email))

    made = in_house(settings_for(data=data), make, beside_server=True)
    click.echo(f"{made}  {name}: {email} can sign in and administer it.")


@organisation.command("list")
@data_option
def list_(data: Path | None) -> None:
    """Show all organisations: id, country, OID and name."""

    async def look() -> list[dict[str, Any]]:
        from yema.accounts.tables import Organisation

        rows: list[dict[str, Any]] = await Organisation.select().order_by(Organisation.name, Organisation.id)
        return rows

    rows = in_house(settings_for(data=data), look, beside_server=True)
    for row in rows:
        click.echo(f"{row['id']}  {row['country']}  {row['oid'] or '-':9}  {row['name']}")
    if not rows:
        click.echo("There is no organisation yet; `yema organisation add` makes one.")


def _checked(value: str, kind: Any, words: str) -> str:
    try:
        return str(msgspec.convert(value, kind))
    except msgspec.ValidationError:
        raise Trouble(words) from None


commands = [organisation]
