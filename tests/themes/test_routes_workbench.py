import pytest
from sqlalchemy import select

from accounts import roles, sessions
from accounts.states import Role
from consultations.models import Consultation, Idea
from consultations.states import ConsultationState, IdeaState
from kernel.cookies import SESSION
from kernel.db import Database
from tests.builders import a_consultation, a_panel, a_person, a_placement, a_theme, an_idea
from tests.moments import NOON
from tests.visitor import Visitor
from themes.models import Placement, Theme, ThemeDecision
from themes.states import ThemeState


@pytest.fixture
async def consultation(database: Database) -> Consultation:
    """Two themes, of two ideas and of one, and one idea in the rest and one that is new."""
    async with database.write() as tx:
        consultation = await a_consultation(tx, slug="buurt")
        titles = ("Bomen in de straat", "Geveltuinen", "Een latere bus", "Iets heel anders", "Net geplaatst")
        ideas = [
            await an_idea(tx, consultation=consultation, title=title, state=IdeaState.PUBLISHED) for title in titles
        ]
        await a_theme(tx, consultation=consultation, name="Groen", ideas=ideas[:2])
        await a_theme(tx, consultation=consultation, name="Bus", ideas=ideas[2:3])
        await a_placement(tx, idea=ideas[3])
        return consultation


async def signed_in(visitor: Visitor, database: Database, role: Role, consultation: Consultation) -> None:
    async with database.write() as tx:
        person = await a_person(tx)
        await roles.grant(tx, person=person, role=role, panel_id=consultation.panel_id, now=NOON)
        secret, _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON)
    visitor.http.cookies.set(SESSION, secret)


@pytest.fixture
async def secretary(visitor: Visitor, database: Database, consultation: Consultation) -> Visitor:
    await signed_in(visitor, database, Role.SECRETARY, consultation)
    return visitor


async def names_with_titles(database: Database) -> dict[str, set[str]]:
    """Theme → the titles in it; the rest under an empty name."""
    async with database.read() as db:
        rows = await db.execute(
            select(Theme.name, Idea.title)
            .select_from(Idea)
            .outerjoin(Placement, Placement.idea_id == Idea.id)
            .outerjoin(Theme, Theme.id == Placement.theme_id)
        )
        found: dict[str, set[str]] = {}
        for name, title in rows:
            found.setdefault(name or "", set()).add(title)
        return found


async def id_of(database: Database, title: str) -> str:
    async with database.read() as db:
        return str(await db.scalar(select(Idea.id).where(Idea.title == title)))


async def theme_id(database: Database, name: str) -> str:
    async with database.read() as db:
        return str(await db.scalar(select(Theme.id).where(Theme.name == name)))


async def test_the_desk_leads_to_the_workbench_of_ones_own_consultations(
    secretary: Visitor, database: Database
) -> None:
    async with database.write() as tx:
        await a_consultation(tx, title="Van een ander panel")
        own = (await tx.scalars(select(Consultation))).first()
        assert own is not None
        panel_id = own.panel_id
        await a_consultation(tx, title="Nog in concept", state=ConsultationState.DRAFT, panel_id=panel_id)

    await secretary.open("/desk/themes")

    assert "Van een ander panel" not in secretary.text
    assert "Nog in concept" not in secretary.text
    await secretary.follow("Een leefbare buurt")
    assert secretary.path == "/desk/themes/buurt"
    assert "Nu gepubliceerd: 5. In een thema: 3. In Overig: 1. Nog niet ingedeeld: 1." in secretary.text


async def test_a_secretary_renames_a_theme(secretary: Visitor, database: Database) -> None:
    await secretary.open("/desk/themes/buurt")

    await secretary.press("Bewaar de naam", name="  Groene   straten ", rename_reason="Zo heet het hier.")

    assert secretary.status == 200
    assert "De naam is veranderd." in secretary.text
    assert secretary.page.url.params["theme"] == await theme_id(database, "Groene straten")
    async with database.read() as db:
        [decision] = await db.scalars(select(ThemeDecision))
    assert decision.reason == "Zo heet het hier."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Vul een naam in voor het thema."),
        ({"name": "bus"}, "Er is al een thema met deze naam."),
        ({"name": "x" * 121}, "Dit is 121 tekens; er passen er 120."),
    ],
)
async def test_a_wrong_name_is_told_beside_the_field_and_kept(
    secretary: Visitor, typed: dict[str, str], sentence: str
) -> None:
    await secretary.open("/desk/themes/buurt")

    await secretary.press("Bewaar de naam", **typed, rename_reason="Mijn reden")

    assert secretary.status == 422
    assert sentence in secretary.text
    assert 'value="Mijn reden"' in secretary.text
    assert f'value="{typed["name"]}"' in secretary.text


