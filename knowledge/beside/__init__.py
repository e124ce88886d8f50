"""What is kept beside a draft: files, the texts read of them, how reading went, edits of pages."""
