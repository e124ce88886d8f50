"""What people make of chunks: written, split, merged, left out; undone, and kept across cuts."""

from __future__ import annotations

from functools import partial
from html import unescape
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from common.problems import Problem
from drafts.access import open_draft
from drafts.types import draft_types
from knowledge.embedding import embedder_for
from knowledge.indexing.chunks import chunks_of as live_chunks
from knowledge.live.highlighting import path_of
from knowledge.models import Document
from knowledge.trying import chunk_editing
from knowledge.trying.asking import chunks_of
from knowledge.trying.chunk_editing import Spot
from tests.knowledge.client import wait
from tests.servers.website import WebsiteServer
from tests.support.at_once import at_once
from tests.support.people import signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from knowledge.trying.asking import DraftChunk
    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")
FOOTER = f"</p><h2>Imprint</h2><p>{'We are a company with an address. ' * 16}"
PARAGRAPHS = [f"Paragraph {n} says something about topic {n}. " * 12 for n in range(4)]


class Chunks:
    """The chunks of a draft, as one would work on them."""

    def __init__(self, api: KnowledgeApi, actor: Actor) -> None:
        self.api, self.actor = api, actor
        self.draft_id = api.new_draft()
        text = "\n\n".join(f"# Topic {n}\n\n{p}" for n, p in enumerate(PARAGRAPHS))
        self.source_id = api.add_text(self.draft_id, text)["id"]
        wait(lambda: bool(self.found))

    @property
    def draft(self) -> Any:
        return open_draft(self.actor, draft_types.get("kb"), self.draft_id)

    @property
    def found(self) -> list[DraftChunk]:
        prepared = chunks_of(self.draft)
        return [] if prepared.waiting else prepared.chunks

    @property
    def texts(self) -> list[str]:
        return [each.chunk.text for each in self.found if each.enabled]

    @property
    def warnings(self) -> list[str]:
        """What validating says of edits."""
        told = self.api.post(f"/draft/{self.draft_id}/validate").json()
        return [each["message"] for each in told["issues"] if each["path"] == "chunk_edits"]

    def spot(self, at: int) -> Spot:
        return Spot(self.source_id, at, self.found[at].digest)


@pytest.fixture
def chunks(api: KnowledgeApi, alice: Actor) -> Chunks:
    return Chunks(api, alice)


def found_in_draft(chunks: Chunks, question: str) -> dict[str, Any]:
    body = {"query": question, "top_k": 50}
    found: dict[str, Any] = chunks.api.post(f"/draft/{chunks.draft_id}/search", body).json()
    return found


def test_a_chunk_is_written_split_merged_and_left_out(chunks: Chunks, alice: Actor) -> None:
    before = chunks.texts
    chunk_editing.write(alice, chunks.draft, chunks.spot(0), "First half.\n---\nSecond half.")
    assert chunks.texts == ["First half.", "Second half.", *before[1:]]

    chunk_editing.write(alice, chunks.draft, chunks.spot(1), "The second half.")
    assert chunks.texts[:2] == ["First half.", "The second half."]

    chunk_editing.merge(alice, chunks.draft, chunks.spot(1))
    assert chunks.texts[:2] == ["First half.", f"The second half.\n\n{before[1]}"]
    assert chunks.texts[2:] == before[2:]

    chunk_editing.reset(alice, chunks.draft, chunks.spot(0))
    assert chunks.texts == before

    chunk_editing.switch(alice, chunks.draft, chunks.spot(2))
    assert chunks.texts == before[:2] + before[3:]
    chunk_editing.switch(alice, chunks.draft, chunks.spot(2))
    assert chunks.texts == before
    assert chunks.draft.data.get("chunk_edits", []) == []


def test_a_source_is_cut_in_a_way_of_its_own(chunks: Chunks, api: KnowledgeApi) -> None:
    other = api.add_text(chunks.draft_id, "# One\n\nFirst.\n\n# Two\n\nSecond.", "Other")["id"]
    before = chunks.texts
    own = {"sources": {chunks.source_id: {"chunking_config": {"chunk_size": 40}}}}
    assert api.patch(f"/draft/{chunks.draft_id}", {"data": own}).status_code == 200
    wait(lambda: chunks.texts not in ([], before))
    assert {c.chunk.tokens <= 40 for c in chunks.found if c.part.source_id != other} == {True}
    shown = chunks.texts

    kb_id = api.deployed(chunks.draft_id)
    api.indexed(kb_id)
    live = [hit["content"] for hit in api.search(kb_id, "topic first second", top_k=50)]
    assert set(live) <= set(shown)
    config = {"chunking_config": None}
    draft_id = api.post(f"/{kb_id}/draft").json()["draft_id"]
    back = {"data": {"sources": {chunks.source_id: config}}}
    assert api.patch(f"/draft/{draft_id}", back).status_code == 200
    chunks.draft_id = draft_id
    wait(lambda: chunks.texts == before)


