"""What readers get of published versions: documents in one language, texts as HTML, and the shelf with all cards."""
