"""The contract between the draft machine and the apps whose entities it drafts.

An entity app subclasses ``DraftType``, gives its schema and steps, and registers one instance in
``AppConfig.ready()``. Nothing in this app asks which kind it is dealing with. What the machine asks
a kind to do is in ``drafts/hooks/``, by the time at which it asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.translation import gettext_lazy

from common.registry import Registry
from common.schema import Schema
from drafts.hooks.deploying import DeployingHooks
from drafts.hooks.editing import EditingHooks
from drafts.hooks.judging import JudgingHooks
from drafts.hooks.pages import PageHooks
from drafts.hooks.telling import TellingHooks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from drafts.models import Entity
    from drafts.step import Step
    from drafts.template import Template

SchemaT = TypeVar("SchemaT", bound=Schema)


class DraftType(EditingHooks, TellingHooks, JudgingHooks, DeployingHooks[SchemaT], PageHooks):
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
    ``shortcuts`` is the template of what its builder adds to the list of keys. ``changed_in`` names
    the step at which a draft that changes a live entity is opened; by default the first.
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
    changed_in: str = ""
    plan_part: str = ""
    deployed_status: str = "deployed"
    page: str = "drafts/entity/frame.html"
    going_back: str | _StrPromise = gettext_lazy("Its settings go live at once, as a new version.")
    not_in_exports: str | _StrPromise = gettext_lazy(
        "Credentials are not in the file: choose them again."
    )

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
