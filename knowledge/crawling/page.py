"""What is made of one HTML page. Knows no framework."""

from __future__ import annotations

from dataclasses import dataclass

WORDS_OF_A_FORM = 80


@dataclass(frozen=True)
class ParsedPage:
    """``text`` is the main text as Markdown, ``canonical`` the address that the page gives itself,
    ``links`` the addresses it leads to, those marked ``nofollow`` left out. Addresses are as they
    are written, relative to ``base``, which itself is relative to where the page was found."""

    title: str = ""
    text: str = ""
    canonical: str = ""
    base: str = ""
    links: tuple[str, ...] = ()
    noindex: bool = False
    nofollow: bool = False
    asks_for_password: bool = False

    @property
    def is_to_sign_in(self) -> bool:
        """Whether it asks for a password and says little else."""
        return self.asks_for_password and len(self.text.split()) <= WORDS_OF_A_FORM
