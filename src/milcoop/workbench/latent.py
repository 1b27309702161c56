"""Route 2 of docs/measurement.md: what the latent model of all pairs says, shipped or fitted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from milcoop.domain.assessment import Assessment
from milcoop.domain.latent import LatentEstimates
from milcoop.errors import MissingExtra
from milcoop.measure.bundled import read_bundled_latent
from milcoop.workbench.estimation import Estimation

if TYPE_CHECKING:
    from milcoop.measure.latent_route import Route
    from milcoop.measure.record_panel import PairEvidence, RecordPanel

NEEDS = "the latent model needs {}: pip install 'milcoop[model]'"


class Latent(Estimation):
    """What can be asked of the latent model."""

    def latent(self, assessment: Assessment) -> LatentEstimates | None:
        """What the shipped fit says of a pair; None where none was made from this record, codebook, scale and vintage."""
        versions = self.record.version, self.codebook.rating_version
        return read_bundled_latent(assessment.dyad.id, assessment.scale.id, *versions, self.record.as_of)

    def pair_evidence(self, scale_id: str | None = None) -> list[PairEvidence]:
        """Every searched pair with its assessment over all monitored years."""
        from milcoop.measure.record_panel import PairEvidence

        return [PairEvidence(self.assess(d, scale_id=scale_id), self.coverage(d)) for d in self.searched_dyads()]

    def record_panel(self, scale_id: str | None = None) -> RecordPanel:
        """What the record answers to the latent model."""
        from milcoop.measure.record_panel import make_record_panel

        return make_record_panel(self.pair_evidence(scale_id), self.codebook)

    def fit_latent(self, scale_id: str | None = None, progress: Callable[[str], None] = lambda step: None) -> Route:
        """Fit the model to all searched pairs: a minute or two. Raises MissingExtra without the extra ``model``."""
        try:
            from milcoop.measure.latent_route import fit_route
        except ModuleNotFoundError as error:
            raise MissingExtra(NEEDS.format(error.name)) from None
        return fit_route(self.pair_evidence(scale_id), self.codebook, progress)
