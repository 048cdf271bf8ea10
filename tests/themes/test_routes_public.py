import pytest

from consultations.models import Consultation, Idea
from consultations.states import ConsultationState, IdeaKind, IdeaState
from kernel.db import Database
from tests.builders import a_consultation, a_decision, a_placement, a_theme, an_idea, put
from tests.moments import NOON
from tests.visitor import Visitor
from themes.states import PlacedBy, ThemeState, WhyInRest


async def some_ideas(database: Database, *titles: str) -> tuple[Consultation, list[Idea]]:
    async with database.write() as tx:
        consultation = await a_consultation(tx, slug="buurt")
        return consultation, [
            await an_idea(
                tx, consultation=consultation, title=title, state=IdeaState.PUBLISHED, endorsement_count=number
            )
            for number, title in enumerate(titles)
        ]


async def test_the_themes_of_a_consultation_add_up_to_all_its_ideas(visitor: Visitor, database: Database) -> None:
    consultation, ideas = await some_ideas(database, "Bomen", "Geveltuin", "Bus", "Los idee", "Nieuw idee")
    async with database.write() as tx:
        await a_theme(tx, consultation=consultation, name="Groen", ideas=ideas[:2])
        await a_theme(tx, consultation=consultation, name="Vervoer", ideas=ideas[2:3], is_named_by_people=True)
        await a_placement(tx, idea=ideas[3])
        await an_idea(tx, consultation=consultation, title="Nog niet openbaar")

    await visitor.open("/consultations/buurt/themes")

    assert "5 = 3 + 1 + 1" in visitor.text
    names = ["Groen", "Vervoer", "Bekijk 2 ideeën in Overig"]
    assert [text for text, _ in visitor.links if text in names] == names
    assert visitor.text.count("Gevonden door de computer") == 1
    assert "Nog niet openbaar" not in visitor.text


async def test_each_idea_says_why_it_is_here(visitor: Visitor, database: Database) -> None:
    consultation, [tree, garden, moved, hidden] = await some_ideas(
        database, "Bomen", "Geveltuin", "Bankje", "Verborgen"
    )
    async with database.write() as tx:
        theme = await a_theme(tx, consultation=consultation, name="Groen", ideas=[garden])
        await a_placement(
            tx, idea=tree, theme=theme, shared_terms=["schaduw", "straat"], nearest_ids=[garden.id, hidden.id]
        )
        await a_placement(tx, idea=moved, theme=theme, placed_by=PlacedBy.PERSON, is_locked=True)
        await a_decision(tx, idea=hidden, state=IdeaState.REMOVED)
        await put(tx, await tx.get_one(Idea, hidden.id), IdeaState.REMOVED)

    await visitor.open(f"/themes/{theme.id}")

    assert "<mark>schaduw</mark> <mark>straat</mark>" in visitor.text
    assert f'<a href="/ideas/{garden.id}">Geveltuin</a>' in visitor.text
    assert "De secretaris heeft dit hier geplaatst." in visitor.text
    assert "Verborgen" not in visitor.text


async def test_the_page_of_an_idea_leads_to_its_theme_and_why_it_is_there(visitor: Visitor, database: Database) -> None:
    consultation, [tree, alone, hidden] = await some_ideas(database, "Bomen", "Eenling", "Verborgen")
    async with database.write() as tx:
        theme = await a_theme(tx, consultation=consultation, name="Groen", ideas=[])
        await a_placement(tx, idea=tree, theme=theme, shared_terms=["schaduw"])
        await a_decision(tx, idea=hidden, state=IdeaState.REMOVED)
        await put(tx, await tx.get_one(Idea, hidden.id), IdeaState.REMOVED)

    await visitor.open(f"/ideas/{tree.id}")
    await visitor.follow("In welk thema staat dit, en waarom?")
    assert "<mark>schaduw</mark>" in visitor.text
    await visitor.follow("Bekijk het hele thema")
    assert visitor.path == f"/themes/{theme.id}"

    await visitor.open(f"/ideas/{alone.id}/theme")
    assert "Dit idee staat nog in geen thema" in visitor.text
    await visitor.open(f"/ideas/{hidden.id}/theme")
    assert visitor.status == 404


async def test_a_name_by_people_stands_beside_what_the_machine_called_it(visitor: Visitor, database: Database) -> None:
    consultation, ideas = await some_ideas(database, "Bomen")
    async with database.write() as tx:
        theme = await a_theme(
            tx,
            consultation=consultation,
            ideas=ideas,
            name="Groene straten",
            machine_name="Bomen, tegels",
            is_named_by_people=True,
        )

    await visitor.open(f"/themes/{theme.id}")

    assert "De computer noemde dit thema ‘Bomen, tegels’." in visitor.text
    assert "naam van de secretaris" in visitor.text


