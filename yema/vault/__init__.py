"""The vault: keys that must not lie in the database, and what is sealed with them.

Nouns: the *server key* (from which tokens, code hashes and cursors are derived), the *key-encryption key* (which wraps one *data key* per
person), the *keyring* (the wrapped keys, in a file of its own), a *seal* (whose text, which thing, which revision).

What it promises: no endpoint, no stolen database and no backup of it opens a diary. What it does not: whoever runs the host has the key.
"""

from yema.vault.keyring import Keyring, keyring, open_keyring
from yema.vault.keys import Keys, KeysMissing, derive, derive_id, digest, keys, open_keys
from yema.vault.sealing import Seal, SealBroken

__all__ = [
    "Keyring",
    "Keys",
    "KeysMissing",
    "Seal",
    "SealBroken",
    "derive",
    "derive_id",
    "digest",
    "keyring",
    "keys",
    "open_keyring",
    "open_keys",
]
