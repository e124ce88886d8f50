"""What is made of one web page."""

from __future__ import annotations

from dataclasses import dataclass

WORDS_OF_A_FORM = 80


@dataclass(frozen=True)
class WebPage:
    """``text`` is Markdown. ``url`` is the address that the page gives as its own, empty where it
    gives none. ``links`` are the addresses it leads to, those marked ``nofollow`` left out; they
    are as they are written, relative to ``base``, which itself is relative to where the page was
    found. ``robots`` is what it asks of robots."""

    title: str = ""
    text: str = ""
    url: str = ""
    base: str = ""
    links: tuple[str, ...] = ()
    robots: tuple[str, ...] = ()
    asks_for_password: bool = False

    @property
    def is_to_sign_in(self) -> bool:
        """Whether it asks for a password and says little else."""
        return self.asks_for_password and len(self.text.split()) <= WORDS_OF_A_FORM
