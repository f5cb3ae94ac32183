"""What exchanges take and show."""
