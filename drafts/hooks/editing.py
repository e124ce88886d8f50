"""What a kind does with its documents as they are edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from drafts.draft import Draft


class EditingHooks:
    """What of this is not said otherwise leaves documents as they are."""

    node_list: str

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
