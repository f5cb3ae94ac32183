"""Setting an exchange up: its groups and its places."""
