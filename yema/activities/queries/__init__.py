"""What a person finds in the library, as a reader or as one who writes there."""