async def test_a_secretary_merges_two_themes(secretary: Visitor, database: Database) -> None:
    groen = await theme_id(database, "Groen")
    await secretary.open("/desk/themes/buurt")
    await secretary.follow("Bus")

    await secretary.press("Voeg samen", into_id=groen)

    assert "De thema&#39;s zijn samengevoegd." in secretary.text
    assert await names_with_titles(database) == {
        "Groen": {"Bomen in de straat", "Geveltuinen", "Een latere bus"},
        "": {"Iets heel anders", "Net geplaatst"},
    }
    async with database.read() as db:
        states = list(await db.scalars(select(Theme.state).order_by(Theme.id)))
    assert states == [ThemeState.CURRENT, ThemeState.MERGED]


async def test_a_merge_needs_a_theme_to_go_into(secretary: Visitor) -> None:
    await secretary.open("/desk/themes/buurt")

    await secretary.press("Voeg samen", merge_reason="Lijkt op elkaar")

    assert secretary.status == 422
    assert "Kies het thema waar dit thema in opgaat." in secretary.text
    assert 'value="Lijkt op elkaar"' in secretary.text


async def test_a_secretary_moves_ticked_ideas(secretary: Visitor, database: Database) -> None:
    await secretary.open("/desk/themes/buurt")

    await secretary.press(
        "Verplaats",
        idea_ids=[await id_of(database, "Geveltuinen")],
        to=await theme_id(database, "Bus"),
        regroup_reason="Langs de busbaan.",
    )

    assert "Verplaatst." in secretary.text
    assert (await names_with_titles(database))["Bus"] == {"Geveltuinen", "Een latere bus"}
    await secretary.follow("Bus")
    assert "Reden: Langs de busbaan." in secretary.text


async def test_ideas_go_to_the_rest_and_come_from_it(secretary: Visitor, database: Database) -> None:
    await secretary.open("/desk/themes/buurt")
    await secretary.press("Verplaats", idea_ids=[await id_of(database, "Geveltuinen")], to="rest")
    await secretary.follow("Overig")
    await secretary.press(
        "Verplaats", idea_ids=[await id_of(database, "Net geplaatst")], to=await theme_id(database, "Bus")
    )

    assert secretary.page.url.params["theme"] == "rest"
    assert await names_with_titles(database) == {
        "Groen": {"Bomen in de straat"},
        "Bus": {"Een latere bus", "Net geplaatst"},
        "": {"Iets heel anders", "Geveltuinen"},
    }


async def test_nothing_is_moved_without_ideas_and_without_a_place(secretary: Visitor, database: Database) -> None:
    await secretary.open("/desk/themes/buurt")

    await secretary.press("Verplaats", regroup_reason="Omdat")

    assert secretary.status == 422
    assert "Vink eerst een of meer ideeën aan." in secretary.text
    assert "Kies waar de ideeën naartoe gaan." in secretary.text
    assert 'value="Omdat"' in secretary.text
    async with database.read() as db:
        assert (await db.scalars(select(ThemeDecision))).all() == []


async def test_a_secretary_splits_a_theme(secretary: Visitor, database: Database) -> None:
    await secretary.open("/desk/themes/buurt")

    await secretary.press(
        "Maak hiervan een nieuw thema", idea_ids=[await id_of(database, "Geveltuinen")], new_name="Tegels eruit"
    )

    assert secretary.page.url.params["theme"] == await theme_id(database, "Tegels eruit")
    assert await names_with_titles(database) == {
        "Groen": {"Bomen in de straat"},
        "Tegels eruit": {"Geveltuinen"},
        "Bus": {"Een latere bus"},
        "": {"Iets heel anders", "Net geplaatst"},
    }


