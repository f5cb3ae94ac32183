"""What phones pull of an exchange, and what they push into it."""

from yema.exchanges.synced import announcements, attendance, emergency, packs, people, plan, travel

pulled = [
    *people.pulled,
    *plan.pulled,
    *travel.pulled,
    *packs.pulled,
    *announcements.pulled,
    *attendance.pulled,
    *emergency.pulled,
]
pushed = [
    *plan.pushed,
    *travel.pushed,
    *packs.pushed,
    *announcements.pushed,
    *attendance.pushed,
    *emergency.pushed,
]
