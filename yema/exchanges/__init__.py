"""The exchange: its people, its places, and what happens when.

Nouns: an *exchange*, its national *groups*, its *members* (a person with a role; `pending`, `active` or `left`), *venues* and their
*rooms*, a *join code*, an *invitation* (a code for one person of a list).

A *slot* (a stretch of the plan), a *series* (slots that were repeated from one), the *plan* (what leaders edit), its *history* (who changed
what), a *release* (what everybody was told last), *undoing* one (telling again what was told before), the *itinerary* (the plan or what was
released, by days), a *travel leg* (a stretch of a group's way, which is not released).

An *announcement* and who has *seen* it, *attendance* (a *mark*: who was at a slot), *particulars* (what leaders must know of a member), an
*emergency sheet* and its *openings*, a *feed* (somebody's calendar at a secret address).

The *whole* exchange as one value, and what is worked out from it: *warnings*, the *programme*'s rules (who is eligible), *mixes*,
*shopping*, *calendars*, *sheets* (tables for a spreadsheet).
"""
