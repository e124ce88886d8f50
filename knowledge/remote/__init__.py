"""Services that hold people's documents: asked for them, and what they answer as Markdown."""