def test_half_of_a_chunk_is_marked_where_it_stands(
    chunks: Chunks, alice: Actor, api: KnowledgeApi, client: Client
) -> None:
    half, rest = chunks.texts[0][:200].rsplit(" ", 1)[0], "And something else."
    chunk_editing.write(alice, chunks.draft, chunks.spot(0), f"{half}\n---\n{rest}")
    kb_id = api.deployed(chunks.draft_id)
    api.indexed(kb_id)
    hit = next(h for h in api.search(kb_id, half, top_k=50) if h["content"] == half)
    path = path_of("acme", hit["document_id"], str(hit["chunk_id"]), hit["content"])
    page = unescape(signed_in(client, alice).get(path, follow=True).content.decode())
    assert f'<mark id="passage">{half}</mark> ' in page
    assert "The marked passage was edited" not in page


def test_each_part_of_a_split_chunk_is_left_out_by_itself(
    chunks: Chunks, alice: Actor, api: KnowledgeApi
) -> None:
    before = chunks.texts
    chunk_editing.write(alice, chunks.draft, chunks.spot(0), "One.\n---\nTwo.\n---\nThree.")
    chunk_editing.switch(alice, chunks.draft, chunks.spot(0))
    chunk_editing.switch(alice, chunks.draft, chunks.spot(2))
    assert [each.enabled for each in chunks.found[:4]] == [False, True, False, True]
    assert chunks.texts == ["Two.", *before[1:]]

    chunk_editing.write(alice, chunks.draft, chunks.spot(1), "Second.\n---\nHalf.")
    assert chunks.texts == ["Second.", "Half.", *before[1:]]
    chunk_editing.switch(alice, chunks.draft, chunks.spot(3))
    chunk_editing.merge(alice, chunks.draft, chunks.spot(2))
    chunk_editing.switch(alice, chunks.draft, chunks.spot(0))
    assert chunks.texts == ["One.", "Second.", "Half.\n\nThree.", *before[1:]]
    for part in range(3):
        chunk_editing.switch(alice, chunks.draft, chunks.spot(part))
    assert chunks.texts == before[1:]

    chunk_editing.switch(alice, chunks.draft, chunks.spot(1))
    kb_id = api.deployed(chunks.draft_id)
    api.indexed(kb_id)
    found = [hit["content"] for hit in api.search(kb_id, "One second half three", top_k=50)]
    assert "Second." in found
    assert not {"One.", "Half.\n\nThree."} & set(found)


def test_changes_at_the_same_moment_are_all_kept(chunks: Chunks, alice: Actor) -> None:
    before = chunks.texts
    chunk_editing.write(alice, chunks.draft, chunks.spot(0), "One.\n---\nTwo.\n---\nThree.")
    draft = chunks.draft
    spots = [chunks.spot(place) for place in range(3)]
    done = at_once(*(partial(chunk_editing.switch, alice, draft, spot) for spot in spots))
    assert done == [None] * 3
    assert chunks.texts == before[1:]

    writes = [partial(chunk_editing.write, alice, draft, spots[1], text) for text in ("A", "B")]
    assert sorted(map(str, at_once(*writes))) == ["409", "None"]


def test_what_a_release_would_refuse_is_refused_at_once(
    chunks: Chunks, alice: Actor, client: Client
) -> None:
    for text in ("x" * 20_001, "\n---\n".join("word" for _part in range(51))):
        with pytest.raises(Problem) as raised:
            chunk_editing.write(alice, chunks.draft, chunks.spot(0), text)
        assert raised.value.status == 422
    url = f"/w/acme/kb/draft/{chunks.draft_id}/chunk-edits/"
    stale = {"op": "write", "source": chunks.source_id, "position": "0", "seen": "0" * 16}
    page = signed_in(client, alice).post(
        url, stale | {"text": "What I wrote."}, headers={"HX-Request": "true"}
    )
    assert "The chunks have changed meanwhile" in page.content.decode()
    assert "What I wrote." in page.content.decode()


