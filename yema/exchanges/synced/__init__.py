"""What phones pull of an exchange, and what they push into it."""

from yema.exchanges.synced import packs, people, plan

pulled = [*people.pulled, *plan.pulled, *packs.pulled]
pushed = [*plan.pushed, *packs.pushed]
