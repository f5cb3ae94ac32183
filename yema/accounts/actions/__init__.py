"""The human flows of getting in, one file each."""
