"""Filling and publishing packs."""
