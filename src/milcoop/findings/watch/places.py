"""Whether an act took place in a region, as far as its sources say where it was."""

from __future__ import annotations

import re
from functools import cached_property

from milcoop.codebook.entries import Place
from milcoop.codebook.loader import Codebook
from milcoop.codebook.watch_rule import Region, Water
from milcoop.domain.event import Event
from milcoop.findings.watch.geometry import INSIDE, OUTSIDE, UNDECIDED, Shape

Located = tuple[str, str]
"""(inside, outside or undecided; why)"""


class Geography:
    """Regions and places of a codebook; ``distance`` multiplies how far acts may be from their places."""

    def __init__(self, codebook: Codebook, distance: float = 1.0) -> None:
        self._codebook = codebook
        self._reach = {p: km * distance for p, km in codebook.watch["watch"].place_km.items()}
        self._inside_km: dict[tuple[str, str], float] = {}
        self._named: dict[tuple[str, str], Located] = {}
        self._relations: dict[tuple[str, str], str] = {}
        self._located: dict[tuple[int, str], tuple[Event, Located]] = {}

    @property
    def regions(self) -> dict[str, Region]:
        """All regions by id."""
        return self._codebook.regions

    def moved(self, distance: float) -> Geography:
        """The same with other distances; what was measured is kept."""
        other = Geography(self._codebook, distance)
        other._inside_km, other._named, other._relations = self._inside_km, self._named, self._relations
        return other

    def locate(self, event: Event, region_id: str) -> Located:
        """Inside, outside or undecided, with why (docs/watch.md, places and edges)."""
        key = id(event), region_id
        if key not in self._located:
            self._located[key] = event, self._locate(event, region_id)
        return self._located[key][1]

    def _locate(self, event: Event, region_id: str) -> Located:
        region = self.regions[region_id]
        where, why = self._placed(event, region)
        entered = region.zone_of in event.values("adiz_entered")
        if where in (UNDECIDED, "") and entered and self._tells(event, region):
            return INSIDE, f"air defence zone of {region.zone_of} entered"
        if where:
            return where, why
        return (OUTSIDE, "") if self._elsewhere(event, region) else (UNDECIDED, "no place")

    def _placed(self, event: Event, region: Region) -> Located:
        """What its areas and its place say together, its title where it has neither; empty where they say nothing."""
        place = self._codebook.places.get(event.place or "")
        texts = event.values("area") or (() if place else (event.title,))
        said = [self._of_text(text, region) for text in texts] + ([self._of_place(place, region)] if place else [])
        return next((s for wanted in (INSIDE, UNDECIDED, OUTSIDE) for s in said if s[0] == wanted), ("", ""))

    @staticmethod
    def _elsewhere(event: Event, region: Region) -> bool:
        """Whether an act without a place was on the soil of one taking part, and the region concerns none of them."""
        return "yes" in event.values("partner_territory") and not set(event.participants) & set(region.concerns)

    def _tells(self, event: Event, region: Region) -> bool:
        """Whether a state's zone is this region: the act was clearly in none of its others."""
        others = [r for r in self.regions.values() if r.zone_of == region.zone_of and r.id != region.id]
        return all(self._placed(event, r)[0] == OUTSIDE for r in others)

    def _of_text(self, text: str, region: Region) -> Located:
        """By the waters that a text names; empty where it names none that is known."""
        key = text, region.id
        if key not in self._named:
            words = f" {_plain(text)} "
            found = [(INSIDE, f"named: {n}") for n in region.names if f" {_plain(n)} " in words]
            found += [(UNDECIDED, f"place too vague: {n}") for n in region.partly if f" {_plain(n)} " in words]
            for water in self._codebook.waters.values():
                name = next((n for n in water.names if f" {_plain(n)} " in words), "")
                if name:
                    found.append(self._of_water(water, name, region))
            self._named[key] = next((f for wanted in (INSIDE, UNDECIDED, OUTSIDE) for f in found if f[0] == wanted), ("", ""))  # fmt: skip
        return self._named[key]

    def _of_water(self, water: Water, name: str, region: Region) -> Located:
        """By where a water's outer bound lies."""
        key = water.id, region.id
        if key not in self._relations:
            self._relations[key] = self._shapes[region.id].relation(water.polygon)
        where = self._relations[key]
        return where, {INSIDE: f"named: {name}", UNDECIDED: f"place too vague: {name}", OUTSIDE: ""}[where]

    def _of_place(self, place: Place, region: Region) -> Located:
        """By the waters in its name and by its point, the surer inside first; a bare name of a water by its bounds alone."""
        named = self._of_text(place.label, region)
        if named[0] == INSIDE or (named[0] and _plain(place.label) in self._bare):
            return named
        km, reach = self._distance(place, region), self._reach[place.precision]
        if km > reach:
            return INSIDE, f"place: {place.label}"
        if named[0] == UNDECIDED:
            return named
        if km < -reach or (km <= 0 and reach == 0):
            return OUTSIDE, ""
        return UNDECIDED, f"place too vague: {place.label}, known to the {place.precision}"

    def _distance(self, place: Place, region: Region) -> float:
        key = place.id, region.id
        if key not in self._inside_km:
            self._inside_km[key] = self._shapes[region.id].inside_km(place.lat, place.lon)
        return self._inside_km[key]

    @cached_property
    def _bare(self) -> frozenset[str]:
        """All names of waters, as plain words."""
        lists = [w.names for w in self._codebook.waters.values()] + [
            (*r.names, *r.partly) for r in self.regions.values()
        ]
        return frozenset(_plain(n) for names in lists for n in names)

    @cached_property
    def _shapes(self) -> dict[str, Shape]:
        return {i: Shape(r) for i, r in self.regions.items()}


def _plain(text: str) -> str:
    """Lower-case words with single spaces."""
    return " ".join(re.findall(r"\w+", text.casefold()))
