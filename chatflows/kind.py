"""What chatflows are called among all kinds of drafts and entities."""

KIND = "chatflow"
