"""Mixed groups: people split into small groups, round after round, so that nationalities and genders mix and few meet twice. Pure.

Nouns: a *guest* (who is to be seated), a *round* (everybody in one group each), a *seating* (all rounds while they are being improved).
Two people of one country or of one gender in one group cost something, each further meeting of two people costs more than the one
before, and a group that shares no language costs something too. So what a swap of two people changes is known from their two groups.
"""

from yema.exchanges.mixing.mixes import Mix, Quality, mix, sizes_of
from yema.exchanges.mixing.seating import Guest

__all__ = ["Guest", "Mix", "Quality", "mix", "sizes_of"]
