"""E-mail: plain text without names, threaded by topic. Over SMTP, or as files where no server is set."""

from yema.notifications.channels.email.channel import EmailChannel

__all__ = ["EmailChannel"]
