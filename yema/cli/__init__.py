"""The `yema` command. Every failure is one sentence that says what to do; exit 1, or 2 for wrong usage."""

import sys

import click

from yema import __version__
from yema.cli import deliver, demo, keep, look, operate, organisations, packs
from yema.cli.shared import Trouble


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="yema")
def yema() -> None:
    """The server behind YEMA, for international youth exchanges."""


for command in (
    *operate.commands,
    *deliver.commands,
    *demo.commands,
    *look.commands,
    *keep.commands,
    *packs.commands,
    *organisations.commands,
):
    yema.add_command(command)


def main() -> None:
    """The entry point."""
    try:
        yema(standalone_mode=False)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Trouble as trouble:
        click.echo(str(trouble), err=True)
        sys.exit(1)
