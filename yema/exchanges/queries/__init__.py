"""Reading exchanges, through the person."""
