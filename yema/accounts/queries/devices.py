"""A person's own devices, without their addresses."""

from typing import Any
from uuid import UUID

from yema.accounts.schemas import DeviceView
from yema.accounts.signed_in import SignedIn
from yema.accounts.tables import Device
from yema.errors import NotFound
from yema.shapes import present


async def own_devices(person: SignedIn) -> list[DeviceView]:
    """The devices that get this person's pushes, the last registered first."""
    rows = await _own(person).order_by(Device.registered_at, Device.id, ascending=False)
    return [_view(person, row) for row in rows]


async def own_device(person: SignedIn, device: UUID) -> DeviceView:
    """One of them. Raises `NotFound`."""
    for row in await _own(person).where(Device.id == device):
        return _view(person, row)
    raise NotFound


def _own(person: SignedIn) -> Any:
    shown = (Device.id, Device.platform, Device.channel, Device.locale, Device.zone, Device.made_at)
    query = Device.select(*shown, Device.registered_at, Device.gone_at, Device.sign_in)
    return query.where(Device.person == person.id)


def _view(person: SignedIn, row: dict[str, Any]) -> DeviceView:
    current = row.pop("sign_in") == person.sign_in
    return DeviceView(current=current, **{**row, "gone_at": present(row["gone_at"])})
