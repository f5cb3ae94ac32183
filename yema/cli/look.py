"""Commands that only look: settings, routes, the OpenAPI document, what is wrong."""

import json
from pathlib import Path

import click

from yema.cli.doctor import doctor
from yema.cli.shared import Trouble, data_option
from yema.settings import Settings, SettingsError, load_with_origins

_SECRET = ("smtp_url", "database_url", "media_s3_key", "media_s3_secret")


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


commands = [openapi, routes, config, doctor]
