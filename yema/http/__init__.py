"""HTTP manners that every route shares: problems, conditional requests, encodings, paging, ready bytes, the request's id.

Only this room, the slices' `routes` and `app.py` know HTTP.
"""
