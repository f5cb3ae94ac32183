"""Finding activities: by what their cards say, which is counted, and by words in any script."""
