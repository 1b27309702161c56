"""Regions: inside and outside, edges, the antimeridian, vague places, names; the bundled polygons are sound."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise
from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from milcoop.codebook.entries import Place
from milcoop.codebook.loader import Codebook, load_codebook
from milcoop.codebook.watch_rule import Circle, Region, Water
from milcoop.domain.event import Event, FieldValue
from milcoop.findings.watch.geometry import DEGREE_KM, INSIDE, OUTSIDE, UNDECIDED, Shape, great_circle_km
from milcoop.findings.watch.places import Geography
from tests.findings.watch_acts import act

BOOK = load_codebook()


def region(**more: object) -> Region:
    base = {"id": "box", "label": "Box", "edge_km": 0, "source": "test", "edge": "test"}
    return Region.model_validate(base | more)


def test_a_region_has_one_shape() -> None:
    with pytest.raises(ValidationError, match="one of 'polygon', 'circle' and 'north_of'"):
        region(polygon=[[0, 0], [0, 1], [1, 1]], north_of=5)
    with pytest.raises(ValidationError, match="at least three corners"):
        region(polygon=[[0, 0], [0, 1]])
    with pytest.raises(ValidationError):
        region(polygon=[[0, 0], [0, 181], [1, 1]])


def test_distance_to_the_edge_of_a_box() -> None:
    box = Shape(region(polygon=[[0, 10], [0, 20], [10, 20], [10, 10]]))
    assert box.inside_km(1, 15) == pytest.approx(DEGREE_KM)
    assert box.inside_km(-1, 15) == pytest.approx(-DEGREE_KM)
    assert box.inside_km(5, 19) == pytest.approx(DEGREE_KM * cos(radians(5)))
    assert box.inside_km(-3, 24) == pytest.approx(-DEGREE_KM * (9 + (4 * cos(radians(3))) ** 2) ** 0.5)
    assert pytest.approx(111.195, abs=1e-3) == DEGREE_KM


@pytest.mark.parametrize("corners", [[[50, 170], [50, -170], [60, -170], [60, 170]], [[60, 170], [60, -170], [50, -170], [50, 170]]])  # fmt: skip
def test_a_ring_across_the_antimeridian(corners: list[list[float]]) -> None:
    box = Shape(region(polygon=corners))
    for lon in (170.1, 179.999, 180, -180, -179.999, -170.1):
        assert box.inside_km(55, lon) > 0, lon
    for lon in (169.9, -169.9, 0, 90, -90):
        assert box.inside_km(55, lon) < 0, lon
    assert box.inside_km(55, 180) == pytest.approx(5 * DEGREE_KM, rel=1e-3)


def test_circle_and_parallel() -> None:
    ring = Shape(region(circle={"centre": [0, 179.5], "radius_km": 200}))
    assert ring.inside_km(0, -179.5) == pytest.approx(200 - DEGREE_KM)
    assert ring.inside_km(2, 179.5) == pytest.approx(200 - 2 * DEGREE_KM)
    north = Shape(region(north_of=66))
    assert (north.inside_km(90, 0), north.inside_km(65, 179)) == (
        pytest.approx(24 * DEGREE_KM),
        pytest.approx(-DEGREE_KM),
    )


def test_great_circles_bend_towards_the_pole_save_along_a_parallel() -> None:
    corners = [[50, 0], [52, 60], [40, 60], [40, 0]]
    straight, great = (Shape(region(polygon=corners, edges=e)) for e in ("straight", "great-circle"))
    assert straight.inside_km(53, 30) < 0 < great.inside_km(53, 30)
    assert great.inside_km(39.9, 30) < 0 < great.inside_km(40.1, 30)  # the parallel of 40 stays one
    assert max(lat for _, lat in great.ring) > 54


@given(st.floats(-60, 60), st.floats(-180, 180), st.floats(50, 800))
def test_points_of_an_outline_lie_on_the_edge(lat: float, lon: float, radius: float) -> None:
    shape = Shape(region(circle={"centre": [lat, lon], "radius_km": radius}))
    for x, y in shape.outline:
        assert -180 <= x <= 180
        assert shape.inside_km(y, x) == pytest.approx(0, abs=1e-3)


def cross(a: tuple, b: tuple, c: tuple, d: tuple) -> bool:  # type: ignore[type-arg]
    def side(p: tuple, q: tuple, r: tuple) -> float:  # type: ignore[type-arg]
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


@pytest.mark.parametrize("entry", [r for r in BOOK.regions.values() if r.polygon], ids=lambda r: r.id)
def test_bundled_rings_do_not_cross_themselves(entry: Region) -> None:
    ring = Shape(entry).ring
    assert ring[0] == pytest.approx(ring[-1])
    edges = list(pairwise(ring))
    assert not [1 for (a, b), (c, d) in combinations(edges, 2) if cross(a, b, c, d)]


INSIDE_OF = {
    "giuk-gap": [(63.5, -9.0), (67.0, -26.0), (61.0, -3.0)],
    "baltic": [(58.0, 20.0), (60.0, 26.0), (63.5, 20.9), (55.0, 15.0)],
    "mediterranean": [(36.0, -3.0), (43.0, 15.5), (38.5, 25.0), (34.0, 33.0), (33.0, 18.0), (40.0, 12.0)],
    "arctic": [(70.0, -168.0), (75.0, 40.0), (90.0, 0.0)],
    "alaska": [(61.2, -149.9), (52.0, 178.0), (58.0, -172.0), (70.0, -160.0), (57.0, -137.0)],
    "guam": [(13.45, 144.8), (16.0, 146.0)],
    "japan": [(35.7, 139.7), (26.3, 127.8), (43.0, 141.3), (34.3, 129.4), (38.0, 135.0)],
    "taiwan": [(24.5, 119.6), (23.0, 121.5), (25.5, 122.5)],
    "south-china-sea": [(15.0, 115.0), (10.0, 114.2), (20.0, 107.5), (5.0, 110.0), (22.0, 118.0)],
}
OUTSIDE_OF = {
    "giuk-gap": [(70.0, 5.0), (57.0, 2.0), (50.0, -30.0), (55.9, -4.3)],
    "baltic": [(57.5, 11.0), (59.3, 10.5), (52.5, 13.4), (56.0, 3.0)],
    "mediterranean": [(36.0, -8.0), (43.0, 34.0), (30.0, 32.5), (48.9, 2.3), (46.9, 7.4)],
    "arctic": [(65.0, -168.0), (60.0, 20.0)],
    "alaska": [(53.0, 158.6), (49.3, -123.0), (45.0, 180.0), (64.7, 177.5)],
    "guam": [(20.0, 145.0), (13.5, 149.5), (35.0, 139.0)],
    "japan": [(37.5, 127.0), (43.1, 131.9), (31.2, 121.5), (47.0, 142.7), (25.0, 121.5)],
    "taiwan": [(26.1, 119.3), (22.3, 114.2), (24.4, 124.2), (18.0, 121.0), (24.5, 117.7)],
    "south-china-sea": [
        (14.6, 121.0),
        (1.35, 106.0 - 3.5),
        (10.0, 101.0),
        (23.1, 113.3 - 1.5),
        (25.0, 125.0),
        (8.0, 120.0),
    ],
}


@pytest.mark.parametrize("name", BOOK.regions)
def test_known_points_of_bundled_regions(name: str) -> None:
    shape = Shape(BOOK.regions[name])
    assert [p for p in INSIDE_OF[name] if shape.inside_km(*p) <= 0] == []
    assert [p for p in OUTSIDE_OF[name] if shape.inside_km(*p) >= 0] == []


def book_with(**places: Place) -> Codebook:
    box = region(polygon=[[0, 10], [0, 20], [10, 20], [10, 10]], names=["Box Sea"], partly=["Big Ocean"], zone_of="JPN")
    return replace(BOOK, regions={"box": box}, places={p.id: p for p in places.values()})


def place(name: str, lat: float, lon: float, precision: str) -> Place:
    return Place.model_validate({"id": name, "label": f"At {name}", "lat": lat, "lon": lon, "precision": precision})


@pytest.mark.parametrize(
    ("precision", "km", "found"),
    [
        ("site", 0.5, INSIDE), ("site", -0.5, OUTSIDE),
        ("city", 30, INSIDE), ("city", 20, UNDECIDED), ("city", -20, UNDECIDED), ("city", -30, OUTSIDE),
        ("sea", 310, INSIDE), ("sea", 290, UNDECIDED), ("sea", -290, UNDECIDED), ("sea", -310, OUTSIDE),
        ("country", 500, UNDECIDED), ("country", -900, UNDECIDED), ("country", -1100, OUTSIDE),
    ],
)  # fmt: skip
def test_a_place_is_as_exact_as_its_precision(precision: str, km: float, found: str) -> None:
    book = book_with(p=place("p", km / DEGREE_KM, 15, precision))
    where, why = Geography(book).locate(act(place="p"), "box")
    assert where == found
    assert ("place too vague" in why) == (found == UNDECIDED)


def test_names_zones_and_missing_places() -> None:
    book = book_with(far=place("far", -60, -100, "sea"), near=place("near", 1, 15, "sea"))
    where = Geography(book).locate
    said = {"area": (FieldValue("patrol in the box-sea"),)}
    entered = {"adiz_entered": (FieldValue("JPN"),)}
    assert where(act(fields=said), "box") == (INSIDE, "named: Box Sea")
    assert where(act(fields={"area": (FieldValue("boxes"),)}), "box") == (UNDECIDED, "no place")
    assert where(act(fields={"area": (FieldValue("big ocean"),)}, place="far"), "box")[0] == UNDECIDED
    assert where(act(place="far"), "box") == (OUTSIDE, "")
    assert where(act(place="near"), "box")[0] == UNDECIDED
    assert where(act(place="near", fields=entered), "box")[0] == INSIDE
    assert where(act(place="far", fields=entered), "box") == (OUTSIDE, "")
    assert where(act(), "box") == (UNDECIDED, "no place")
    assert where(act(fields={"partner_territory": (FieldValue("yes"),)}), "box") == (OUTSIDE, "")


BOX = [[0, 10], [0, 20], [10, 20], [10, 10]]
DATELINE = [[50, 170], [50, -170], [60, -170], [60, 170]]


@pytest.mark.parametrize(
    ("shape", "area", "found"),
    [
        ({"polygon": BOX}, [(1, 11), (1, 19), (9, 15)], INSIDE),
        ({"polygon": BOX}, [(1, 21), (1, 29), (9, 25)], OUTSIDE),
        ({"polygon": BOX}, [(1, 15), (1, 29), (9, 25)], UNDECIDED),
        ({"polygon": BOX}, [(-5, 0), (-5, 40), (50, 15)], UNDECIDED),  # holds the region
        ({"polygon": BOX}, [(4, 5), (4, 25), (6, 25), (6, 5)], UNDECIDED),  # crosses it, no corner in the other
        ({"polygon": DATELINE}, [(52, 178), (52, -178), (58, 180)], INSIDE),
        ({"polygon": DATELINE}, [(52, -175), (52, -160), (58, -160)], UNDECIDED),
        ({"polygon": DATELINE}, [(52, -165), (52, -160), (58, -160)], OUTSIDE),
        ({"circle": {"centre": [0, 179.5], "radius_km": 200}}, [(0.1, -179.6), (-0.1, -179.6), (0, 179.6)], INSIDE),
        ({"circle": {"centre": [0, 179.5], "radius_km": 200}}, [(0.1, -179.6), (-0.1, -179.6), (0, -170)], UNDECIDED),
        ({"north_of": 66}, [(66, 0), (70, 10), (70, 0)], INSIDE),
        ({"north_of": 66}, [(65, 0), (70, 10), (70, 0)], UNDECIDED),
        ({"north_of": 66}, [(65, 0), (60, 10), (60, 0)], OUTSIDE),
    ],
)
def test_where_an_area_lies(shape: dict[str, object], area: list[tuple[float, float]], found: str) -> None:
    assert Shape(region(**shape)).relation(area) == found
    assert Shape(region(**shape)).relation(area[::-1]) == found


@given(st.floats(-40, 40), st.floats(-180, 180), st.floats(0.5, 15))
def test_an_area_said_to_be_inside_or_outside_is_so_at_every_corner(lat: float, lon: float, size: float) -> None:
    shape = Shape(region(polygon=[[-20, 160], [-20, -160], [25, -170], [10, 170]]))
    corners = [(lat - size, lon), (lat, (lon + size + 180) % 360 - 180), (lat + size, lon)]
    signs = {shape.inside_km(*c) > 0 for c in corners}
    assert shape.relation(corners) == UNDECIDED or signs == {shape.relation(corners) == INSIDE}


def water(name: str, *corners: tuple[float, float]) -> Water:
    return Water.model_validate({"id": name.casefold(), "names": [f"{name} Sea"], "polygon": corners, "source": "test"})


def test_a_named_water_counts_as_far_as_its_bounds() -> None:
    seas = [water("In", (1, 11), (1, 19), (9, 15)), water("Far", (1, 31), (1, 39), (9, 35)), water("Half", (1, 15), (1, 29), (9, 25))]  # fmt: skip
    named = Place.model_validate({"id": "p", "label": "Far Sea", "lat": 0.1, "lon": 15, "precision": "sea"})
    more = named.model_copy(update={"id": "q", "label": "Port and Far Sea"})
    book = replace(book_with(p=named, q=more), waters={w.id: w for w in seas})
    where = Geography(book).locate

    def areas(*texts: str) -> Event:
        return act(fields={"area": tuple(FieldValue(t) for t in texts)})

    assert where(areas("far-sea"), "box") == (OUTSIDE, "")
    assert where(areas("half-sea"), "box") == (UNDECIDED, "place too vague: Half Sea")
    assert where(areas("far-sea", "half-sea"), "box")[0] == UNDECIDED
    assert where(areas("half-sea and far-sea", "in-sea"), "box") == (INSIDE, "named: In Sea")
    assert where(act(place="p"), "box") == (OUTSIDE, "")  # the bare name of a water: its bounds, not its point
    assert where(act(place="q"), "box")[0] == UNDECIDED  # the name says more: the point near the edge counts too
    assert where(act(title="Drill in the In Sea"), "box")[0] == INSIDE  # the title, where nothing else is said
    assert where(act(title="Drill in the In Sea", place="p"), "box")[0] == OUTSIDE


def test_a_zone_tells_a_region_only_where_the_state_has_no_other_that_it_may_have_been() -> None:
    other = region(id="other", polygon=[[0, 30], [0, 40], [10, 40], [10, 30]], zone_of="JPN")
    seas = [water("Half", (1, 15), (1, 29), (9, 25)), water("Wide", (1, 15), (1, 35), (9, 25))]
    book = book_with()
    book = replace(book, regions=book.regions | {"other": other}, waters={w.id: w for w in seas})
    entered = {"adiz_entered": (FieldValue("JPN"),)}
    for sea, found in (("half-sea", INSIDE), ("wide-sea", UNDECIDED)):
        assert Geography(book).locate(act(fields=entered | {"area": (FieldValue(sea),)}), "box")[0] == found


def test_bundled_waters_agree_with_the_names_of_regions() -> None:
    for entry in BOOK.regions.values():
        shape = Shape(entry)
        for sea in BOOK.waters.values():
            if set(sea.names) & set(entry.names):
                assert shape.relation(sea.polygon) != OUTSIDE, (entry.id, sea.id)
            assert not set(sea.names) & set(entry.partly), (entry.id, sea.id)
    where = {(w, r): Shape(BOOK.regions[r]).relation(BOOK.waters[w].polygon) for w in BOOK.waters for r in BOOK.regions}
    assert {w for w, r in where if r == "taiwan" and where[w, r] != OUTSIDE} == {
        "east-china-sea",
        "south-china-sea",
        "philippine-sea",
    }
    assert {w for w, r in where if r == "guam" and where[w, r] != OUTSIDE} == {"philippine-sea"}
    assert {r for w, r in where if w == "indian-ocean" and where[w, r] != OUTSIDE} == set()
    assert where["east-china-sea", "south-china-sea"] == where["philippine-sea", "south-china-sea"] == OUTSIDE
    assert where["chukchi-sea", "arctic"] == where["beaufort-sea", "arctic"] == INSIDE


def test_twice_the_distances_make_more_undecided() -> None:
    book = book_with(p=place("p", 30 / DEGREE_KM, 15, "city"))
    geography = Geography(book)
    assert geography.locate(act(place="p"), "box")[0] == INSIDE
    assert geography.moved(2).locate(act(place="p"), "box")[0] == UNDECIDED


def test_a_patrol_of_the_record_in_the_zone_of_one_region_and_far_from_the_other() -> None:
    """The worked example of docs/watch.md."""
    bering: Event = act(
        place="bering-sea", fields={"adiz_entered": (FieldValue("USA"),), "area": (FieldValue("bering-sea"),)}
    )
    where = Geography(BOOK).locate
    assert Shape(BOOK.regions["alaska"]).inside_km(60, -178) == pytest.approx(95, abs=20)
    assert where(bering, "alaska")[0] == INSIDE
    assert where(bering, "guam")[0] == OUTSIDE
    assert where(replace(bering, fields={}), "alaska")[0] == UNDECIDED


def test_distance_on_the_sphere() -> None:
    assert great_circle_km((0, 179), (0, -179)) == pytest.approx(2 * DEGREE_KM)
    assert Circle(centre=(0.0, 0.0), radius_km=1).radius_km == 1
