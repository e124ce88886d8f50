"""The forms of the knowledge base builder's steps."""
