"""What authors and those who answer them do, a file for each flow."""
