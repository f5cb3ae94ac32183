"""The library: packs of didactic activities in many languages.

Nouns: a *pack* (what a trainer publishes as one), an *activity*, its *blocks* (everything that is read is a typed
block with a stable id), a *text* (one block in one language), a *version* (published, frozen for ever), a pack *file*
(one version in one language, immutable), a *card* (what a list shows of an activity).

What all languages share (numbers, tags, order) and what is translated stand in different tables.

Beside the files that every slice has there are rooms: `pack` (the value from which all else is made), `reading` (documents
and the shelf), `finding` (facets and words), `translating` (PO files), `packfile` (folders and archives).
"""
