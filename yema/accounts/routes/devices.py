"""Where one's pushes go."""

from typing import Any
from uuid import UUID

from litestar import Request, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from yema.accounts.actions import devices
from yema.accounts.queries import devices as queries
from yema.accounts.schemas import DeviceDraft, DeviceView
from yema.accounts.signed_in import SignedIn
from yema.http.paging import Page


@get("/me/devices", operation_id="listDevices")
async def list_devices(person: NamedDependency[SignedIn]) -> Page[DeviceView]:
    """The devices that get my notifications, the last registered first. Their addresses are never shown."""
    return Page(items=await queries.own_devices(person))


@put("/me/devices/{device_id:uuid}", operation_id="registerDevice")
async def register_device(
    request: Request[Any, Any, Any],
    device_id: FromPath[UUID],
    data: JSONBody[DeviceDraft],
    person: NamedDependency[SignedIn],
) -> DeviceView:
    """Send my notifications to this device, for as long as I am signed in on it. The app makes the id, and does this at each start.

    Whoever used the phone before gets nothing there any more. Of more than 20 devices the one that was registered longest ago goes.
    `id_taken` where somebody else has the id with another token: make a new one. `no_device_here` for an operator's token.
    """
    private = request.app.state.settings.push_to_private
    await devices.register_device(person, device_id, data, private=private)
    return await queries.own_device(person, device_id)


@delete("/me/devices/{device_id:uuid}", operation_id="removeDevice")
async def remove_device(device_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> None:
    """Send nothing to this device any more."""
    await devices.remove_device(person, device_id)


handlers = [list_devices, register_device, remove_device]
