"""A young person's diary, and what they chose to show of it.

Nouns: an *entry* and its *revisions* (sealed with the author's key, see `vault`), a *prompt* (a question for the evening), a *reflection*
(one revision of an entry as it was shared, in the one space it was shared with), *feedback* on it.

Nobody but the author reads an entry. Sharing is an explicit act, shows the revision that it was done with, and can be taken back.
Nothing here scans, searches, logs or counts what somebody wrote.
"""
