"""The municipality's neighbourhoods, from the operator's own file, as shapes that a page draws. Nothing is asked of
anybody else's map.

The file is GeoJSON (RFC 7946): a FeatureCollection of polygons, each with a `name` among its properties.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, MARGIN = 320.0, 240.0, 4.0
"""Of the drawing: every map has this shape, whatever the municipality's is."""
NEAREST = 0.6
"""Points nearer to each other than this are drawn as one."""
MOST = 60
LONGEST_NAME = 50
Point = tuple[float, float]


@dataclass(frozen=True)
class Area:
    """A neighbourhood: its name, and the path that draws it in a box of WIDTH by HEIGHT."""

    name: str
    path: str


def areas_in(path: str) -> tuple[Area, ...]:
    """The neighbourhoods of a file, in the order of their names; no path, no neighbourhoods."""
    if not path:
        return ()
    file = Path(path)
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(file: Path, _changed: int) -> tuple[Area, ...]:
    told = json.loads(file.read_text(encoding="utf-8-sig"))
    shapes = {name: rings for name, rings in _shapes(told) if rings}
    return tuple(Area(name, path) for name, path in sorted(drawn(shapes).items()))[:MOST]


def _shapes(told: dict[str, Any]) -> Iterator[tuple[str, list[list[Point]]]]:
    for feature in told["features"]:
        name = " ".join(str((feature.get("properties") or {}).get("name", "")).split())[:LONGEST_NAME]
        shape = feature.get("geometry") or {}
        drawn_as: list[Any] = shape.get("coordinates") or []
        polygons = drawn_as if shape.get("type") == "MultiPolygon" else [drawn_as]
        rings = [ring for polygon in polygons for ring in polygon]
        if name:
            yield name, [[(float(point[0]), float(point[1])) for point in ring] for ring in rings]


def drawn(shapes: dict[str, list[list[Point]]]) -> dict[str, str]:
    """The path of each shape, all on one scale: degrees made as wide as they are at the middle's latitude."""
    points = [point for rings in shapes.values() for ring in rings for point in ring]
    if not points:
        return {}
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * squeeze, 1e-9), max(north - south, 1e-9)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    left, top = (WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2

    def placed(ring: Iterable[Point]) -> list[Point]:
        return [(left + (x - west) * squeeze * scale, top + (north - y) * scale) for x, y in ring]

    return {name: "".join(_path(placed(ring)) for ring in rings) for name, rings in shapes.items()}


def _path(ring: Sequence[Point]) -> str:
    kept: list[Point] = []
    for point in ring:
        if not kept or math.dist(kept[-1], point) >= NEAREST:
            kept.append(point)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept) + "Z"


def joined(place: str, area: str) -> str:
    """What was typed and what was chosen, as one place: `Kerkstraat, Centrum`."""
    return ", ".join(dict.fromkeys(part for part in (place, area) if part))


def counted(places: Iterable[tuple[str, int]], areas: Sequence[Area]) -> dict[str, int]:
    """How many ideas lie in each area: those whose place is its name, or ends with it."""
    names = {area.name.casefold(): area.name for area in areas}
    found: Counter[str] = Counter()
    for place, number in places:
        name = names.get(place.rpartition(",")[2].strip().casefold())
        if name is not None:
            found[name] += number
    return dict(found)
