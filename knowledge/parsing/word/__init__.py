"""What a Word document says: its styles, and its text as Markdown."""
