"""Pages to cut, of every kind that is awkward, and a stand-in for meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from knowledge.texts import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inference.embedding import Vectors

HANDBOOK = """# Handbook

Welcome to Acme. Dr. Smith founded it in 1998, e.g. to sell anvils at $3.50 each.

## Refunds

You have 30 days to return an item. Send it to our warehouse. Keep the receipt!

- First, print the label.
- Second, pack the box.

### How long does it take?

About five days, i.e. one week. "Can it be faster?" No.

## Prices

| item | price |
| --- | --- |
| anvil | 3.50 |
| rope | 1.20 |

```python
def price(item):

    # a blank line above
    return PRICES[item]
```

## Questions

Q: Do you ship abroad?
A: Yes, to 40 countries. It takes ten days.
Q: Is there a warranty?
A: Two years.
"""
LONG_SECTION = "# Long\n\n" + " ".join(
    f"Sentence number {n} says something about topic {n // 12}." for n in range(120)
)
CODE = "# Code\n\nIntro.\n\n```\n" + "".join(f"line_{n} = {n}\n" for n in range(60)) + "```\n\nEnd."
TABLE = "| Question | Answer |\n|---|---|\n" + "".join(
    f"| What is item {n}? | Item {n} is a thing that weighs {n} kilograms. |\n" for n in range(40)
)
CHINESE = "# 标题\n\n" + "这是第一句话。这是第二句话！你知道吗？" * 40
NO_BLANKS = "x" * 5000
LINES = "\n".join(f"row {n} without a full stop" for n in range(200))
DOCUMENTS = {
    "handbook": (Page(1, HANDBOOK, title="Handbook"),),
    "long section": (Page(1, LONG_SECTION),),
    "code": (Page(1, CODE),),
    "table": (Page(1, TABLE, title="FAQ"),),
    "chinese": (Page(1, CHINESE),),
    "no blanks": (Page(1, NO_BLANKS),),
    "lines": (Page(1, LINES),),
    "pages": (Page(1, "One."), Page(2, " \n\n\t"), Page(3, ""), Page(4, "Four. " * 300)),
    "unclosed code": (Page(1, "Text.\n\n```\ncode\n\n# not a heading"),),
    "only headings": (Page(1, "# One\n## Two\n### Three\n" * 30),),
    "windows lines": (Page(1, HANDBOOK.replace("\n", "\r\n")),),
}


def letters(texts: Sequence[str]) -> Vectors:
    """Vectors that are alike where letters are. For what needs some vectors and not good ones."""
    vectors = np.ones((len(texts), 27), np.float32)
    for row, text in enumerate(texts):
        for letter in text.lower():
            vectors[row, ord(letter) % 26] += 1
    normal: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return normal
