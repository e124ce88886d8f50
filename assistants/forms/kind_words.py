"""Steps whose words name the kind that is built."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from drafts.forms.step import StepForm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise

    from drafts.forms.parts import Group, ShownGroup

KIND = "{kind}"


class KindForm(StepForm):
    """In help texts and in the words of groups, ``{kind}`` stands for what people call the kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.help_text = self.named(field.help_text)

    def grouped(self) -> Iterator[ShownGroup]:
        for shown in super().grouped():
            yield replace(shown, group=self._named_group(shown.group))

    def named(self, words: str | _StrPromise) -> str:
        """``words`` about the kind of this draft."""
        return str(words).replace(KIND, str(self.draft_type.label).lower())

    def _named_group(self, group: Group) -> Group:
        return replace(group, title=self.named(group.title), help=self.named(group.help))
