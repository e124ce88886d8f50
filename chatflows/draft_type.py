"""What the draft machine has to know about chatflows: schema, steps, problems, deploying."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from assistants import running
from assistants.credentials import MODEL
from assistants.draft_type import SHARED_LISTS, AssistantDraft
from assistants.named import NamedBase, NamedCredential, NamedFlow, NamedStart
from assistants.reading import read
from chatflows.advice import advice
from chatflows.assistant import Draftable
from chatflows.beside import found_beside_each
from chatflows.cases import batch, results
from chatflows.cases.advice import doubt
from chatflows.cases.reading import cases_of
from chatflows.cases.renaming import renamed_cases
from chatflows.cases.told import told
from chatflows.cases.wording import reworded, title_of
from chatflows.changes import LISTS, flow_change, flow_changes, unseen_changes
from chatflows.checking import problems
from chatflows.checking.asking import barred, needs
from chatflows.checking.cases import case_problems
from chatflows.drawn import drawing_of, fitting_document
from chatflows.facts import facts_of
from chatflows.joining import joined
from chatflows.kind import KIND
from chatflows.models import Chatflow
from chatflows.named import all_named_for
from chatflows.naming import places_of
from chatflows.nodes.knowledge_base import KnowledgeBaseSettings
from chatflows.nodes.model import ModelSettings
from chatflows.nodes.subflow import SubflowSettings
from chatflows.nodes.trigger import CHAT
from chatflows.normalising import normalised
from chatflows.renaming import renamed_nodes, renumbered
from chatflows.schema import Chatflow as ChatflowSchema
from chatflows.starters import STARTERS
from chatflows.starts import starts_in, starts_of
from chatflows.steps import STEPS
from chatflows.triggers import rows
from chatflows.triggers.wording import going_live, named_starts, shown_starts
from chatflows.versions import upgraded_document, written
from drafts import jobs
from drafts.forms.field_values import merged
from workspaces.models import Credential

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from assistants.live import Live
    from assistants.named import BarredFlow, Needs
    from assistants.references import Known
    from drafts.deploying.planning import Between, PlannedChange
    from drafts.draft import Draft, Gone
    from drafts.issue import Issue
    from drafts.models import Entity, Release
    from workspaces.access import Actor

HTTP = Credential.Kind.HTTP
START: Mapping[str, Any] = {
    "nodes": [
        {
            "id": "start",
            "type": "trigger",
            "position": {"x": 0, "y": 0},
            "data": {"trigger_type": "chat_message"},
        }
    ],
}


class ChatflowDraft(AssistantDraft[ChatflowSchema]):
    """Chatflows in the draft machine."""

    kind = KIND
    url_name = "chatflows"
    label = _("Chatflow")
    label_plural = _("Chatflows")
    icon = "workflow"
    panel = "chatflows/panel.html"
    scripts = ("flow_runs",)
    styles = ("chatflows",)
    shortcuts = "chatflows/shortcuts.html"
    changed_in = "workflow"
    plan_part = "chatflows/plan_cases.html"
    reach_part = "chatflows/parts/starts.html"
    about = _("Conversations that you draw: what is asked, decided, looked up and said.")
    beginning = _(
        "Draw how a conversation goes, watch it run while you build, and put it on your website "
        "when you like it. Until you deploy, nobody else sees it. Start from a template below, or "
        "from an empty one."
    )
    template_help = _("Each is a flow that runs. Change its nodes, and fill in your own facts.")
    schema = ChatflowSchema
    model = Chatflow
    steps = STEPS
    templates = STARTERS
    keyed_lists = {**SHARED_LISTS, "nodes": "id", "edges": "id", "test_cases": "id"}
    nameless_lists = frozenset({"edges", "test_cases"})
    node_list = "nodes"
    runs_others = True

    def initial(self) -> dict[str, Any]:
        """A flow that begins."""
        return dict(START)

    def normalised(self, patch: dict[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
        return written(normalised(patch, document), document)

    def upgraded(self, configuration: Mapping[str, Any], version: int) -> dict[str, Any]:
        return upgraded_document(super().upgraded(configuration, version))

    def presented(self, draft: Draft) -> Draft:
        return replace(draft, data=upgraded_document(draft.data))

    def item_name(self, item: Mapping[str, Any]) -> str:
        if "messages" in item:
            return title_of(cases_of({"test_cases": [dict(item)]})[0])
        data = item.get("data")
        if isinstance(data, dict):
            return str(data.get("label") or "")
        return super().item_name(item)

    def reworded(self, change: PlannedChange) -> PlannedChange | None:
        return super().reworded(reworded(change))

    def told(
        self, changes: Iterable[PlannedChange], between: Between, actor: Actor | None = None
    ) -> list[PlannedChange]:
        changes = list(changes)
        own = [change for change in changes if change.path.partition(".")[0] in LISTS]
        others = [change for change in changes if change not in own]
        names = partial(all_named_for, actor, self) if actor else None
        found = [*flow_changes(between, names), *super().told(others, between, actor)]
        return found if found or actor else unseen_changes(own, between)

    def read(self, data: Mapping[str, Any]) -> ChatflowSchema:
        return read(Draftable, self.judged(data))

    def bases(self, data: Mapping[str, Any]) -> Iterator[NamedBase]:
        for each in drawing_of(data).nodes.values():
            if isinstance(each.settings, KnowledgeBaseSettings) and each.settings.kb_id:
                yield NamedBase(f"nodes.{each.id}.data.kb_id", each.settings.kb_id)

    def credentials(self, data: Mapping[str, Any]) -> Iterator[NamedCredential]:
        for each in drawing_of(data).nodes.values():
            path, settings = f"nodes.{each.id}.data", each.settings
            if isinstance(settings, ModelSettings) and settings.credential_id:
                yield NamedCredential(f"{path}.credential_id", MODEL, str(settings.credential_id))
            for setting, credential_id in settings.http_credentials():
                yield NamedCredential(f"{path}.{setting}", HTTP, str(credential_id))
        yield from super().credentials(data)

    def runs(self, data: Mapping[str, Any]) -> Iterator[NamedFlow]:
        for each in drawing_of(data).nodes.values():
            if isinstance(each.settings, SubflowSettings) and each.settings.chatflow_id:
                path = f"nodes.{each.id}.data.chatflow_id"
                given = tuple(one.name for one in each.settings.inputs)
                yield NamedFlow(path, each.settings.chatflow_id, given)

    def starts(self, data: Mapping[str, Any]) -> list[NamedStart]:
        return named_starts(starts_in(data))

    def barred(self, data: Mapping[str, Any]) -> Iterator[BarredFlow]:
        return barred(drawing_of(data))

    def needs(self, data: Mapping[str, Any]) -> Needs:
        return needs(drawing_of(data))

    def renamed(
        self, document: Mapping[str, Any], path: str, names: Mapping[str, str]
    ) -> dict[str, Any]:
        patch = super().renamed(document, path, names)
        if path == "variables":
            patch = merged(patch, renamed_nodes(document, names))
        return merged(patch, renamed_cases(document, path, names))

    def renumbered(
        self, patch: dict[str, Any], document: Mapping[str, Any], names: Mapping[str, str]
    ) -> dict[str, Any]:
        return renumbered(patch, document, names)

    def joined(
        self,
        patch: dict[str, Any],
        document: Mapping[str, Any],
        before: Callable[[], Mapping[str, Any] | None],
    ) -> tuple[dict[str, Any], frozenset[str]]:
        return joined(patch, document, before)

    def change_in_words(self, between: Between) -> str:
        return flow_change(between)

    def facts(self, configuration: ChatflowSchema, actor: Actor) -> list[tuple[str, str]]:
        return facts_of(configuration)

    def released(
        self,
        entity: Entity,
        release: Release,
        configuration: ChatflowSchema,
        origin: Draft | Release,
        actor: Actor,
    ) -> None:
        super().released(entity, release, configuration, origin, actor)
        rows.sync(entity, starts_of(configuration))

    def deployment_result(
        self, entity: Entity, release: Release
    ) -> Mapping[str, Mapping[str, Any]]:
        return {**super().deployment_result(entity, release), **rows.results(entity)}

    def plan_besides(self, draft: Draft) -> Mapping[str, Any]:
        return {"tests": [each.planned() for each in told(draft).rows]}

    def going_live(self, draft: Draft) -> str:
        return going_live(draft.target_id, starts_in(draft.data))

    def doubt(self, draft: Draft) -> str:
        return doubt(told(draft))

    def reach_context(self, entity: Entity) -> dict[str, Any]:
        return shown_starts(entity)

    def is_chatted_with(self, data: Mapping[str, Any]) -> bool:
        return CHAT in starts_in(data)

    def wrong(self, data: Mapping[str, Any], known: Known) -> Iterator[tuple[str, str]]:
        drawing = drawing_of(data)
        for problem in (*problems(drawing), *case_problems(data, drawing)):
            if problem.severity == "error":
                yield problem.path, problem.message
        yield from super().wrong(data, known)

    def advice(self, data: Mapping[str, Any], live: Live) -> Iterator[tuple[str, str]]:
        yield from advice(data)
        yield from running.undeclared(live, data)

    def issues_beside_each(self, drafts: Sequence[Draft], actor: Actor) -> list[Iterable[Issue]]:
        of_all = super().issues_beside_each(drafts, actor)
        return [
            [*issues, *(replace(self.issue(*more[:3]), remedy=more.remedy) for more in beside)]
            for issues, beside in zip(of_all, found_beside_each(drafts), strict=True)
        ]

    def judged(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return fitting_document(data)

    def placed(self, issues: Iterable[Issue], data: Mapping[str, Any]) -> Iterator[Issue]:
        nodes = places_of(drawing_of(data).nodes.values())
        places = {f"nodes.{id_}": place for id_, place in nodes.items()}
        for case in cases_of(data):
            if case.title:
                words = _now("Test case “%(name)s”") % {"name": Truncator(case.title).chars(60)}
                places[f"test_cases.{case.id}.expectations"] = words
        for issue in issues:
            item = ".".join(issue.path.split(".")[:2])
            yield replace(issue, place=places.get(item) or places.get(issue.path) or issue.place)

    def discarded(self, gone: Gone) -> None:
        super().discarded(gone)
        jobs.forget(gone.draft_id, (batch.JOB,))
        results.forget(gone.workspace_id, gone.draft_id)

    def issue(self, severity: str, path: str, message: str) -> Issue:
        issue = super().issue(severity, path, message)
        top, _dot, rest = path.partition(".")
        node_id = rest.partition(".")[0] if top == "nodes" else ""
        return replace(issue, node_id=node_id) if node_id else issue
