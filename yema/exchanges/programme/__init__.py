"""The programme that pays for youth exchanges: its dated rules, whether an exchange keeps them, travel, and what is reported. Pure.

Nouns: a *call* (the rules of a call year, from `years/*.toml`), a *finding* (what one rule says of an exchange), a *band* (of distances),
a *mobility* (one person's taking part, as the programme counts it).
"""
