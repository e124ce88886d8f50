"""A base's test questions: brought from a file or written by a model, asked, compared."""
