"""The exchange: its people, its places, and what happens when.

Nouns: an *exchange*, its national *groups*, its *members* (a person with a role; `pending`, `active` or `left`), *venues*, a *join code*, a
*slot* (a stretch of the plan), the *plan* (what leaders edit), a *release* (what everybody was told last), the *itinerary* (either of them,
by days).
"""
