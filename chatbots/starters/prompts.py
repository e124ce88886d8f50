"""The long texts of the starting points, kept as Markdown files beside them."""

from pathlib import Path


def prompt(name: str) -> str:
    """The system prompt in ``<name>.md``."""
    return (Path(__file__).parent / f"{name}.md").read_text(encoding="utf-8").strip()
