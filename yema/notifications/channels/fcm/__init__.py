"""Firebase Cloud Messaging: to Android, to iPhones, and to browsers that came by Firebase's own script.

`channel` stands in the server and hands each batch to a process of its own (`helper`, `__main__`, `frames`), in which firebase-admin lives:
`sender` (a batch), `message` (what goes over the wire), `token` (our credentials, held ready), `client` (firebase-admin, set up) and
`outcomes` (what an answer means). `account` reads the service account's file; it needs no firebase-admin, and `yema doctor` asks it too.
"""

from yema.notifications.channels.fcm.channel import FcmChannel

__all__ = ["FcmChannel"]
