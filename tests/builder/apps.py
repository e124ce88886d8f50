"""Lets a real web process know the tests' own kind."""

from django.apps import AppConfig


class BuilderTests(AppConfig):
    name = "tests.builder"
    label = "builder_tests"

    def ready(self) -> None:
        from drafts.types import draft_types
        from tests.builder.kinds import Machine

        draft_types.register("machine", Machine())
