"""The plan: slots, journeys, packs."""