def test_a_chunk_in_use_and_one_left_out_do_not_merge(chunks: Chunks, alice: Actor) -> None:
    chunk_editing.switch(alice, chunks.draft, chunks.spot(1))
    for place in (0, 1):
        with pytest.raises(Problem) as raised:
            chunk_editing.merge(alice, chunks.draft, chunks.spot(place))
        assert raised.value.status == 409


def test_only_texts_that_an_edit_has_are_left_out(chunks: Chunks, api: KnowledgeApi) -> None:
    original = chunks.texts[0]
    edit = {"id": "edit_7c2f9e01", "source_id": chunks.source_id, "originals": [original]}
    for more in ({"left_out": [0]}, {"texts": ["a", "b"], "left_out": [2]}):
        data = {"chunk_edits": {edit["id"]: edit | more}}
        api.patch(f"/draft/{chunks.draft_id}", {"data": data})
        report = api.post(f"/draft/{chunks.draft_id}/validate").json()
        assert "left out" in str(report["errors"])


def test_an_edit_is_undone_like_any_change(chunks: Chunks, alice: Actor, api: KnowledgeApi) -> None:
    before = chunks.texts
    chunk_editing.write(alice, chunks.draft, chunks.spot(0), "Something else.")
    api.post(f"/draft/{chunks.draft_id}/undo")
    assert chunks.texts == before


def test_an_edit_is_called_by_words(
    chunks: Chunks, alice: Actor, api: KnowledgeApi, client: Client
) -> None:
    chunk_editing.write(alice, chunks.draft, chunks.spot(0), "Something else.")
    undo = f"/w/acme/kb/draft/{chunks.draft_id}/undo/"
    said = signed_in(client, alice).post(undo, headers={"HX-Request": "true"}).content.decode()
    assert "Undone: Chunk edits (Chunks)" in unescape(said)
    entries = api.get(f"/draft/{chunks.draft_id}/history").json()["results"]
    assert [each["summary"] for each in entries][:2] == [
        "Undid a change of Chunk edits",
        "Changed Chunk edits",
    ]


def test_what_was_made_of_chunks_is_what_is_indexed(
    chunks: Chunks, alice: Actor, api: KnowledgeApi, client: Client
) -> None:
    chunk_editing.write(alice, chunks.draft, chunks.spot(0), "The capital is Canberra.")
    chunk_editing.switch(alice, chunks.draft, chunks.spot(1))
    left_out = chunks.found[1].chunk.text
    kb_id = api.deployed(chunks.draft_id)
    api.indexed(kb_id)

    (hit, *_others) = api.search(kb_id, "Which city is the capital?")
    assert hit["content"] == "The capital is Canberra."
    path = path_of("acme", hit["document_id"], str(hit["chunk_id"]), hit["content"])
    page = signed_in(client, alice).get(path, follow=True).content.decode()
    assert '<mark id="passage"># Topic 0' in page
    assert "This is searched and quoted in its place:" in page
    assert "The capital is Canberra." in page
    found = [hit["content"] for hit in api.search(kb_id, "topic 1", top_k=50)]
    assert left_out not in found


def test_an_edit_outlives_another_cut(chunks: Chunks, alice: Actor, api: KnowledgeApi) -> None:
    gone, kept = chunks.texts[0], chunks.texts[1]
    chunk_editing.write(alice, chunks.draft, chunks.spot(0), "Something else.")
    chunk_editing.switch(alice, chunks.draft, chunks.spot(1))
    for strategy in ("no_chunking", "by_size", "parent_child"):
        config = {"chunking_config": {"strategy": strategy, "chunk_size": 70}}
        assert api.patch(f"/draft/{chunks.draft_id}", {"data": config}).status_code == 200
        wait(lambda: bool(chunks.found))
        assert chunks.warnings == []
        assert chunks.texts[0] == "Something else."
        assert not [text for text in chunks.texts if gone in text or kept in text]
        assert [each.chunk.text for each in chunks.found if not each.enabled] == [kept]
    shown = chunks.texts

    kb_id = api.deployed(chunks.draft_id)
    api.indexed(kb_id)
    document = Document.objects.get(base_id=UUID(kb_id))
    embedder = embedder_for(alice.workspace_id, {})
    live = live_chunks(document, embedder.tokenizer, embedder.embed)
    assert [chunk.text for chunk in live] == shown


