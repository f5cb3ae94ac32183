"""Pushes to apps and browsers, and channels by which nothing goes."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from urllib.parse import urlsplit

from yema.cli.doctor.folder import open_to_others
from yema.cli.doctor.stored import Stored
from yema.notifications.channels.fcm.account import Unusable, on_loopback, read_account
from yema.settings import Settings

_ACCOUNT = {
    "credentials_missing": "is missing; download it again in Firebase (project settings, service accounts).",
    "credentials_unreadable": "cannot be read by this user: give it to whoever runs the server, and chmod 600 it.",
    "credentials_json": "is not JSON; download it again in Firebase (project settings, service accounts).",
    "credentials_kind": "is not that of a service account; download one in Firebase (project settings, service accounts).",
    "credentials_project": "names no project_id; download it again in Firebase (project settings, service accounts).",
    "credentials_key": "has a private key that cannot be read; make a new one in Firebase (project settings, service accounts).",
}
_ADVICE = {
    "fcm": "Look at fcm_credentials: the key may have been taken back, or belong to another project.",
    "webpush": "Look at vapid_subject.",
    "email": "Look at smtp_url and mail_from.",
}


def push_faults(settings: Settings, stored: Stored) -> Iterator[str]:
    """What keeps pushes from their devices."""
    yield from _account_faults(settings, stored.devices.get("fcm", 0))
    yield from _subject_faults(settings, stored.devices.get("webpush", 0))
    for broken in stored.broken:
        since = broken.since.astimezone(UTC)
        advice = _ADVICE.get(broken.channel, "Look at the settings.")
        yield f"Nothing has gone out by {broken.channel} since {since:%Y-%m-%d %H:%M} UTC ({broken.trouble}). {advice}"
    if stored.without_key:
        yield (
            f"Firebase cannot push to iPhones (apns_credentials): {stored.without_key} of them got nothing in the last day. "
            "Upload a key for APNs in Firebase (project settings, Cloud Messaging), for the app's own team and bundle."
        )


def _account_faults(settings: Settings, devices: int) -> Iterator[str]:
    if not settings.fcm_credentials:
        if devices:
            yield (
                "No service account is set (fcm_credentials): what would be pushed to apps is only a line in the log. "
                f"Apps that wait for it: {devices}."
            )
        return
    path = Path(settings.fcm_credentials)
    try:
        read_account(path, settings.fcm_url)
    except Unusable as fault:
        yield f"The service account file {path} (fcm_credentials) {_ACCOUNT[str(fault)]}"
    if path.exists():
        yield from open_to_others(path)


def _subject_faults(settings: Settings, devices: int) -> Iterator[str]:
    subject = settings.vapid_subject
    if not subject:
        if devices:
            yield (
                "No vapid_subject is set: what would be pushed to browsers is only a line in the log. "
                f"Set it to mailto: and an address at which push services can reach you. Browsers that wait: {devices}."
            )
    elif not subject.startswith(("mailto:", "https://")):
        yield f"vapid_subject is {subject}; it has to begin with mailto: or https://, else push services refuse us."
    elif _is_local(subject):
        yield f"vapid_subject is {subject}; name an address that can be reached from elsewhere, else Apple refuses us."


def _is_local(subject: str) -> bool:
    host = subject.rpartition("@")[2] if subject.startswith("mailto:") else urlsplit(subject).hostname or ""
    return host in ("", "localhost") or host.endswith((".localhost", ".local")) or on_loopback(f"https://{host}")
