"""The functions of the language, by their names. A file joins it by being imported here."""

from chatflows.expressions.functions import kinds, lists, moments, numbers, patterns, texts
from chatflows.expressions.functions.function import FUNCTIONS, Function

__all__ = ["FUNCTIONS", "Function", "kinds", "lists", "moments", "numbers", "patterns", "texts"]
