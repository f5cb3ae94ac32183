"""What people do with their inbox, and what they choose."""
