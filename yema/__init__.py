"""YEMA: activities, itineraries and reflection journals for international youth exchanges.

The tree is drawn in ARCHITECTURE.md; every slice has the same rooms.
"""

__version__ = "0.1.0"
