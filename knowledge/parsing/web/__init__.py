"""What a web page says: its tree, its text as Markdown, and what of it is the main text."""