async def test_a_split_of_everything_is_explained_and_the_ticks_are_kept(
    secretary: Visitor, database: Database
) -> None:
    both = [await id_of(database, "Geveltuinen"), await id_of(database, "Bomen in de straat")]
    await secretary.open("/desk/themes/buurt")

    await secretary.press("Maak hiervan een nieuw thema", idea_ids=both, new_name="Alles")

    assert secretary.status == 422
    assert "Geef het thema dan een andere naam." in secretary.text
    [regroup] = [form for form in secretary.forms if "idea_ids" in form.fields]
    assert sorted(regroup.fields["idea_ids"]) == sorted(both)


async def test_a_secretary_makes_a_theme_out_of_the_rest(secretary: Visitor, database: Database) -> None:
    await secretary.open("/desk/themes/buurt?theme=rest")

    await secretary.press(
        "Maak hiervan een nieuw thema", idea_ids=[await id_of(database, "Net geplaatst")], new_name="Nieuw"
    )

    assert (await names_with_titles(database))["Nieuw"] == {"Net geplaatst"}


async def test_a_secretary_locks_and_unlocks_a_theme(secretary: Visitor, database: Database) -> None:
    await secretary.open("/desk/themes/buurt")
    await secretary.press("Zet dit thema vast")
    assert "vastgezet" in secretary.text

    await secretary.press("Maak dit thema los")

    async with database.read() as db:
        assert set(await db.scalars(select(Theme.is_locked))) == {False}


async def test_a_secretary_has_themes_made_and_sees_when_that_was(secretary: Visitor, database: Database) -> None:
    await secretary.open("/desk/themes/buurt")
    assert "Er zijn nog geen thema's gemaakt." in secretary.text

    await secretary.press("Maak thema")

    assert "zijn opnieuw gemaakt" in secretary.text
    assert "Model use-multilingual 3, startgetal 0," in secretary.text
    assert "Gelezen: 5 ideeën." in secretary.text
    assert "Nog niet ingedeeld: 0." in secretary.text


async def test_an_auditor_looks_and_cannot_act(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await signed_in(visitor, database, Role.AUDITOR, consultation)

    await visitor.open("/desk/themes/buurt")

    assert "Geveltuinen" in visitor.text
    assert [form.action for form in visitor.forms if "/desk/" in form.action] == []


@pytest.mark.parametrize(("role", "status"), [(Role.MODERATOR, 403), (Role.AUDITOR, 403), (Role.SECRETARY, 404)])
async def test_only_the_secretary_of_the_panel_acts(
    visitor: Visitor, database: Database, consultation: Consultation, role: Role, status: int
) -> None:
    """Who is secretary of another panel only does not learn that there is something to work on."""
    async with database.write() as tx:
        elsewhere = await a_consultation(tx, panel=await a_panel(tx))
    await signed_in(visitor, database, role, consultation if role is not Role.SECRETARY else elsewhere)
    await visitor.open("/sign-in")
    [token] = {value for form in visitor.forms for value in form.fields.get("_csrf_token", [])}

    for act in ("make", "rename", "merge", "move", "split", "lock"):
        answer = await visitor.http.post(f"/desk/themes/buurt/{act}", data={"_csrf_token": token, "theme_id": "1"})
        assert answer.status_code == status, act


async def test_a_stranger_is_asked_to_sign_in(visitor: Visitor, consultation: Consultation) -> None:
    await visitor.open("/desk/themes/buurt")

    assert visitor.path == "/sign-in"


@pytest.mark.parametrize("size", [1, 6])
async def test_the_workbench_asks_as_many_questions_for_one_idea_as_for_six(
    secretary: Visitor, database: Database, consultation: Consultation, statements: list[str], size: int
) -> None:
    async with database.write() as tx:
        ideas = [await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED) for _ in range(size)]
        theme = await a_theme(tx, consultation=consultation, ideas=ideas)
        for idea in ideas:
            (await tx.get_one(Placement, idea.id)).nearest_ids = [ideas[0].id]
    statements.clear()

    await secretary.open(f"/desk/themes/buurt?theme={theme.id}")

    assert len([one for one in statements if one.startswith(("SELECT", "WITH"))]) == 11