async def test_the_rest_says_of_each_idea_why(visitor: Visitor, database: Database) -> None:
    _, ideas = await some_ideas(database, "Eenling", "Zonder woorden", "Net geplaatst")
    async with database.write() as tx:
        await a_placement(tx, idea=ideas[0])
        await a_placement(tx, idea=ideas[1], why_in_rest=WhyInRest.NO_WORDS)

    await visitor.open("/consultations/buurt/themes/rest")

    for sentence in ("Niemand anders schreef iets", "geen woorden waarmee", "Nieuw: nog niet ingedeeld."):
        assert visitor.text.count(sentence) == 1


async def test_a_merged_theme_leads_to_where_it_went(visitor: Visitor, database: Database) -> None:
    consultation, ideas = await some_ideas(database, "Bomen")
    async with database.write() as tx:
        theme = await a_theme(tx, consultation=consultation, name="Groen", ideas=ideas)
        second = await a_theme(tx, consultation=consultation, state=ThemeState.MERGED, merged_into_id=theme.id)
        first = await a_theme(tx, consultation=consultation, state=ThemeState.MERGED, merged_into_id=second.id)

    await visitor.open(f"/themes/{first.id}")

    assert visitor.path == f"/themes/{theme.id}"


async def test_a_dissolved_theme_says_so(visitor: Visitor, database: Database) -> None:
    consultation, _ = await some_ideas(database)
    async with database.write() as tx:
        theme = await a_theme(tx, consultation=consultation, name="Oude naam", state=ThemeState.DISSOLVED)

    await visitor.open(f"/themes/{theme.id}")

    assert visitor.status == 410
    assert "Oude naam" in visitor.text
    await visitor.follow("Bekijk de thema")
    assert "Er zijn nog geen ideeën gepubliceerd" in visitor.text


@pytest.mark.parametrize(
    "address", ["/themes/999", "/consultations/concept/themes", "/consultations/concept/themes/rest"]
)
async def test_what_is_not_there_or_still_a_draft_is_not_found(
    visitor: Visitor, database: Database, address: str
) -> None:
    async with database.write() as tx:
        await a_consultation(tx, slug="concept", state=ConsultationState.DRAFT)

    await visitor.open(address)

    assert visitor.status == 404


async def test_a_long_theme_is_read_page_by_page_without_missing_or_doubling_an_idea(
    visitor: Visitor, database: Database
) -> None:
    consultation, ideas = await some_ideas(database, *(f"Idee {number:03}!" for number in range(65)))
    async with database.write() as tx:
        theme = await a_theme(tx, consultation=consultation, ideas=ideas)

    await visitor.open(f"/themes/{theme.id}")
    seen = [text for text, address in visitor.links if text.endswith("!")]
    while "Volgende" in [text for text, _ in visitor.links]:
        await visitor.follow("Volgende")
        seen += [text for text, address in visitor.links if text.endswith("!")]

    assert seen == [f"Idee {number:03}!" for number in reversed(range(65))]


async def test_a_resident_s_text_is_only_text(visitor: Visitor, database: Database) -> None:
    consultation, [idea] = await some_ideas(database, "<script>alert(1)</script>")
    async with database.write() as tx:
        theme = await a_theme(
            tx, consultation=consultation, name="<b>Vet</b>", machine_name="<i>x</i>", is_named_by_people=True
        )
        await a_placement(tx, idea=idea, theme=theme, shared_terms=["<u>y</u>"], nearest_ids=[idea.id])

    for address in ("/consultations/buurt/themes", f"/themes/{theme.id}"):
        await visitor.open(address)
        assert visitor.status == 200
        for raw in ("<script>alert", "<b>Vet", "<i>x", "<u>y"):
            assert raw not in visitor.text


@pytest.mark.parametrize("size", [1, 3])
async def test_the_pages_ask_as_many_questions_for_one_idea_as_for_three(
    visitor: Visitor, database: Database, statements: list[str], size: int
) -> None:
    consultation, ideas = await some_ideas(database, *(f"Idee {number}" for number in range(2 * size)))
    async with database.write() as tx:
        for number in range(size):
            theme = await a_theme(tx, consultation=consultation, ideas=ideas[number : number + 1])
        for idea in ideas[size:]:
            await a_placement(tx, idea=idea, theme=theme, nearest_ids=[ideas[0].id], is_locked=True, placed_at=NOON)
    asked = {}
    for address in ("/consultations/buurt/themes", f"/themes/{theme.id}"):
        statements.clear()
        await visitor.open(address)
        asked[address] = len([one for one in statements if one.startswith(("SELECT", "WITH"))])

    assert list(asked.values()) == [5, 8]


async def test_experiences_are_counted_beside_ideas(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx, slug="buurt")
        idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
        told = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, kind=IdeaKind.EXPERIENCE)
        theme = await a_theme(tx, consultation=consultation, ideas=[idea, told])
        gone = await an_idea(tx, consultation=consultation, state=IdeaState.WITHDRAWN)
        await a_placement(tx, idea=gone, theme=theme)

    await visitor.open(f"/themes/{theme.id}")

    assert "1 idee, 1 ervaring" in visitor.text
