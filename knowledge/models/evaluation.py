"""How well a release answered its test questions when it was deployed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from drafts.models import Release
from knowledge.evaluation.figures import Figures, figures_of


class EvaluationRun(models.Model):
    """The run of the draft that became the release; a release that was not evaluated has none."""

    release = models.OneToOneField(Release, models.CASCADE, related_name="evaluation_run")
    # The key of all that the ranking depended on: knowledge.questions.evaluating.setup_of.
    setup = models.CharField(max_length=64)
    # How chunks were ranked and judged: knowledge.questions.evaluating.RANKING.
    ranking = models.PositiveSmallIntegerField()
    k = models.PositiveSmallIntegerField()
    # By the fingerprint of each question, the rank of the first right passage, or null.
    ranks = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("evaluation run")
        verbose_name_plural = _("evaluation runs")

    def __str__(self) -> str:
        return f"{self.release_id}: {len(self.ranks)}"

    @property
    def figures(self) -> Figures | None:
        """Means over its questions."""
        return figures_of(self.ranks.values(), self.k)
