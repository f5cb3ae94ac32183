"""What looks at the whole exchange at once."""
