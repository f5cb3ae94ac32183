"""Backups of the SQLite data folder, and putting one back.

Nouns: a *backup* (a zip of the database and the ledgers, with a manifest), its *keyring copy* (the wrapped keys, in a file beside it that
has to be thrown away within 30 days, so that erasing a person reaches every copy), the *staging folder* (in which a restore gets
everything ready, before it takes the place of what is there). The keys are in neither. See ADR 10.
"""

from yema.backup.file import BackupTrouble, verify
from yema.backup.making import back_up
from yema.backup.restoring import restore
from yema.backup.watch import Watch

__all__ = ["BackupTrouble", "Watch", "back_up", "restore", "verify"]
