"""The clock, beside that of somebody else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from yema.notifications.channels.fcm.account import Unusable, read_account
from yema.settings import Settings

SECONDS_MAX = 5
OFF_MAX = timedelta(seconds=30)


def clock_faults(settings: Settings) -> Iterator[str]:
    """Where nobody can be asked, nothing is said."""
    for url in _askable(settings):
        if (theirs := _time_at(url)) is None:
            continue
        off = datetime.now(UTC) - theirs
        if abs(off) > OFF_MAX:
            way = "ahead of" if off > timedelta() else "behind"
            yield (
                f"The clock of this machine is {round(abs(off).total_seconds())} seconds {way} that of {urlsplit(url).hostname}: "
                "set it by the network (timedatectl set-ntp true), else keys are refused and reminders come at the wrong time."
            )
        return


def _askable(settings: Settings) -> Iterator[str]:
    """Google's token endpoint; and ourselves from outside, for the proxy may stand elsewhere."""
    if settings.fcm_credentials:
        try:
            account = read_account(Path(settings.fcm_credentials), settings.fcm_url)
        except Unusable:
            pass
        else:
            if account.asks:
                yield str(account.info["token_uri"])
    if settings.public_url:
        yield settings.public_url


def _time_at(url: str) -> datetime | None:
    try:
        answer = httpx.head(url, timeout=SECONDS_MAX)
        return parsedate_to_datetime(answer.headers["date"]).astimezone(UTC)
    except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError, TypeError):
        return None
