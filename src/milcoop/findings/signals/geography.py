"""Distances of places from states: great circles to the nearest point of a state's outline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from milcoop.codebook.entries import Place, State
from milcoop.codebook.outlines import outline_points

RADIUS_KM = 6371.0

Floats = NDArray[np.float64]


class Distances:
    """Kilometres from places to states and between places. A place of the precision of a country has no distance."""

    def __init__(self, places: Iterable[Place], states: Mapping[str, State], outlines: Mapping[str, str]) -> None:
        """``outlines`` names states on the map whose names are not in the codebook."""
        self._places = [p for p in places if p.precision != "country"]
        self._row = {p.id: i for i, p in enumerate(self._places)}
        names = {n: s.id for s in states.values() for n in (*s.also.en, s.names.en)} | dict(outlines)
        self._states, points, starts = _points(tuple(sorted(names.items())))
        self._at = {s: i for i, s in enumerate(self._states)}
        self._vectors = _vectors(np.array([(p.lon, p.lat) for p in self._places]).reshape(-1, 2))
        cosines = self._vectors @ points.T
        self._km = _km(np.maximum.reduceat(cosines, starts, axis=1)) if len(self._places) else np.empty((0, 0))
        for i, place in enumerate(self._places):
            if place.country in self._at:
                self._km[i, self._at[place.country]] = 0

    def to_state(self, place: str | None, state: str) -> float | None:
        """Kilometres to a state's nearest coast or border, 0 inside it; None where place or state is not on the map."""
        if place not in self._row or state not in self._at:
            return None
        return float(self._km[self._row[place], self._at[state]])

    def to_others(self, place: str | None, states: Iterable[str]) -> float | None:
        """Kilometres to the nearest state that is not among ``states``; None where the place is not known."""
        if place not in self._row:
            return None
        inside = [self._at[s] for s in states if s in self._at]
        km = self._km[self._row[place]].copy()
        km[inside] = np.inf
        return float(km.min())

    def near(self, km: float) -> Mapping[str, frozenset[str]]:
        """Place -> places within ``km``, itself included."""
        close = _km(self._vectors @ self._vectors.T) <= km
        ids = [p.id for p in self._places]
        return {ids[i]: frozenset({ids[i], *(ids[j] for j in np.flatnonzero(close[i]))}) for i in range(len(ids))}


@lru_cache(maxsize=2)
def _points(names: tuple[tuple[str, str], ...]) -> tuple[list[str], Floats, NDArray[np.intp]]:
    """States on the map, unit vectors of their points one state after the other, and where each state begins."""
    by_name, by_state = dict(names), dict[str, list[tuple[float, float]]]()
    for name, points in outline_points().items():
        if name in by_name:
            by_state.setdefault(by_name[name], []).extend(points)
    starts = np.cumsum([0, *(len(p) for p in by_state.values())])[:-1]
    return list(by_state), _vectors(np.array([p for points in by_state.values() for p in points])), starts


def _vectors(lon_lat: Floats) -> Floats:
    lon, lat = np.radians(lon_lat[:, 0]), np.radians(lon_lat[:, 1])
    found: Floats = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    return found


def _km(cosines: Floats) -> Floats:
    found: Floats = RADIUS_KM * np.arccos(np.clip(cosines, -1, 1))
    return found
