"""One test message to one device, for whoever runs the server."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from yema.accounts.tables import Device
from yema.errors import N_
from yema.i18n import catalogue_for, gettext
from yema.ids import now, uuid7
from yema.notifications.channels import Address, Broken, Channel, Gone, Later, Outcome, Outgoing, Refused, Sent
from yema.notifications.channels.log import LogChannel

KEPT_FOR = timedelta(minutes=10)
TITLE, BODY = "YEMA", N_("This is a test. Notifications reach this device.")


class NotReached(Exception):
    """Why the message did not go, in a sentence for the operator."""


async def try_device(channels: Mapping[str, Channel], device: UUID) -> str:
    """Send it; says in a sentence, without any address, who has taken it. Raises `NotReached`."""
    row = await _reachable(device)
    channel = channels[row["channel"]]
    if isinstance(channel, LogChannel):
        raise NotReached(f"No keys are set for {channel.name}, so nothing was sent. See `yema doctor`.")
    [outcome] = await channel.send([_message(row)])
    if isinstance(outcome, Sent):
        return f"{channel.name} has taken a test message for this device ({row['platform']})."
    raise NotReached(_why(channel.name, outcome))


def _why(channel: str, outcome: Outcome) -> str:
    match outcome:
        case Later(code):
            return f"{channel} cannot take the message now ({code}). Try again in a few minutes."
        case Gone(code):
            return f"{channel} knows this device no more ({code}). The app registers it anew when it is opened."
        case Refused(code):
            return f"{channel} does not take this message ({code})."
        case Broken(code):
            return f"{channel} does not accept our credentials ({code}). See `yema doctor`."
    raise TypeError(outcome)


async def _reachable(device: UUID) -> dict[str, Any]:
    rows = await Device.select(*Device.all_columns(), Device.sign_in.ended_at).where(Device.id == device)
    if not rows:
        raise NotReached("There is no device with this id.")
    row: dict[str, Any] = rows[0]
    if row["gone_at"] is not None:
        raise NotReached("Its push service knows this device no more. The app registers it anew when it is opened.")
    if row["sign_in.ended_at"] is not None:
        raise NotReached("Whoever had this device has signed out of it, so nothing was sent.")
    return row


def _message(row: Mapping[str, Any]) -> Outgoing:
    return Outgoing(
        delivery=uuid7(),
        address=Address(row["address_kind"], row["address"], row["platform"], row["p256dh"] or "", row["auth"] or ""),
        locale=catalogue_for((row["locale"],)),
        title=TITLE,
        body=gettext((row["locale"],), BODY),
        tag="test",
        data={"kind": "test"},
        urgent=True,
        expires_at=now() + KEPT_FOR,
    )
