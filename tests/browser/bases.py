"""Knowledge bases in every state that has a page, made as people make them, with a real worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from drafts.types import draft_types
from tests.knowledge.client import KnowledgeApi
from tests.knowledge.test_evaluating import MANUAL, QUESTIONS, Evaluated
from tests.servers.website import WebsiteServer

if TYPE_CHECKING:
    from workspaces.access import Actor


@dataclass(frozen=True)
class Bases:
    """Ids of drafts and of what is live, and of a source and a document of theirs."""

    empty: str
    full: str
    source: str
    live: str
    change: str
    document: str


def build(owner: Actor) -> Bases:
    """An empty draft; one with a source of each outcome; a live base that is being changed."""
    api = KnowledgeApi(owner)
    full = Evaluated(api, api.new_draft(name="Bicycle repairs", description="What the shop does."))
    source = api.upload(full.draft_id, manual__md=MANUAL.encode()).json()["sources"][0]["id"]
    api.upload(full.draft_id, nothing__txt=b"")
    with WebsiteServer() as site:
        site.page("/", "We repair every bicycle, whoever sold it.", links=["/prices"])
        site.page("/prices", "A new tyre costs thirty euros.")
        api.add_website(full.draft_id, f"{site.url}/")
        api.read(full.draft_id)
    full.bring(QUESTIONS)
    full.evaluated()
    live = Evaluated(api).deployed()
    (document,) = api.get(f"/{live}/documents").json()["documents"]
    change: dict[str, Any] = api.post(f"/{live}/draft").json()
    return Bases(
        empty=api.new_draft(name=""),
        full=full.draft_id,
        source=source,
        live=live,
        change=change["draft_id"],
        document=document["id"],
    )


def pages(workspace: str, bases: Bases) -> dict[str, str]:
    """Every page about them by a name that can name a file."""
    kind = draft_types.get("kb")

    def draft(draft_id: str, name: str, *more: str) -> str:
        return reverse(f"drafts:{name}", args=[workspace, kind.url_name, draft_id, *more])

    def live(name: str, *more: str) -> str:
        return reverse(f"knowledge:{name}", args=[workspace, bases.live, *more])

    steps = {
        f"base-builder-{number}-{step.name}": draft(bases.full, "builder", step.name)
        for number, step in enumerate(kind.steps, start=1)
    }
    source = [workspace, bases.full, bases.source]
    return steps | {
        "bases": reverse("knowledge:list", args=[workspace]),
        "base": live("detail"),
        "base-document": live("document", bases.document),
        "base-search": f"{live('search')}?q=How+long+is+the+warranty%3F",
        "base-versions": reverse("drafts:versions", args=[workspace, kind.url_name, bases.live]),
        "base-pages": reverse("knowledge:pages", args=source),
        "base-builder-empty": draft(bases.empty, "builder", "sources"),
        "base-builder-change": draft(bases.change, "builder", "chunks"),
        "base-builder-evaluate-empty": draft(bases.empty, "builder", "evaluate"),
        "base-plan": draft(bases.change, "plan"),
        "base-problems": draft(bases.full, "problems"),
    }
