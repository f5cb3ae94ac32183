"""How I want to be told."""

from typing import Any

from litestar import Request, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from yema.accounts.signed_in import SignedIn
from yema.http.response import speaks
from yema.i18n import catalogue_for
from yema.notifications.actions.choosing import choose
from yema.notifications.queries.choices import preferences_of
from yema.notifications.schemas import PreferencesDraft, PreferencesView


@get("/notifications/preferences", operation_id="readPreferences")
async def read_preferences(request: Request[Any, Any, Any], person: NamedDependency[SignedIn]) -> PreferencesView:
    """How I want to be told, of each kind of thing that concerns me: at once, gathered in the evening or on Mondays, or in the inbox only.

    Everything is in the inbox (`off` too). At night the phone is quiet, but for what is urgent. `quiet_from` and `quiet_until` at the same
    time make no night.
    """
    speaks(request, catalogue_for(person.wanted))
    return await preferences_of(person, request.app.state.notifications)


@put("/notifications/preferences", operation_id="writePreferences")
async def write_preferences(
    request: Request[Any, Any, Any], data: JSONBody[PreferencesDraft], person: NamedDependency[SignedIn]
) -> PreferencesView:
    """Change some of it; what is absent stays. `always_told` for a kind that cannot be other than at once by push."""
    kinds = request.app.state.notifications
    await choose(person, kinds, data)
    speaks(request, catalogue_for(person.wanted))
    return await preferences_of(person, kinds)


handlers = [read_preferences, write_preferences]
