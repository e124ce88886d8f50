"""The one language of ``{{…}}`` and of conditions: safe, bounded, and without Python.

Knows no node and no framework. ``docs/expressions.md`` describes it for people.
"""

from chatflows.expressions.errors import ExpressionError
from chatflows.expressions.parsing import parse
from chatflows.expressions.template import Template, parse_template

__all__ = ["ExpressionError", "Template", "parse", "parse_template"]
