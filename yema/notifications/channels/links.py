"""Where a message opens in the app."""

from yema.notifications.channels import Outgoing
from yema.settings import Settings


def link_to(message: Outgoing, settings: Settings) -> str:
    """The notification's page, or (for a digest) that of all of them, as an absolute address; "" where the house does not know its own."""
    if not settings.public_url:
        return ""
    page = f"{settings.public_url.rstrip('/')}/notifications"
    return f"{page}/{message.data['notification']}" if "notification" in message.data else page
