"""The phone's other door into the same house: what it missed (pull), and what it did meanwhile (push).

Nouns: a *cursor* (what a phone knows: for each of its spaces an epoch and a number), a *page*, a *fill* (a space from nothing), a
*mutation* (something done offline). Which kinds there are, and how they are read and written, the slices say (`changes.kinds`).
"""
