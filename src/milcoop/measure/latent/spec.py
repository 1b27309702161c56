"""What is to be measured, from which columns, with which priors: the frozen specification of a fit."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveFloat

from milcoop.codebook.entries import Entry

Kind = Literal["binary", "ordered", "count", "continuous"]
Loading = Literal["positive", "free"]


class ItemSpec(Entry):
    """How one item answers to the trait."""

    kind: Kind = "ordered"
    loading: Loading = "positive"
    """``positive``: more trait, higher value. ``free``: either way, as with votes; then something must fix the sign."""
    categories: tuple[float, ...] = ()
    """All answers that were possible, in order, for ordinal items whose answers do not show them all."""


class PriorSpec(Entry):
    """Prior scales. The trait has mean 0 and standard deviation 1 at its start."""

    step_sd: float = Field(0.5, gt=0)
    """Half-normal scale of the standard deviation of a yearly step."""
    within_sd: float = Field(1.0, gt=0)
    """Half-normal scale of the spread of units within their group."""
    loading_sd: float = Field(0.5, gt=0)
    """Spread of log loadings (positive), or of loadings (free: twice this)."""
    cut_sd: float = Field(1.0, gt=0)
    """Standard deviation of items' middle cutpoints around their common mean."""
    severity_sd: float = Field(1.0, gt=0)
    """Half-normal scale of the spread of raters' severities; the spread itself with fewer than eight raters."""
    reliability_sd: float = Field(0.5, gt=0)
    """The same for raters' log reliabilities."""
    degrees: float = Field(4.0, gt=0)
    """Degrees of freedom of heavy-tailed steps."""


class SamplerSpec(Entry):
    """Length of the run."""

    chains: int = Field(16, ge=2, le=256)
    warmup: int = Field(300, ge=50)
    draws: int = Field(600, ge=50)
    thin: int = Field(1, ge=1)
    """Moves from one draw to the next."""
    longest: int = Field(16, ge=1)
    """Most moves between draws: a run that fails its gates on mixing is followed by one four times as long, up to this."""
    seed: int = 20261122


class GateSpec(Entry):
    """What a fit must pass to be printed as established."""

    rhat: float = Field(1.01, gt=1)
    """Largest split, rank-normalised R-hat of any estimate."""
    ess: float = Field(400.0, ge=0)
    """Smallest bulk effective sample size of any estimate."""
    divergences: float = Field(0.001, ge=0, le=1)
    """Largest share of moves whose energy goes astray."""
    ppc: float = Field(0.01, ge=0, le=1)
    """Smallest posterior predictive tail probability, times the number of checks of its kind."""


class MeasureSpec(Entry):
    """A whole specification. Column names are those of the data file."""

    id: str
    unit: str
    """Column of the thing measured."""
    time: str | None = None
    """Column of whole years, terms or waves; needed for a random walk."""
    group: str | None = None
    """Column of what units belong to (sentences to a text, areas to a pair); groups are then estimated too, as walks of their
    own around which their units walk where the panel walks."""
    item: str | None = None
    """Column of the item in a long file; None: each key of ``items`` is a column of a wide file."""
    value: str | None = None
    """Column of the answer in a long file."""
    rater: str | None = None
    """Column of the rater, where there are several."""
    exposure: str | None = None
    """Column of what a count is proportional to (found share, months, pages)."""
    default: ItemSpec = ItemSpec()
    """What holds for items that are not named in ``items``."""
    items: dict[str, ItemSpec] = Field(default_factory=dict)
    recode: dict[str, float] = Field(default_factory=dict)
    """Value as written -> number; a value that is neither a number nor here is an error."""
    missing: tuple[str, ...] = ("", "NA", "NaN", ".")
    """Values that mean no answer."""
    dynamics: Literal["static", "random-walk"] = "static"
    steps: Literal["normal", "student"] = "normal"
    start: dict[str, tuple[float, PositiveFloat]] = Field(default_factory=dict)
    """Unit -> prior mean and standard deviation of its first state; anchors fix place and sign."""
    step: float | None = Field(None, gt=0)
    """Standard deviation of a step where it is known; None: estimated."""
    reliability: bool = True
    """Whether raters differ in reliability beside severity."""
    orient: str | None = None
    """Unit that stands on the high side, where all loadings are free and no start prior fixes the sign."""
    priors: PriorSpec = PriorSpec()
    sampler: SamplerSpec = SamplerSpec()
    gates: GateSpec = GateSpec()
