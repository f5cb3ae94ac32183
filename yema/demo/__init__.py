"""The demo: an exchange in the middle of its days, and a tour of it as five people live it.

`fixtures/` holds its people and packs; `fill` puts them into an empty data folder; `tour` tells the story over HTTP.
"""
