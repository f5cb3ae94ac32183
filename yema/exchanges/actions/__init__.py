"""What leaders and participants do in an exchange, a file for each flow."""
