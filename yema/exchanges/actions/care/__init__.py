"""What leaders owe to minors: attendance, emergency sheets, help."""
