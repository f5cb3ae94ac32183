"""What an answer of FCM means.

Only FCM's own UNREGISTERED says that an address is no more. Whatever could as well come of a wrong key, a wrong project or a proxy in
between is `Broken`, and says nothing of any address. Source: the error codes of FCM HTTP v1.
"""

from datetime import datetime

import httpx
from firebase_admin import exceptions, messaging

from yema.notifications.channels import Broken, Gone, Later, Outcome, Refused
from yema.notifications.channels.retry_after import retry_after

_FOR_GOOD = {400: "invalid_argument", 413: "too_big"}
_OURS = {401: "unauthenticated", 403: "forbidden", 404: "not_found"}


def outcome_of(error: exceptions.FirebaseError, now: datetime) -> Outcome:
    """What became of a message that FCM did not take."""
    answer: httpx.Response | None = error.http_response
    if answer is None:
        return Later(_unanswered(error))
    status = answer.status_code
    if isinstance(error, messaging.UnregisteredError) and status == 404:
        return Gone("unregistered")
    if isinstance(error, messaging.SenderIdMismatchError):
        return Refused("sender_id_mismatch")  # the address of another project's app
    if isinstance(error, messaging.ThirdPartyAuthError):
        return Later("apns_credentials")  # the key for iPhones; Android goes on
    after = retry_after(answer.headers.get("retry-after"), now)
    if status == 429:
        return Later("quota_exceeded", after)
    if status in _OURS:
        return Broken(_OURS[status])
    if status in _FOR_GOOD:
        return Refused(_FOR_GOOD[status])
    return Later("unavailable" if status == 503 else f"http_{status}", after)


def _unanswered(error: exceptions.FirebaseError) -> str:
    if isinstance(error.cause, httpx.TimeoutException):
        return "timeout"
    if isinstance(error.cause, httpx.HTTPError):
        return "unreachable"
    return "unreadable_answer"  # such as a page of a proxy, with status 200
