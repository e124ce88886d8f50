"""How a draft answers its test questions beside the version before it, and what goes with a release
so that the next one can be compared."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext as _

from drafts.draft import Draft
from knowledge.beside import runs
from knowledge.beside.runs import Outcome, Run
from knowledge.draft_settings import IncompleteSettingsError
from knowledge.evaluation.figures import compared
from knowledge.evaluation.questions import questions_of
from knowledge.models import EvaluationRun
from knowledge.questions import evaluating

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drafts.models import Release
    from knowledge.evaluation.figures import Comparison


def before(draft: Draft) -> EvaluationRun | None:
    """The run of the last deployed version that has one that can be compared; None before the
    first."""
    if draft.entity_id is None:
        return None
    found = EvaluationRun.objects.filter(
        release__entity_id=draft.entity_id,
        release__entity__workspace_id=draft.workspace_id,
        ranking=evaluating.RANKING,
        release__number__lte=F("release__entity__live_release__number"),
    )
    return found.select_related("release").order_by("-release__number").first()


def comparison(run: Run, earlier: EvaluationRun) -> Comparison | None:
    """A draft's run beside that of a release; None where they share no question."""
    return compared(earlier.ranks, earlier.k, run.ranks, run.k)


def advice(draft: Draft) -> Iterator[tuple[str, bool]]:
    """What the draft's test questions say about it, and whether that is a loss; nothing while its
    settings are not complete, which is said already."""
    questions = questions_of(draft.data)
    if not questions:
        return
    try:
        run = evaluating.current(draft)
    except IncompleteSettingsError:
        return
    if run is None:
        words = _("The test questions have not been asked since the last changes. Evaluate them.")
        yield words, False
        return
    earlier = before(draft)
    found = comparison(run, earlier) if earlier else None
    if earlier and found and found.losses:
        yield _loss(found, earlier.release.number), True


def release(release: Release, origin: Draft | Release) -> None:
    """Keep the run of the draft that became the release, or of the release that comes back. Inside
    the release's transaction."""
    if not isinstance(origin, Draft):
        _again(release, origin)
        return
    run = evaluating.current(origin)
    if run is not None:
        made_at = datetime.fromtimestamp(run.at, UTC)
        EvaluationRun.objects.create(
            release=release,
            setup=run.setup,
            ranking=evaluating.RANKING,
            k=run.k,
            ranks=run.ranks,
            made_at=made_at,
        )


def _again(release: Release, old: Release) -> None:
    row = EvaluationRun.objects.filter(release=old).first()
    if row is not None:
        row.pk, row.release = None, release
        row.save(force_insert=True)


def bring_along(draft: Draft, release: Release) -> None:
    """Beside a draft that was made of a release lies the run of it: it fits until something
    changes."""
    row = EvaluationRun.objects.filter(release=release).first()
    if row is not None:
        outcomes = {key: Outcome(rank) for key, rank in row.ranks.items()}
        at = row.made_at.timestamp()
        runs.keep(draft.id, Run(row.setup, row.k, at, outcomes, release.number))


def _loss(found: Comparison, version: int) -> str:
    """What is answered worse than before, in figures."""
    labels = {"recall": _("recall"), "mrr": _("MRR"), "ndcg": _("nDCG")}
    figures = [
        _("%(figure)s %(before)d %% → %(after)d %%")
        % {
            "figure": labels[name],
            "before": round(100 * getattr(found.before, name)),
            "after": round(100 * getattr(found.after, name)),
        }
        for name in found.losses
    ]
    words = _("The test questions are answered worse than in version %(version)d: %(figures)s.")
    return words % {"version": version, "figures": ", ".join(figures)}
