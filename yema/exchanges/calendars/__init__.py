"""The programme for other programs and for paper, and theirs for us. Pure.

Nouns: an *event* (a slot as others show it: in one language, without people), a *calendar* (RFC 5545), a *schedule* (frab's schedule.json),
a *page* (HTML for a printer). On the way in: what was *found* in a file (a slot that could be), and a *note* of what was not understood.
"""
