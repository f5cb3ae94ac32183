"""Translating packs: how far a language is, what has changed since, and gettext's PO files."""
