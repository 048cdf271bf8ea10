"""The operator's neighbourhoods, drawn by ourselves: chosen with a list of buttons, counted on a map."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from litestar import Litestar
from sqlalchemy import select

from consultations import neighbourhoods, ways
from consultations.models import Consultation, Idea
from consultations.states import IdeaState
from consultations.ways import Ways
from kernel.db import Database
from kernel.settings import SettingsError, read_settings
from klankbord.demo.sample import NEIGHBOURHOODS
from tests.builders import a_consultation, a_person, an_idea
from tests.moments import NOON
from tests.visitor import Visitor

SQUARE = [[[5.0, 52.0], [5.1, 52.0], [5.1, 52.1], [5.0, 52.1], [5.0, 52.0]]]


def a_map(folder: Path, *, names: tuple[str, ...] = ("Noord", "Zuid"), kind: str = "Polygon") -> str:
    """A file as an operator gives it."""
    shape = {"type": kind, "coordinates": SQUARE if kind == "Polygon" else [SQUARE]}
    features = [{"type": "Feature", "properties": {"name": name}, "geometry": shape} for name in names]
    file = folder / "buurten.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return str(file)


@pytest.fixture
async def consultation(database: Database, app: Litestar, tmp_path: Path) -> Consultation:
    """With a map, on a site whose operator gave one."""
    app.state.settings = replace(app.state.settings, neighbourhoods=a_map(tmp_path))
    async with database.write() as tx:
        made = await a_consultation(tx, slug="buurten")
        chooser = await a_person(tx)
        await ways.choose(tx, consultation=made, ways=Ways(has_map=True), actor_id=chooser.id, now=NOON)
        return made


def test_shapes_keep_their_proportions_in_the_box() -> None:
    [path] = neighbourhoods.drawn(
        {"Noord": [[(5.0, 52.0), (5.1, 52.0), (5.1, 52.1), (5.0, 52.1), (5.0, 52.0)]]}
    ).values()

    corners = [tuple(map(float, one.split())) for one in path.removeprefix("M").removesuffix("Z").split("L")]
    wide = max(x for x, _ in corners) - min(x for x, _ in corners)
    high = max(y for _, y in corners) - min(y for _, y in corners)
    assert (round(high), round(wide / high, 2)) == (232, 0.61)  # a degree eastward is shorter up here
    assert corners[0] == min(corners[:4], key=lambda corner: (corner[0], -corner[1]))  # north is up


@pytest.mark.parametrize("kind", ["Polygon", "MultiPolygon"])
def test_a_file_is_read_in_the_order_of_names(tmp_path: Path, kind: str) -> None:
    found = neighbourhoods.areas_in(a_map(tmp_path, names=("Zuid", "Noord"), kind=kind))

    assert [area.name for area in found] == ["Noord", "Zuid"]
    assert neighbourhoods.areas_in("") == ()


def test_the_sample_has_a_map_of_its_own() -> None:
    assert len(neighbourhoods.areas_in(str(NEIGHBOURHOODS))) == 8


@pytest.mark.parametrize("told", ["", "[]", '{"features": []}', '{"features": [{"properties": {}}]}', "geen"])
def test_a_file_that_is_no_map_is_refused_in_a_sentence(tmp_path: Path, told: str) -> None:
    file = tmp_path / "kaart.geojson"
    file.write_text(told, encoding="utf-8")

    with pytest.raises(SettingsError) as refused:
        read_settings({"KLANKBORD_MODE": "demo", "KLANKBORD_NEIGHBOURHOODS": str(file)})
    [problem] = refused.value.problems
    assert problem.startswith("KLANKBORD_NEIGHBOURHOODS")


def test_ideas_are_counted_where_their_place_ends() -> None:
    areas = [neighbourhoods.Area("Noord", ""), neighbourhoods.Area("Zuid", "")]
    places = [("Noord", 2), ("Kerkstraat, noord", 1), ("Noordlaan", 5), ("", 9), ("Zuid, bij de brug", 3)]

    assert neighbourhoods.counted(places, areas) == {"Noord": 3}


async def test_what_is_chosen_on_the_map_stands_with_the_idea(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await visitor.open("/consultations/buurten/ideas/new")
    assert visitor.text.count("map-shape") == 2
    await visitor.press("Verstuur", body="Een bankje bij de kerk.", email="geen", place="Kerkstraat", area="Noord")
    assert visitor.status == 422
    [form] = [form for form in visitor.forms if "area" in form.fields]
    assert form.fields["area"] == ["Noord"]
    await visitor.press("Verstuur", email="a@waterveen.example")

    async with database.read() as db:
        assert await db.scalar(select(Idea.place)) == "Kerkstraat, Noord"


async def test_the_map_tells_how_many_and_hides_where_there_is_none(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    async with database.write() as tx:
        plain = await a_consultation(tx)
        for place in ("Noord", "Kade 3, Noord", "Elders"):
            await an_idea(
                tx,
                consultation=await tx.get_one(Consultation, consultation.id),
                state=IdeaState.PUBLISHED,
                place=place,
            )

    await visitor.open("/consultations/buurten")
    await visitor.follow("Ideeën op de kaart")
    assert "<title>Noord: 2</title>" in visitor.text
    assert "1 inzending noemt geen van deze buurten." in visitor.text
    assert (await visitor.open(f"/consultations/{plain.slug}/map")).status_code == 404
    await visitor.open(f"/consultations/{plain.slug}/ideas/new")
    assert "map-shape" not in visitor.text