def test_what_stands_around_an_edit_can_be_changed(
    chunks: Chunks, alice: Actor, api: KnowledgeApi
) -> None:
    chunk_editing.switch(alice, chunks.draft, chunks.spot(1))
    config = {"chunking_config": {"strategy": "no_chunking"}}
    api.patch(f"/draft/{chunks.draft_id}", {"data": config})
    wait(lambda: bool(chunks.found))
    assert [each.enabled for each in chunks.found] == [True, False, True]
    chunk_editing.write(alice, chunks.draft, chunks.spot(2), "The rest.\n---\nIn parts.")
    chunk_editing.switch(alice, chunks.draft, chunks.spot(0))
    assert chunks.texts == ["The rest.", "In parts."]
    chunk_editing.reset(alice, chunks.draft, chunks.spot(1))
    assert [each.enabled for each in chunks.found] == [False, True, True, True]
    middle = chunks.found[1].chunk.text
    chunk_editing.merge(alice, chunks.draft, chunks.spot(1))
    assert chunks.texts == [f"{middle}\n\nThe rest.", "In parts."]
    for at in (1, 0):
        chunk_editing.reset(alice, chunks.draft, chunks.spot(at))
    assert [each.edit for each in chunks.found] == [None]


def test_a_larger_part_says_what_people_made_of_its_chunks(
    chunks: Chunks, alice: Actor, api: KnowledgeApi, client: Client
) -> None:
    text = " ".join(f"Sentence {n} is about topic {n * n}." for n in range(20))
    page = f"/draft/{chunks.draft_id}/sources/{chunks.source_id}/pages/1"
    assert api.patch(page, {"text": text}).status_code == 200
    config = {"chunking_config": {"strategy": "parent_child", "chunk_size": 40}}
    api.patch(f"/draft/{chunks.draft_id}", {"data": config})
    wait(lambda: bool(chunks.found) and bool(chunks.found[0].parent))
    gone = chunks.found[1].own.strip()
    chunk_editing.write(alice, chunks.draft, chunks.spot(0), "The capital is Canberra.")
    chunk_editing.switch(alice, chunks.draft, chunks.spot(1))
    first, left_out, third = chunks.found[:3]
    assert first.parent == third.parent
    assert first.parent.startswith("The capital is Canberra.")
    assert third.chunk.text in first.parent
    assert (left_out.chunk.text, left_out.parent) == (gone, "")
    assert gone not in first.parent
    wait(lambda: bool(found_in_draft(chunks, "capital Canberra")["results"]))
    shown = found_in_draft(chunks, "capital Canberra")["results"][0]

    kb_id = api.deployed(chunks.draft_id)
    api.indexed(kb_id)
    live = api.search(kb_id, "capital Canberra")[0]
    assert live["content"] == shown["content"] == first.parent
    shown_page = signed_in(client, alice).get(f"/w/acme/kb/{kb_id}/search/?q=capital+Canberra")
    assert "<mark>The capital is Canberra.</mark>" in shown_page.content.decode()


def test_an_edit_waits_where_its_text_is_gone(
    chunks: Chunks, alice: Actor, api: KnowledgeApi
) -> None:
    before = chunks.texts
    chunk_editing.write(alice, chunks.draft, chunks.spot(0), "Something else.")
    path = f"/draft/{chunks.draft_id}/sources/{chunks.source_id}/pages/1"
    page = api.get(path).json()["text"]
    api.patch(path, {"text": page.replace("topic 0", "nothing")})
    wait(lambda: [edit.texts for edit in chunks_of(chunks.draft).lost] == [("Something else.",)])
    api.patch(path, {"text": page})
    wait(lambda: chunks.texts == ["Something else.", *before[1:]])


def test_a_chunk_that_changed_meanwhile_is_not_touched(chunks: Chunks, alice: Actor) -> None:
    stale = Spot(chunks.source_id, 0, "0" * 16)
    with pytest.raises(Problem) as raised:
        chunk_editing.switch(alice, chunks.draft, stale)
    assert raised.value.status == 409
    assert chunks.draft.data.get("chunk_edits", []) == []


class Pages(Chunks):
    """The chunks of a website whose pages all end in the same words."""

    def __init__(self, api: KnowledgeApi, actor: Actor, website: WebsiteServer) -> None:
        self.api, self.actor = api, actor
        self.draft_id = api.new_draft()
        links = ["/prices", "/hours"]
        website.page("/", PARAGRAPHS[0] + FOOTER, links)
        website.page("/prices", PARAGRAPHS[1] + FOOTER)
        website.page("/hours", PARAGRAPHS[2] + FOOTER)
        self.source_id = api.add_website(self.draft_id, f"{website.url}/")["id"]
        api.read(self.draft_id)
        wait(lambda: bool(self.found))

    def boilerplate(self, page: int) -> int:
        """Where the words stand that all pages end in."""
        return next(
            each.position
            for each in self.found
            if each.chunk.page == page and "We are a company" in each.chunk.text
        )


