"""The words of a batch, asked for at the moment of sending, each thing once for all who read of it."""

import asyncio
import hashlib
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec

from yema.changes.notified import Addressee, Message, NotificationKind
from yema.i18n import catalogue_for, ngettext
from yema.notifications.channels import Address, Outgoing
from yema.notifications.delivering.claiming import Due
from yema.notifications.rules import as_texts

TAG_LENGTH = 32
WORD_SECONDS = 10.0
"""So long a slice may take for the words of a batch; a kind that takes longer has none for the rest of it."""
NEWS = "news"
"""The kind in messages of kinds that are discreet."""
VALUE_LENGTH_MAX = 500
"""A longer list of ids stays here: a push holds 4 KB at most, and the app asks for the notification anyway."""

KEPT_FOR = timedelta(hours=24)
"""A push service keeps a message for a phone that is off no longer: nobody can take it back when the phone changes hands."""


class Asked(NamedTuple):
    """Words that are wanted: of what (`about` is JSON), by whom."""

    kind: str
    about: str
    reader: Addressee


Worded = Message | Exception | None
"""A message; None where it holds no longer; or why there are no words at the moment."""


async def words_for(
    kinds: Mapping[str, NotificationKind], asked: Sequence[Asked], failed: Callable[[Exception], None]
) -> list[Worded]:
    """The words, in the order of what was asked. One that fails stops no other; a kind that is no more has nothing to say."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(asked):
        groups[one.kind, one.about].append(place)
    found: list[Worded] = [None] * len(asked)
    slow: dict[str, Exception] = {}
    for (kind, about), places in groups.items():
        if kind not in kinds:
            continue
        try:
            if kind in slow:
                raise slow[kind]
            async with asyncio.timeout(WORD_SECONDS):
                messages = await kinds[kind].word(msgspec.json.decode(about), [asked[place].reader for place in places])
            for place, message in zip(places, messages, strict=True):
                found[place] = cover(asked[place].reader) if message and kinds[kind].covered else message
        except Exception as error:  # of a slice: the others' messages go all the same
            if kind not in slow:
                failed(error)
            if isinstance(error, TimeoutError):
                slow[kind] = error
            for place in places:
                found[place] = error
    return found


def cover(reader: Addressee) -> Message:
    """What stands on the lock screen for words that only the inbox says."""
    return Message("YEMA", ngettext(reader.wanted, "%(n)d new thing in YEMA", "%(n)d new things in YEMA", 1))


def reader_of(due: Due) -> Addressee:
    """Who reads: in the device's language, or in the person's."""
    tags = (due.device.locale if due.device else "", due.locale)
    return Addressee(due.person, tuple(dict.fromkeys(tag for tag in tags if tag)))


def address_of(due: Due) -> Address:
    """Where it goes. Only for what was looked at again: it has a device, or a mailbox."""
    if due.device is None:
        return Address("mailbox", due.email or "", "mail")
    device = due.device
    return Address(device.kind, device.address, device.platform, device.p256dh, device.auth)  # type: ignore[arg-type]


def outgoing(due: Due, message: Message, data: Mapping[str, str], at: datetime) -> Outgoing:
    """The message, ready to be sent at this instant."""
    return Outgoing(
        delivery=due.id,
        address=address_of(due),
        locale=catalogue_for(reader_of(due).wanted),
        title=message.title,
        body=message.body,
        tag=tag_of(due.topic, due.person),
        data=data,
        urgent=due.urgent,
        expires_at=min(due.expires_at, at + KEPT_FOR),
    )


def tag_of(topic: str, person: UUID) -> str:
    """The same for one person and topic, always; it tells the push service neither."""
    digest = hashlib.sha256(f"{topic}{person}".encode()).digest()
    return urlsafe_b64encode(digest).decode()[:TAG_LENGTH]


def data_of(due: Due, kind: NotificationKind | None) -> dict[str, str]:
    """Ids for the app, all as text; of what is discreet only that of the line."""
    if due.told is None:
        return {"kind": "digest", "cadence": due.cadence}
    if kind is not None and kind.discreet:
        return {"notification": str(due.told.id), "kind": NEWS}
    about: dict[str, object] = msgspec.json.decode(due.told.about)
    texts = as_texts(about)
    kept = {name: text for name, text in texts.items() if len(text) <= VALUE_LENGTH_MAX}
    return {**kept, "notification": str(due.told.id), "kind": due.told.kind}
