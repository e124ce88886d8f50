"""What is wrong with an expression, and where."""

from __future__ import annotations


class ExpressionError(Exception):
    """An expression cannot be read, or not be worked out. ``column`` counts from 1 in the text of
    the field that it stands in; the message is for whoever wrote it."""

    def __init__(self, message: str, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.column = column

    def moved(self, by: int) -> ExpressionError:
        """The same, of an expression that stands ``by`` characters further in its field."""
        return ExpressionError(self.message, self.column + by)
