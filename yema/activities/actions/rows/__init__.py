"""Writing the workshop's rows: activities, their blocks, and the texts of these, many with one statement.

All of this stands inside a `transaction()` of the caller.
"""
