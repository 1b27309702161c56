"""The entries of the codebook: what the words of the record mean. One class a kind of entry; unknown keys are errors."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Entry(BaseModel):
    """Base of all entries: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Labels(Entry):
    """A name in the three languages of the first record."""

    en: str
    ru: str
    zh: str


class FieldSpec(Entry):
    """A field that events may carry: what it says, in which words or unit."""

    id: str
    label: str
    kind: Literal["choice", "list", "number", "text", "date"]
    values: tuple[str, ...] = ()
    """Allowed words; empty for a list or text means any."""
    unit: str = ""
    note: str = ""


class FieldCondition(Entry):
    """Holds of an event when one of the field's coded values is among ``values``."""

    field: str
    values: tuple[str, ...]


class AlsoEvidence(Entry):
    """A further area that an event is evidence for when a field has a value."""

    area: str
    when: FieldCondition


class Family(Entry):
    """A family of events: the first part of a type."""

    id: str
    label: Labels
    definition: str
    includes: str
    excludes: str
    fields: tuple[str, ...]
    also_evidence: tuple[AlsoEvidence, ...] = ()


class TypeSpec(Entry):
    """A type of event below a family."""

    id: str
    label: Labels
    definition: str
    includes: str = ""
    excludes: str = ""
    example: str
    near_miss: str
    areas: tuple[str, ...]
    """Areas that every event of the type is evidence for."""
    standing: Literal["promise", "practice", "neither"]
    """Whether the act promises (text) or does; neither: words about needs, and friction."""

    @property
    def family(self) -> str:
        """Id of the family."""
        return self.id.partition(".")[0]


class StateCodes(Entry):
    """Correlates of War and Gleditsch-Ward codes of a state from one year to another (open end: None)."""

    cow: int
    abbreviation: str
    gw: int
    from_: int = Field(alias="from")
    to: int | None = None


class Also(Entry):
    """Further names by language."""

    en: tuple[str, ...] = ()
    ru: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()


class State(Entry):
    """A state with its codes by year, names and demonyms."""

    iso3: str
    iso2: str
    codes: tuple[StateCodes, ...]
    names: Labels
    also: Also = Also()
    demonyms: Also = Also()
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes of the languages in which its own sources write."""

    @property
    def id(self) -> str:
        """ISO3."""
        return self.iso3

    def codes_in(self, year: int) -> StateCodes | None:
        """Codes valid in a year; None before the state entered the system."""
        return next((c for c in reversed(self.codes) if c.from_ <= year and (c.to is None or year <= c.to)), None)


class Series(Entry):
    """A named series of exercises or operations."""

    id: str
    label: Labels
    members: tuple[str, ...]
    definition: str = ""
    numbered_by: tuple[str, ...] = ()
    """States whose ministry numbers the editions."""
    every: int | None = None
    """Years from one edition to the next by the parties' own plan; None where no rhythm is announced."""
    since: int | None = None
    until: int | None = None


class Mechanism(Entry):
    """A standing mechanism of consultation."""

    id: str
    label: Labels
    members: tuple[str, ...]
    level: Literal["leader", "minister", "chief-of-staff", "deputy-minister", "senior-official", "working-group"]
    definition: str = ""
    every: int | None = None
    """Years from one round to the next by the parties' own word; None where no rhythm is announced."""
    since: int | None = None
    until: int | None = None


class Place(Entry):
    """A place with coordinates as exact as ``precision`` says."""

    id: str
    label: str
    native: str = ""
    country: str | None = None
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    precision: Literal["site", "city", "region", "sea", "country"]
    geonames: int | None = None


class Source(Entry):
    """A publisher and how far it can be relied on (A-F; F cannot be judged), apart from any one report."""

    id: str
    name: str
    native: str = ""
    domains: tuple[str, ...]
    country: str | None = None
    language: str = ""
    ownership: Literal["state", "party", "independent", "unknown"]
    reliability: Literal["A", "B", "C", "D", "E", "F"]
    mirror: bool = False
    """Republishes others' texts; weak alone."""


class CoverageRule(Entry):
    """When a family of events counts as searched for a dyad and year."""

    id: str
    queries_at_least: int
    needs_english: bool
    needs_own_language: bool
    why: str


class FigureName(Entry):
    """A kind of figure: what is measured, in which unit."""

    id: str
    label: str
    definition: str
    unit: str


class TheirType(Entry):
    """A kind of event in another ontology."""

    event: str
    mode: str | None = None
    context: tuple[str, ...] = ()


class Crosswalk(Entry):
    """Another publisher's names and words in ours, or our types in theirs."""

    id: str
    note: str
    states: dict[str, str] = {}
    """Their name of a state -> ISO3."""
    words: tuple[tuple[str, str], ...] = ()
    """(pattern in their word, our word), the first that fits."""
    types: dict[str, TheirType] = {}
    """Our type or family -> their kind of event; a type goes before its family, and what is neither has no counterpart."""
    intent: TheirType | None = None
    """Their kind of event for an act that was only announced."""
    left_out: tuple[str, ...] = ()
    """Statuses that their ontology cannot say."""

    def their_type(self, our_type: str) -> TheirType | None:
        """Their kind for one of our types; None where they have no counterpart."""
        return self.types.get(our_type) or self.types.get(our_type.partition(".")[0])


class ReferenceDyad(Entry):
    """A pair of states that fixes an end of the scale, and the years in which it was searched."""

    id: str
    dyad: tuple[str, str]
    anchors: tuple[int, ...]
    """Years named before any event was searched."""
    tests: str
    """What the pair should show."""
    near_empty: bool = False


class UncertaintyRule(Entry):
    """What the Monte Carlo route redraws, and how much (docs/measurement.md)."""

    id: str
    draws: int
    seed: int
    coding_checked: int
    """Events whose type and status an independent re-check could judge."""
    coding_wrong: int
    """Those of them with a wrong type or status."""
    prior_weight: float
    """Weight of the pair's mean detection in that of a family and decade, in events."""
    rate_years: int
    """Years on either side over which the rate of found events is taken."""
    donor_years: int
    """Years on either side from which a missed event may be copied."""
    rules_moved: float
    """Share of draws in which one threshold or window of an area is moved by one step."""
    why: str


class Grade(Entry):
    """Conditions of one credibility grade."""

    grade: int = Field(ge=1, le=6)
    publishers: int
    """Distinct publishers that are no mirrors and whose reliability is listed."""
    voices: int
    """Distinct pairs of ownership and country among them."""
    reliability: tuple[str, ...]


class CredibilityRule(Entry):
    """How the credibility of an account follows from who gives it."""

    id: str
    why: str
    grades: tuple[Grade, ...]
