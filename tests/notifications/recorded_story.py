"""What happens while docs/notifications is recorded: a phone, an iPhone and a browser are told of a change, an announcement, and help."""

from typing import NamedTuple
from uuid import UUID

from tests import make
from tests.notifications.recorder import JSON, Recorder
from yema.ids import uuid7
from yema.notifications.channels import Outgoing

# A browser's keys, as in the example of RFC 8291.
_POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
_SECRET = "BTBZMqHH6r4Tts7J_aSIgg"


class Place(NamedTuple):
    """The ids of the small exchange."""

    exchange: UUID
    slot: UUID
    phone: UUID
    browser: UUID


def _device(platform: str, token: str, **fields: object) -> JSON:
    where = {"locale": "en", "zone": "Europe/Warsaw"}
    return {"platform": platform, "channel": "fcm", "token": token, **where, **fields}


async def begin(r: Recorder) -> Place:
    """Anna and her leader Bartek, another leader of her group, a coordinator, and a slot that was released."""
    exchange = await make.exchange("Water connects us")
    group = await make.group(exchange, "PL", "Poland")
    people = {
        "anna": await make.participant(exchange, group, name="Anna"),
        "bartek": await make.leader(exchange, group, name="Bartek"),
        "carla": await make.coordinator(exchange, name="Carla"),
        "dmytro": await make.participant(exchange, group, name="Dmytro"),
    }
    for name, person in people.items():
        await r.sign_in(name, person)
    place = Place(exchange, await make.slot(exchange, "10:00-11:30", title="Rafts of reeds"), uuid7(), uuid7())
    names = {"exchange": exchange, "group": group, "slot": place.slot}
    for name, value in {**names, "device.phone": place.phone, "device.browser": place.browser}.items():
        r.bind(name, value)
    await r.ask("bartek", "POST", f"/exchanges/{exchange}/releases")
    await r.deliver()
    return place


async def registering(r: Recorder, at: Place) -> None:
    story = "The app was started: it registers the phone, under an id that it made once and keeps."
    await r.record(
        "phone", story, "anna", "PUT", f"/me/devices/{at.phone}", _device("android", "fcm-token-of-annas-phone")
    )
    await r.ask("anna", "PUT", f"/me/devices/{uuid7()}", _device("ios", "fcm-token-of-annas-iphone"))
    await r.record(
        "web-push-key", "Her browser asks with which key to subscribe.", "anna", "GET", "/notifications/web-push-key"
    )
    endpoint = "https://updates.push.services.mozilla.com/wpush/v2/gAAAAA"
    keys = {"keys": {"p256dh": _POINT, "auth": _SECRET}}
    story = "It has subscribed, and registers what it got."
    draft = _device("web", endpoint, channel="webpush", **keys)
    await r.record("browser", story, "anna", "PUT", f"/me/devices/{at.browser}", draft)


async def choosing(r: Recorder, at: Place) -> None:
    await r.record(
        "preferences", "What Anna may choose, as a participant.", "anna", "GET", "/notifications/preferences"
    )
    wants = {"minutes_before": 30, "kinds": [{"kind": "feedback", "push": "daily"}]}
    story = "She wants to be reminded half an hour before, and to hear of answers in the evening."
    await r.record("chosen", story, "anna", "PUT", "/notifications/preferences", wants)
    quiet = {"kinds": [{"kind": "short_notice", "push": "off"}]}
    story = "What comes at short notice cannot be turned off."
    await r.record("always-told", story, "anna", "PUT", "/notifications/preferences", quiet)


async def changing(r: Recorder, at: Place) -> None:
    await r.ask("anna", "POST", "/notifications/seen", {})
    later = {"starts_at": "2027-07-14T14:00:00+02:00"}
    await r.ask("bartek", "PATCH", f"/slots/{at.slot}", later, **{"if-match": '"1"'})
    await r.ask("bartek", "POST", f"/exchanges/{at.exchange}/releases")
    sent = await r.deliver()
    r.bind("notification.1", _to(sent, "annas-phone").data["notification"])
    r.pushed("android", "Bartek has moved a slot. What FCM is handed for Anna's phone.", _to(sent, "annas-phone"))
    r.pushed("ios", "The same for her iPhone.", _to(sent, "annas-iphone"))
    r.pushed("web", "The same for her browser, before it is encrypted.", _to(sent, "mozilla"))
    inbox = await r.record("inbox", "What she has not seen yet.", "anna", "GET", "/notifications?unseen=true")
    line = _to(sent, "annas-phone").data["notification"]
    story = "It stood on the screen of her phone."
    await r.record("shown", story, "anna", "POST", f"/notifications/{line}/shown", {"device": str(at.phone)})
    seen = {"told_at": inbox["items"][0]["told_at"]}
    await r.record("seen", "She has tapped on it.", "anna", "POST", f"/notifications/{line}/seen", seen)


async def announcing(r: Recorder, at: Place) -> None:
    draft = {"title": "Storm", "text": "Everybody to the hall, now.", "urgent": True}
    made = (await r.ask("bartek", "POST", f"/exchanges/{at.exchange}/announcements", draft)).json()["id"]
    r.bind("announcement.1", made)
    sent = await r.deliver()
    phone = _to(sent, "annas-phone")
    r.bind("notification.2", phone.data["notification"])
    r.pushed("urgent", "Bartek says something urgent: not a word of it is in the push.", phone)
    await r.ask("anna", "POST", f"/notifications/{phone.data['notification']}/shown", {"device": str(at.phone)})
    await r.ask("bartek", "POST", f"/announcements/{made}/seen")
    story = "How far it has come: it stood on Anna's phone; Dmytro and Carla have no device."
    await r.record("acknowledgement", story, "bartek", "GET", f"/announcements/{made}/acknowledgement")


async def helping(r: Recorder, at: Place) -> None:
    phone = _device("android", "fcm-token-of-barteks-phone")
    await r.ask("bartek", "PUT", f"/me/devices/{uuid7()}", phone)
    path = f"/exchanges/{at.exchange}/help-requests"
    need = {"text": "I have lost my way."}
    asked = await r.record("help", "Anna needs help.", "anna", "POST", path, need, made="request.1")
    message = _to(await r.deliver(), "barteks-phone")
    r.bind("notification.3", message.data["notification"])
    r.pushed("help-pushed", "Bartek's phone: not who, and not what it is about.", message)
    await r.record("help-read", "He opens the app.", "bartek", "GET", path)
    taken = f"/help-requests/{asked['id']}/taken"
    await r.record("help-taken", "He is on his way.", "bartek", "PUT", taken)
    await r.record("help-taken-before", "Carla says so too, a moment later.", "carla", "PUT", taken)
    await r.record("help-closed", "It is over.", "anna", "PUT", f"/help-requests/{asked['id']}/closed")


def _to(sent: list[Outgoing], address: str) -> Outgoing:
    """What came at that address."""
    [message] = [one for one in sent if address in one.address.value]
    return message


CHAPTERS = (registering, choosing, changing, announcing, helping)