@pytest.fixture
def site(api: KnowledgeApi, alice: Actor, settings: object) -> Iterator[Pages]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    with WebsiteServer() as website:
        yield Pages(api, alice, website)


def test_what_a_draft_of_many_documents_shows_is_what_goes_live(
    site: Pages, alice: Actor, api: KnowledgeApi
) -> None:
    last = site.boilerplate(1)
    with pytest.raises(Problem) as raised:
        chunk_editing.merge(alice, site.draft, site.spot(last))
    assert raised.value.status == 409

    chunk_editing.switch(alice, site.draft, site.spot(last))
    chunk_editing.write(alice, site.draft, site.spot(site.boilerplate(2)), "We sell machines.")
    assert sum("We are a company" in text for text in site.texts) == 1
    shown = sorted(site.texts)
    questions = ("company", "machines", "topic 1")
    wait(lambda: found_in_draft(site, "company")["embedded_chunks"] == len(shown))
    found = [found_in_draft(site, question)["results"] for question in questions]

    kb_id = api.deployed(site.draft_id)
    api.indexed(kb_id)
    embedder = embedder_for(alice.workspace_id, {})
    documents = Document.objects.filter(base_id=UUID(kb_id))
    assert (
        sorted(
            c.text for d in documents for c in live_chunks(d, embedder.tokenizer, embedder.embed)
        )
        == shown
    )
    for question, hits in zip(questions, found, strict=True):
        live = api.search(kb_id, question, top_k=50)
        assert [hit["content"] for hit in live] == [hit["content"] for hit in hits]


@pytest.mark.parametrize("second", [False, True], ids=["second as cut", "second edited"])
@pytest.mark.parametrize("first", [False, True], ids=["first as cut", "first edited"])
def test_chunks_are_merged_whichever_of_them_is_edited(
    chunks: Chunks, alice: Actor, first: bool, second: bool
) -> None:
    if first:
        chunk_editing.write(alice, chunks.draft, chunks.spot(0), "The first.")
    if second:
        chunk_editing.write(alice, chunks.draft, chunks.spot(1), "The second.")
    before = chunks.texts
    chunk_editing.merge(alice, chunks.draft, chunks.spot(0))
    merged, *others = chunks.texts
    assert (before[0] in merged, others) == (True, before[2:])
    assert before[1].strip()[-40:] in merged
    chunk_editing.merge(alice, chunks.draft, chunks.spot(0))
    assert chunks.texts[1:] == before[3:]
    assert len(chunks.draft.data["chunk_edits"]) == 1
    chunk_editing.reset(alice, chunks.draft, chunks.spot(0))
    assert not chunks.draft.data.get("chunk_edits")


def test_what_is_left_out_and_fits_nowhere_is_told_before_it_goes_live(
    api: KnowledgeApi, alice: Actor, chunks: Chunks
) -> None:
    chunk_editing.switch(alice, chunks.draft, chunks.spot(1))
    preview = api.get(f"/draft/{chunks.draft_id}/preview").json()
    assert [each["enabled"] for each in preview["chunks_preview"][:3]] == [True, False, True]
    assert preview["unused_edits"] == []
    assert chunks.warnings == []

    path = f"/draft/{chunks.draft_id}/sources/{chunks.source_id}/pages/1"
    page = api.get(path).json()["text"]
    api.patch(path, {"text": page.replace("topic", "subject")})
    assert chunks.warnings == [
        "The texts are being cut. Whether your edits of chunks still fit is not known yet."
    ]
    wait(lambda: not chunks_of(chunks.draft).waiting)
    (told,) = chunks.warnings
    assert told.startswith("1 chunk that was left out fits nowhere any more")
    preview = api.get(f"/draft/{chunks.draft_id}/preview").json()
    assert len(preview["unused_edits"]) == 1


def test_chunks_come_some_at_a_time(api: KnowledgeApi, chunks: Chunks) -> None:
    path = f"/draft/{chunks.draft_id}/preview"
    whole = api.get(path).json()
    rest = api.get(f"{path}?offset=2").json()
    assert rest["chunks_preview"] == whole["chunks_preview"][2:]
    for wrong in ("-1", "x", "1e3", "9" * 30):
        assert api.get(f"{path}?offset={wrong}").status_code == 422
