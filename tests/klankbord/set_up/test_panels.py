"""The operator sets up panels, writes agreements down, gives tasks and seats people."""

import pytest
from sqlalchemy import select

from accounts.models import Grant
from accounts.states import Role
from kernel.db import Database
from kernel.events import EventRecord
from panels.models import Agreement, Panel, Seat
from tests.builders import a_panel, a_person
from tests.klankbord.set_up.typed import AGREEMENT, PANEL, is_known
from tests.moments import NOON
from tests.visitor import Visitor

ROOM = "/desk/set-up/panels/waterveen"


@pytest.fixture
async def operator(visitor: Visitor, database: Database) -> Visitor:
    async with database.write() as tx:
        await a_person(tx, role=Role.OPERATOR, email="beheer@waterveen.example")
        await a_panel(tx, slug="waterveen")
    await is_known(visitor, database, "beheer@waterveen.example", now=NOON)
    return visitor


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "Geef het panel een naam."),
        ({"slug": "Óost!"}, "Gebruik alleen kleine letters"),
        ({"slug": "waterveen"}, "Dit adres is al van een ander panel."),
        ({"aim": ""}, "Schrijf hier iets op."),
        ({"contact_email": "geen adres"}, "Vul een e-mailadres in"),
        ({"briefing_days": "vijf"}, "Vul een heel getal in van 1 tot en met 60."),
        ({"freeze_days": "3"}, "De agenda staat vast voordat hij openbaar wordt."),
    ],
)
async def test_a_mistake_in_a_panel_is_told_and_everything_typed_is_kept(
    operator: Visitor, database: Database, wrong: dict[str, str], told: str
) -> None:
    await operator.open("/desk/set-up/panels/new")

    await operator.press("Maak dit panel", **PANEL | {"is_permanent": "1"} | wrong)

    assert (operator.status, told in operator.text) == (422, True)
    [form] = [one for one in operator.forms if "aim" in one.fields]
    kept = {name: form.fields[name] for name in wrong if wrong[name]}
    assert kept == {name: [value] for name, value in wrong.items() if value}
    assert (form.fields["tasks"], form.fields["is_permanent"]) == (["Adviezen geven."], ["1"])
    async with database.read() as db:
        assert len((await db.scalars(select(Panel))).all()) == 1


async def test_a_panel_has_the_deadlines_that_were_typed(operator: Visitor, database: Database) -> None:
    await operator.open("/desk/set-up/panels/new")
    typed = {"slug": "oost", "freeze_days": "10", "publish_days": "9", "briefing_days": "4", "response_months": "3"}

    await operator.press("Maak dit panel", **PANEL | typed)

    async with database.read() as db:
        panel = (await db.scalars(select(Panel).where(Panel.slug == "oost"))).one()
    found = (panel.freeze_days, panel.publish_days, panel.briefing_days, panel.response_months, panel.is_permanent)
    assert found == (10, 9, 4, 3, False)


async def test_a_task_is_given_and_taken_back_and_each_leaves_its_fact(operator: Visitor, database: Database) -> None:
    await operator.open(ROOM)
    await operator.press("Geef deze taak", name="Sam Sluis", email="sam@waterveen")
    assert operator.status == 422
    assert "Kies een taak." in operator.text
    assert "sam@waterveen" in operator.text
    await operator.press("Geef deze taak", role="commissioner", name="Sam Sluis", email="Sam@Waterveen.example")
    assert "opdrachtgever" in operator.text

    await operator.press("Neem terug: opdrachtgever Sam Sluis")

    assert "Nog niemand heeft een van deze taken." in operator.text
    async with database.read() as db:
        facts = (
            await db.scalars(select(EventRecord).where(EventRecord.name.like("person.role_%")).order_by(EventRecord.id))
        ).all()
        operator_id = await db.scalar(select(Grant.person_id).where(Grant.role == Role.OPERATOR))
    assert [(one.name, one.facts["role"], one.actor_id == operator_id) for one in facts[1:]] == [
        ("person.role_granted", "commissioner", True),
        ("person.role_revoked", "commissioner", True),
    ]


async def test_tasks_for_all_panels_cannot_be_those_of_one(operator: Visitor, database: Database) -> None:
    await operator.open("/desk/set-up")
    await operator.press("Geef deze taak", role="operator", name="Zij", email="zij@waterveen.example")
    assert operator.status == 422
    await operator.press("Geef deze taak", role="auditor")
    assert operator.status == 200
    async with database.read() as db:
        held = (await db.execute(select(Grant.role, Grant.panel_id).order_by(Grant.id))).all()
    assert [tuple(row) for row in held] == [(Role.OPERATOR, None), (Role.AUDITOR, None)]


async def test_an_agreement_becomes_a_new_version(operator: Visitor, database: Database) -> None:
    for threshold in ("75", "60"):
        await operator.open(f"{ROOM}/agreement")
        await operator.press("Leg de afspraak vast", **AGREEMENT | {"threshold_percent": "driekwart"})
        assert (operator.status, "driekwart" in operator.text) == (422, True)
        await operator.press("Leg de afspraak vast", threshold_percent=threshold)
        assert operator.path == "/panels/waterveen/agreement"

    async with database.read() as db:
        rows = await db.execute(select(Agreement.number, Agreement.threshold_percent).order_by(Agreement.number))
        assert [tuple(row) for row in rows] == [(1, 75), (2, 60)]
    await operator.open(f"{ROOM}/agreement")
    assert "Dit wordt versie 3." in operator.text


async def test_people_take_and_leave_their_seats(operator: Visitor, database: Database) -> None:
    await operator.open(f"{ROOM}/members")
    await operator.press("Geef deze plaats", name="Pia", email="pia@waterveen.example")
    assert (operator.status, "Kies hoe deze persoon in het panel kwam." in operator.text) == (422, True)
    await operator.press("Geef deze plaats", kind="partner", entry="appointed", organisation="Gemeente")
    assert "Te weinig inwoners in het panel" in operator.text
    await operator.press(
        "Geef deze plaats", name="Pia", email="pia@waterveen.example", kind="citizen", entry="lot", organisation=""
    )
    assert (operator.status, "Deze persoon zit al in het panel." in operator.text) == (422, True)
    for number in (1, 2):
        await operator.press(
            "Geef deze plaats", name=f"Bo {number}", email=f"bo{number}@waterveen.example", kind="citizen", entry="lot"
        )
    assert "Te weinig inwoners in het panel" not in operator.text

    await operator.press("Eindig: de plaats van Bo 2")

    assert "Te weinig inwoners in het panel" in operator.text
    await operator.open(ROOM)
    assert "2 personen hebben een plaats in dit panel." in operator.text
    async with database.read() as db:
        left = (await db.scalars(select(Seat).where(Seat.to_at.is_not(None)))).all()
        members = (await db.scalars(select(Grant).where(Grant.role == Role.MEMBER, Grant.revoked_at.is_(None)))).all()
    assert (len(left), len(members)) == (1, 2)


async def test_a_seat_is_left_once(operator: Visitor, database: Database) -> None:
    await operator.open(f"{ROOM}/members")
    await operator.press(
        "Geef deze plaats", name="Bo", email="bo@waterveen.example", kind="citizen", entry="self_selected"
    )
    another_tab = operator.page
    await operator.open(f"{ROOM}/members")
    await operator.press("Eindig: de plaats van Bo")
    operator.page = another_tab

    await operator.press("Eindig: de plaats van Bo")

    assert operator.status == 404
