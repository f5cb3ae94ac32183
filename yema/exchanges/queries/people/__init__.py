"""Who is in an exchange, and how they come in."""
