"""Whether an act took place in a region, as far as its sources say where it was."""

from __future__ import annotations

import re
from functools import cached_property

from milcoop.codebook.loader import Codebook
from milcoop.codebook.watch_rule import Region
from milcoop.domain.event import Event
from milcoop.findings.watch.geometry import Shape

INSIDE, OUTSIDE, UNDECIDED = "inside", "outside", "undecided"
Located = tuple[str, str]
"""(inside, outside or undecided; why)"""


class Geography:
    """Regions and places of a codebook; ``distance`` multiplies how far acts may be from their places."""

    def __init__(self, codebook: Codebook, distance: float = 1.0) -> None:
        self._codebook = codebook
        self._reach = {p: km * distance for p, km in codebook.watch["watch"].place_km.items()}
        self._inside_km: dict[tuple[str, str], float] = {}
        self._named: dict[tuple[str, str], tuple[str, str]] = {}
        self._located: dict[tuple[int, str], tuple[Event, Located]] = {}

    @property
    def regions(self) -> dict[str, Region]:
        """All regions by id."""
        return self._codebook.regions

    def moved(self, distance: float) -> Geography:
        """The same with other distances; what was measured is kept."""
        other = Geography(self._codebook, distance)
        other._inside_km, other._named = self._inside_km, self._named
        return other

    def locate(self, event: Event, region_id: str) -> Located:
        """Inside, outside or undecided, with why (docs/watch.md, places and edges)."""
        key = id(event), region_id
        if key not in self._located:
            self._located[key] = event, self._locate(event, region_id)
        return self._located[key][1]

    def _locate(self, event: Event, region_id: str) -> Located:
        region, place = self.regions[region_id], self._codebook.places.get(event.place or "")
        text = " ; ".join([*event.values("area"), *([place.label] if place else [])])
        wholly, partly = self._names(text, region)
        if wholly:
            return INSIDE, f"named: {wholly}"
        at = self._point(event, region_id)
        if at == INSIDE:
            return INSIDE, f"place: {place.label}" if place else ""
        if at != OUTSIDE and region.zone_of in event.values("adiz_entered") and self._tells(region, at):
            return INSIDE, f"air defence zone of {region.zone_of} entered"
        if partly:
            return UNDECIDED, f"place too vague: {partly}"
        if at == UNDECIDED and place:
            return UNDECIDED, f"place too vague: {place.label}, known to the {place.precision}"
        if at == OUTSIDE or self._elsewhere(event, region):
            return OUTSIDE, ""
        return UNDECIDED, "no place"

    @staticmethod
    def _elsewhere(event: Event, region: Region) -> bool:
        """Whether an act without a place was on the soil of one taking part, and the region concerns none of them."""
        return "yes" in event.values("partner_territory") and not set(event.participants) & set(region.concerns)

    def _tells(self, region: Region, at: str) -> bool:
        """Whether a state's zone is this region: it is its only one, or the act's place may lie in it."""
        return at == UNDECIDED or sum(r.zone_of == region.zone_of for r in self.regions.values()) == 1

    def _point(self, event: Event, region_id: str) -> str:
        """Where the act's place stands to the edge; empty without a place."""
        place = self._codebook.places.get(event.place or "")
        if place is None:
            return ""
        key = place.id, region_id
        if key not in self._inside_km:
            self._inside_km[key] = self._shapes[region_id].inside_km(place.lat, place.lon)
        km, reach = self._inside_km[key], self._reach[place.precision]
        if km > reach:
            return INSIDE
        return OUTSIDE if km < -reach or (km <= 0 and reach == 0) else UNDECIDED

    @cached_property
    def _shapes(self) -> dict[str, Shape]:
        return {i: Shape(r) for i, r in self.regions.items()}

    def _names(self, text: str, region: Region) -> tuple[str, str]:
        """The first water named that lies wholly in a region, and the first that lies there in part."""
        key = text, region.id
        if key not in self._named:
            words = f" {_plain(text)} "
            hit = [next((n for n in names if f" {_plain(n)} " in words), "") for names in (region.names, region.partly)]
            self._named[key] = hit[0], hit[1]
        return self._named[key]


def _plain(text: str) -> str:
    """Lower-case words with single spaces."""
    return " ".join(re.findall(r"\w+", text.casefold()))
