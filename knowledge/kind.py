"""The name that drafts, bases and their releases go by in the draft machine."""

KIND = "kb"
