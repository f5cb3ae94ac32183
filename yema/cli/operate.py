"""Commands for whoever runs the server."""

import gc
import json
from pathlib import Path

import click

from yema.cli.shared import Trouble, data_option, in_house, in_words, settings_for


@click.command()
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on.")
@data_option
def serve(host: str | None, port: int | None, data: Path | None) -> None:
    """Serve: makes the data folder, keys and database on the first start, and brings the database up to date."""
    gc.disable()  # until all that stays is there: looking through it again and again takes a sixth of the start
    from yema.server import CannotServe
    from yema.server import serve as serve_until_stopped

    settings = settings_for(host=host, port=port, data=data)
    try:
        with in_words():
            serve_until_stopped(settings)
    except CannotServe as error:
        raise Trouble(str(error)) from None


@click.command()
@data_option
def migrate(data: Path | None) -> None:
    """Bring the database up to date."""

    async def nothing() -> None:
        """Opening the house has done it."""

    in_house(settings_for(data=data), nothing, beside_server=True)
    click.echo("The database is up to date.")


@click.command()
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="All tokens, as JSON.")
@data_option
def token(email: str, as_json: bool, data: Path | None) -> None:
    """A bearer token for the person with that e-mail address. The person sees that it was made; it opens no journals."""
    from yema.accounts.actions.tokens import open_sign_in
    from yema.accounts.schemas import TokensView
    from yema.accounts.tables import Person
    from yema.changes import transaction

    settings = settings_for(data=data)
    if not settings.database_url and not (settings.data / "yema.sqlite").exists():
        raise Trouble(f"There is no YEMA data in {settings.data}. Name the folder with --data.")

    async def make() -> TokensView | None:
        rows = await Person.select(Person.id).where(Person.email == email.strip().lower())
        if not rows:
            return None
        async with transaction() as tx:
            return await open_sign_in(rows[0]["id"], "demo" if settings.is_demo else "operator", at=tx.at)

    tokens = in_house(settings, make, beside_server=True)
    if tokens is None:
        raise Trouble("Nobody has that e-mail address here.")
    if as_json:
        fields = {field: getattr(tokens, field) for field in tokens.__struct_fields__}
        click.echo(json.dumps(fields))
    else:
        click.echo(tokens.access_token)


commands = [serve, migrate, token]
