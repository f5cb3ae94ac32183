"""A pack as its authors have it: one value, the words and licences that it is made of, and what is different between two of them.

Pure: nothing here reads or writes anything.
"""
