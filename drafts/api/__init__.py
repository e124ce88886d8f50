"""The HTTP API of drafts and of what was deployed."""
