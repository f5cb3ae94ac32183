"""`yema doctor`: what is wrong with this installation, a sentence for each fault that says what to do.

Each concern has a file: `folder` (keys, database), `push` (service account, browsers' keys, channels that do not work), `mail`, `web`
(HTTPS), `clock`. `stored` reads what they need of the database, without bringing it up to date. What is optional and not used is no fault.
"""

from pathlib import Path

import click

from yema.cli.shared import Trouble, data_option, settings_for


@click.command()
@click.option(
    "--offline", is_flag=True, help="Ask no other machine: not the mail server, not the certificate, not the time."
)
@data_option
def doctor(offline: bool, data: Path | None) -> None:
    """Say what is wrong with this installation, if anything; exit 1 then."""
    from yema.cli.doctor.examination import faults  # no other command waits for what it needs

    sound = True
    for fault in faults(settings_for(data=data), asks=not offline):
        click.echo(fault)
        sound = False
    if not sound:
        raise Trouble("Something needs your attention.")
    click.echo("All is well.")
