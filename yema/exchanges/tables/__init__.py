"""Exchanges, groups, members, venues, slots and what was released of them."""
