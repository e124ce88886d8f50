"""Somebody who makes a knowledge base: brings sources, reads and cuts them, asks, deploys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.actors import Builder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playwright.sync_api import Locator

# What a worker does takes its time while others use the machine.
SLOW = 20_000


@dataclass
class BaseBuilder(Builder):
    """Somebody at the builder of a knowledge base, and at the base once it is live."""

    def begin(self, name: str) -> None:
        page = self.page
        page.goto("/w/acme/")
        page.get_by_role("link", name="Knowledge").click()
        page.get_by_role("button", name="New knowledge base").click()
        with self.saving():
            page.get_by_role("textbox", name="Name", exact=True).last.fill(name)

    # Sources

    def upload(self, files: Sequence[Path]) -> None:
        """All at once."""
        self.page.get_by_label("Drop files here").set_input_files(files)

    def add_website(self, url: str) -> None:
        self.page.get_by_label("Address of a website").fill(url)
        self.page.get_by_role("button", name="Add website").click()

    def item(self, source: str) -> Locator:
        heading = self.page.get_by_role("heading", name=source, exact=True)
        return self.page.locator("[data-item]").filter(has=heading)

    def is_read(self, source: str, pages: str) -> None:
        state = self.item(source).locator("[data-status=ready]")
        expect(state).to_contain_text(pages, timeout=SLOW)

    def is_refused(self, source: str, why: str) -> None:
        """It says why; taken away, it does not come back."""
        state = self.item(source).locator("[data-status=failed]")
        expect(state).to_contain_text("Was not read", timeout=SLOW)
        expect(state).to_contain_text(why)
        self.item(source).get_by_role("button", name="Remove").click()
        expect(self.item(source)).to_have_count(0)

    def read(self, source: str) -> Locator:
        """The dialog with the pages of a source."""
        self.item(source).get_by_role("link", name="Read and edit").click()
        return self.page.get_by_role("dialog")

    def edit_page(self, source: str, old: str, new: str) -> None:
        """Put ``new`` in the place of ``old`` in the first page of a source."""
        dialog = self.read(source)
        box = dialog.get_by_label("Text of page 1", exact=True)
        text = box.input_value()
        assert old in text
        box.fill(text.replace(old, new))
        expect(dialog).to_contain_text("Edited")
        dialog.get_by_role("button", name="Close").click()

    # Chunks and questions

    def chunk(self, text: str) -> Locator:
        return self.page.locator(".chunk").filter(has_text=text)

    def show_chunks_of(self, source: str) -> None:
        """Nothing but its chunks, once all are cut."""
        expect(self.page.get_by_text("Cutting the texts")).to_have_count(0, timeout=SLOW)
        chosen = self.page.get_by_role("combobox", name="Source", exact=True)
        chosen.select_option(label=source)
        others = self.page.locator(".chunk h3").filter(has_not_text=source)
        expect(others).to_have_count(0)

    def split(self, chunk: Locator, before: str) -> None:
        """Make two chunks of it, the second of which begins with ``before``."""
        chunk.get_by_text("Edit or split").click()
        box = chunk.get_by_role("textbox")
        text = box.input_value()
        assert before in text
        box.fill(text.replace(before, f"---\n{before}"))
        chunk.get_by_role("button", name="Save the text").click()

    def ask_the_draft(self, question: str) -> Locator:
        """The best passage that the panel beside the builder finds."""
        panel = self.page.get_by_role("complementary", name="Try a question")
        panel.get_by_label("Question").fill(question)
        panel.get_by_role("button", name="Ask").click()
        return panel.get_by_role("article").first

    # The live base

    def deploy(self, name: str, documents: int) -> None:
        """It is live, and every document is ready in the end."""
        page = self.page
        page.get_by_role("link", name="Deploy", exact=True).last.click()
        page.get_by_role("button", name="Deploy now").click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
        listed = page.locator("#documents")
        expect(listed.get_by_text("Ready", exact=True)).to_be_visible(timeout=3 * SLOW)
        expect(listed).to_contain_text(f"{documents} documents")
        expect(listed.get_by_text("Indexed", exact=True)).to_have_count(documents)

    def search(self, question: str) -> Locator:
        """The best passage that the live base finds."""
        self.page.get_by_role("link", name="Try a question").click()
        self.page.get_by_role("searchbox", name="Question").fill(question)
        self.page.get_by_role("button", name="Ask").click()
        return self.page.get_by_role("article").first

    def attach(self, base: str) -> None:
        """To the chatbot that is being made."""
        self.go("Knowledge")
        self.page.get_by_role("button", name="Attach a knowledge base").click()
        expect(self.page.get_by_role("heading", name=base)).to_be_visible()
