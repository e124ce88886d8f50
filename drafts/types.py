"""The contract between the draft machine and the apps whose entities it drafts.

An entity app subclasses ``DraftType``, gives its schema and steps, and registers one instance in
``AppConfig.ready()``. Nothing in this app asks which kind it is dealing with.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.utils.translation import gettext_lazy

from common.registry import Registry
from common.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from uuid import UUID

    from django import forms
    from django.utils.functional import _StrPromise

    from drafts.deploying.planning import Between, PlannedChange
    from drafts.draft import Draft, Gone
    from drafts.models import Entity, Release
    from workspaces.access import Actor
    from workspaces.models import Workspace

SchemaT = TypeVar("SchemaT", bound=Schema)


@dataclass(frozen=True)
class Issue:
    """One entry of the problem list: what blocks (``error``) or would be better (``warning``).

    ``path`` is dotted inside ``data`` (``appearance.welcome_message``); ``step`` is the step that
    owns it. ``node_id`` is for kinds whose document has nodes; ``place`` is what people call the
    part that it is about, where the message does not say so. A ``notable`` warning stands in the
    open where a deploy is confirmed; others are folded. ``remedy`` is the call of the API, if any,
    that may mend it.
    """

    severity: str
    message: str
    path: str
    step: str
    node_id: str | None = None
    notable: bool = False
    place: str = ""
    remedy: str | None = None

    @property
    def words(self) -> str:
        """What is wrong, and where: for a list of such."""
        return f"{self.place}: {self.message}" if self.place else str(self.message)


@dataclass(frozen=True)
class Step:
    """One screen of the builder. ``fields`` are the top-level fields of the document it owns.

    ``template`` is the inside of its form; ``above`` and ``below``, if any, stand outside of it.
    ``answered``, if any, is a part that each answer to a save brings anew while it is shown.
    ``wide``: it takes all the room that there is. ``listed_in``, if any, is the ``view`` in the
    address with which its lists are shown; else something of its own stands for them.
    """

    name: str
    label: str | _StrPromise
    fields: tuple[str, ...]
    form: Callable[..., forms.BaseForm] | None = None
    template: str = "drafts/step_form.html"
    icon: str = "circle"
    above: str = ""
    below: str = ""
    answered: str = ""
    wide: bool = False
    listed_in: str = ""


@dataclass(frozen=True)
class ChannelLimit:
    """Why a channel that is on does only a part of its work (``words``), or none (``idle``);
    ``remedy`` says what to do about it, at ``path``."""

    words: str
    idle: bool = False
    remedy: str = ""
    path: str = ""


@dataclass(frozen=True)
class ChannelChange:
    """What deploying would do to one channel: ``register``, ``update``, ``remove`` or ``keep``.

    ``label`` is its name for people; ``reach`` says where one that goes live will be found.
    """

    type: str
    action: str
    label: str
    limit: ChannelLimit | None = None
    reach: str = ""


@dataclass(frozen=True)
class Template:
    """A starting point that creates a filled draft in one click."""

    name: str
    label: str | _StrPromise
    description: str | _StrPromise
    data: Mapping[str, Any] = field(default_factory=dict)
    icon: str = "sparkles"


class DraftType(ABC, Generic[SchemaT]):
    """Everything the draft machine has to be told about one kind of entity.

    ``kind`` is the draft's ``type`` and the Redis key's second part; ``url_name`` the plural in
    URLs; ``model`` the table of its entities; ``keyed_lists`` maps a dotted path of the document
    (without indexes) to the item field that names an item, for lists that merge by key.
    ``nameless_lists`` are those of them whose keys tell people nothing.
    ``node_list`` is the one of them, if any, whose items are the nodes of a canvas.

    ``talks``: one can chat with what it becomes, so the first deploy makes a key for that;
    ``has_channels``: it goes live on some. ``panel`` is the template of the builder's side panel,
    with the context of ``builder.html``; ``scripts`` are the page scripts that it needs besides,
    ``styles`` the builder's stylesheets.
    ``shortcuts`` is the template of what its builder adds to the list of keys.
    ``plan_part``, if any, is a template that stands in the deploy plan, whether something blocks or
    not, with the context of ``plan.html``.
    ``page`` is the template of a live entity's pages, with the block ``panel`` and the context of
    ``drafts/entity/frame.html``, which it extends. ``going_back`` says what making an old release
    live again does, ``not_in_exports`` what an exported draft does not bring along.
    ``deployed_status`` is what a deploy answers.
    """

    kind: str
    url_name: str
    label: str | _StrPromise
    label_plural: str | _StrPromise
    schema: type[SchemaT]
    schema_version: int = 1
    model: type[Entity]
    steps: tuple[Step, ...]
    templates: tuple[Template, ...] = ()
    keyed_lists: Mapping[str, str] = {}
    nameless_lists: frozenset[str] = frozenset()
    node_list: str = ""
    icon: str = "circle"
    talks: bool = True
    has_channels: bool = True
    panel: str = ""
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    shortcuts: str = ""
    plan_part: str = ""
    deployed_status: str = "deployed"
    page: str = "drafts/entity/frame.html"
    going_back: str | _StrPromise = gettext_lazy("Its settings go live at once, as a new version.")
    not_in_exports: str | _StrPromise = gettext_lazy(
        "Credentials are not in the file: choose them again."
    )

    def initial(self) -> dict[str, Any]:
        """The document of an empty draft."""
        return {}

    def normalised(self, patch: dict[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
        """A patch of ``document`` (empty: of a new draft) in the one way in which it is stored,
        where clients may write it in several. Its types are checked only afterwards."""
        return patch

    def presented(self, draft: Draft) -> Draft:
        """The draft as it is shown, judged and deployed: with what the kind knows beside the stored
        document and tells as part of it. ``normalised`` keeps that out of what is stored."""
        return draft

    def renamed(
        self, document: Mapping[str, Any], path: str, names: Mapping[str, str]
    ) -> dict[str, Any]:
        """What else ``document`` must say now that items of the list at ``path`` have new names, by
        the old ones: texts outside of that list, as a merge patch. Saved with the renaming."""
        return {}

    def renumbered(
        self, patch: dict[str, Any], document: Mapping[str, Any], names: Mapping[str, str]
    ) -> dict[str, Any]:
        """``patch`` with other ``names`` (new by old) for the nodes that it makes, which somebody
        else's have: as their keys in ``node_list``, and wherever else in ``patch`` it is meant."""
        nodes = {names.get(key, key): each for key, each in patch[self.node_list].items()}
        return {**patch, self.node_list: nodes}

    def joined(
        self,
        patch: dict[str, Any],
        document: Mapping[str, Any],
        before: Callable[[], Mapping[str, Any] | None],
    ) -> tuple[dict[str, Any], frozenset[str]]:
        """``patch``, which was drawn on the document that ``before`` gives (None where it is not
        kept any more), so that it also fits what others drew at the same place of ``document``; and
        the dotted paths at which that is no conflict then."""
        return patch, frozenset()

    def chosen(self, document: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
        """What else changes in ``document``, as a merge patch, when a person chooses in the builder
        what ``patch`` sets: what belonged to the choice before. Saved with the choice."""
        return {}

    def change_in_words(
        self, paths: Iterable[str], before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> str:
        """What a change at the dotted ``paths`` did to the document ``before``; empty where the
        names of its fields say it."""
        return ""

    def item_name(self, item: Mapping[str, Any]) -> str:
        """What people call an item of a keyed list; empty where its key says it."""
        return ""

    def reworded(self, change: PlannedChange) -> PlannedChange | None:
        """A change of the document as people read it; None where it tells them nothing."""
        return change

    def told(
        self, changes: Iterable[PlannedChange], between: Between, actor: Actor | None = None
    ) -> list[PlannedChange]:
        """Changes of a document as people read them. Values that are names of something else, such
        as a credential, are looked up for ``actor``; without one nobody reads values."""
        read = (self.reworded(change) for change in changes)
        return [change for change in read if change]

    @abstractmethod
    def warnings(self, data: Mapping[str, Any], actor: Actor) -> Iterable[Issue]:
        """What deploys but would be better otherwise."""

    def warnings_of_each(
        self, documents: Sequence[Mapping[str, Any]], actor: Actor
    ) -> list[Iterable[Issue]]:
        """``warnings`` of each document; a kind that looks things up does it once for all."""
        return [self.warnings(data, actor) for data in documents]

    def issues_beside(self, draft: Draft, actor: Actor) -> Iterable[Issue]:
        """What blocks or would be better, beyond the document of ``draft``: about its entity, and
        what the kind keeps beside it."""
        return ()

    def issues_beside_each(self, drafts: Sequence[Draft], actor: Actor) -> list[Iterable[Issue]]:
        """``issues_beside`` of each draft; a kind that looks things up does it once for all."""
        return [self.issues_beside(draft, actor) for draft in drafts]

    def misfits(self, entity: Entity, data: Mapping[str, Any], actor: Actor) -> Iterable[Issue]:
        """What blocks an old configuration of ``entity`` from going live again, beyond ``errors``:
        about others that are live by now."""
        return ()

    def judged(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """A document without what plays no part in it now, and so can be at no fault."""
        return data

    def placed(self, issues: Iterable[Issue], data: Mapping[str, Any]) -> Iterable[Issue]:
        """``issues`` of a document, each with what people call the part that it is about."""
        return issues

    def plan_besides(self, draft: Draft) -> Mapping[str, Any]:
        """What the plan tells API clients besides: members of its answer."""
        return {}

    def going_live(self, draft: Draft) -> str:
        """What a deploy of ``draft`` makes live besides its settings: a sentence, or nothing."""
        return ""

    def errors(self, data: Mapping[str, Any], actor: Actor) -> Iterable[Issue]:
        """What blocks beyond the schema: references to things that are gone or not the actor's."""
        return ()

    def errors_of_each(
        self, documents: Sequence[Mapping[str, Any]], actor: Actor
    ) -> list[Iterable[Issue]]:
        """``errors`` of each document; a kind that looks things up does it once for all."""
        return [self.errors(data, actor) for data in documents]

    def channels(self, configuration: SchemaT) -> Mapping[str, Mapping[str, Any]]:
        """The enabled channels of a configuration by type, for the plan."""
        return {}

    def channel_label(self, name: str) -> str:
        """What people call the channel ``name``."""
        return name.capitalize()

    def channel_reach(self, name: str, config: Mapping[str, Any]) -> str:
        """Where the channel ``name`` will be found with these settings, in a few words."""
        return ""

    def limits(self, configuration: SchemaT) -> Mapping[str, ChannelLimit]:
        """Enabled channels that would do only a part of their work, by type."""
        return {}

    def breaking(self, live: SchemaT, coming: SchemaT) -> Iterable[str]:
        """Sentences about what stops working for those who use the live configuration."""
        return ()

    def upgraded(self, configuration: Mapping[str, Any], version: int) -> dict[str, Any]:
        """A configuration that was stored under schema ``version``, in today's shape."""
        return dict(configuration)

    @abstractmethod
    def apply(self, configuration: SchemaT, entity: Entity) -> None:
        """Copy what is also kept in columns (name, slug …) onto the entity. Called inside the
        deploy's transaction, before the entity is saved."""

    def copied(self, draft: Draft, origin: Draft | Release | None) -> None:
        """Bring along what is kept beside the document: the new ``draft`` was made from another
        one, from a live release or from an imported file (None). If it raises, there is no draft.
        """

    def released(
        self,
        entity: Entity,
        release: Release,
        configuration: SchemaT,
        origin: Draft | Release,
        actor: Actor,
    ) -> None:
        """Write what follows from a release (channel connections …) that ``actor`` made of a draft,
        or of the old release that comes back. Inside the transaction; calls nothing outside."""

    def deployed(self, entity: Entity, release: Release, draft_id: str | None) -> None:
        """Wake up whoever carries on after the commit; None when an old release came back. What was
        kept beside the draft is still there. Runs again after a crash, until it has succeeded."""

    def discarded(self, gone: Gone) -> None:
        """Remove what was kept beside the draft (preview sessions, uploads). Runs at least once for
        every draft that was abandoned, has expired or was deployed; safe to run twice."""

    def deployment_result(
        self, entity: Entity, release: Release
    ) -> Mapping[str, Mapping[str, Any]]:
        """``channels`` of the deploy answer and of ``GET …/deployment``, by channel type."""
        return {}

    def retry_channel(self, entity: Entity, channel: str) -> None:
        """Register one channel again; raises ``LookupError`` when there is no such channel."""
        raise LookupError(channel)

    def status_of(self, entity: Entity) -> str:
        """How a deployed entity is, in the API's lists."""
        return "live"

    def list_url(self, workspace: Workspace) -> str:
        """The page that lists the workspace's drafts and entities of this kind."""
        return f"/w/{workspace.slug}/{self.url_name}/"

    def detail_url(self, entity: Entity) -> str:
        """The page of a deployed entity."""
        return f"{self.list_url(entity.workspace)}{entity.pk}/"

    def success_url(self, entity: Entity) -> str:
        """Where the builder goes after a deploy; by default the entity's own page."""
        return self.detail_url(entity)

    def page_context(self, actor: Actor, entity: Entity) -> dict[str, Any]:
        """What ``page`` needs besides the frame's context."""
        return {}

    def entity_removed(self, entity_id: UUID) -> None:
        """An entity is being deleted: withdraw what it registered elsewhere."""

    def delete(self, entity: Entity) -> None:
        """Delete an entity with all that hangs on it. Inside the transaction that does it; a kind
        whose entities hold very much hides it there (``drafts.entities.hide``), and removes it
        later."""
        self.entity_removed(entity.pk)
        entity.delete()

    def step(self, name: str) -> Step:
        """The step called ``name``; raises ``LookupError``."""
        for step in self.steps:
            if step.name == name:
                return step
        raise LookupError(name)

    def step_of(self, path: str) -> str:
        """The name of the step that owns the dotted ``path``; the last step when none does."""
        top = path.split(".", 1)[0]
        return next((s.name for s in self.steps if top in s.fields), self.steps[-1].name)


draft_types: Registry[DraftType[Any]] = Registry("draft type")


def by_url_name(url_name: str) -> DraftType[Any]:
    """The type whose URLs start with ``url_name``; raises ``LookupError``."""
    for draft_type in draft_types:
        if draft_type.url_name == url_name:
            return draft_type
    raise LookupError(url_name)
