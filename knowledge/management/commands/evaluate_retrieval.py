"""Measures retrieval on a set of questions with judged documents, one way beside the others."""

from __future__ import annotations

from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from inference.embedders.local import LOCAL
from knowledge.evaluation.metrics import auroc, reciprocal_rank_fusion
from knowledge.index.lookup import Method
from knowledge.judged_sets import running, sets, vectors
from knowledge.judged_sets.running import Way

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from knowledge.judged_sets.running import Outcome
    from knowledge.judged_sets.sets import EvaluationSet

HEAD = "method           nDCG@10     R@5    R@10  MRR@10   p50 ms   p95 ms"
THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)


class Command(BaseCommand):
    help = (
        "Indexes a set in the form of BEIR, asks its questions and prints how good the answers are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", type=Path, help="with corpus.jsonl.gz, queries.jsonl, qrels.tsv"
        )
        parser.add_argument("--split", default="", help="asks queries.<split>.jsonl instead")
        parser.add_argument(
            "--methods",
            default=",".join(Method),
            help="separated by commas; each also with +rerank behind its name",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            ways = {name: Way.named(name) for name in options["methods"].split(",")}
            given = sets.read(options["folder"], options["split"])
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"This cannot be evaluated: {error}") from error
        texts = [text.embedded for text in given.texts]
        made = vectors.embed(texts, LOCAL, settings.DATA_DIR / "evaluation", self.stdout.write)
        self.stdout.write(f"{given.name}: {len(texts)} texts, {len(given.questions)} questions")
        with running.indexed(given, made, LOCAL) as index:
            outcomes = {
                name: running.ask(index, given.questions, way, LOCAL) for name, way in ways.items()
            }
            none = dict(enumerate_as_keys(given.unanswerable))
            unanswered = running.ask(index, none, Way(Method.HYBRID), LOCAL) if none else None
        self._print(given, outcomes)
        if unanswered and Method.HYBRID in outcomes:
            answered = list(outcomes[Method.HYBRID].relevance.values())
            self._print_relevance(answered, list(unanswered.relevance.values()))

    def _print(self, given: EvaluationSet, outcomes: dict[str, Outcome]) -> None:
        self.stdout.write(HEAD)
        for name, outcome in outcomes.items():
            p50, p95 = running.percentiles(outcome.seconds)
            self._line(name, running.figures(outcome.ranked, given), f"{p50:9.1f}{p95:9.1f}")
        both = [outcomes[each] for each in (Method.KEYWORD, Method.VECTOR) if each in outcomes]
        if len(both) == len((Method.KEYWORD, Method.VECTOR)):
            fused = {
                key: reciprocal_rank_fusion([outcome.ranked[key] for outcome in both])
                for key in given.questions
            }
            self._line("RRF", running.figures(fused, given), "")

    def _print_relevance(self, answered: list[float], unanswered: list[float]) -> None:
        """How well the best relevance tells what can be answered, and what each threshold costs."""
        area = auroc(answered, unanswered)
        self.stdout.write(f"questions without an answer, AUROC of the relevance: {area:.3f}")
        self.stdout.write("least relevance   answerable kept   others refused")
        for least in THRESHOLDS:
            kept = mean(each >= least for each in answered)
            refused = mean(each < least for each in unanswered)
            self.stdout.write(f"{least:15.2f}{kept:18.1%}{refused:17.1%}")

    def _line(self, name: str, values: dict[str, float], times: str) -> None:
        self.stdout.write(
            f"{name:16}" + "".join(f"{each:8.4f}" for each in values.values()) + times
        )


def enumerate_as_keys(texts: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(str(number), text) for number, text in enumerate(texts)]
