"""Which page of setting up is for whom."""

import pytest

from accounts.states import Role
from consultations.states import ConsultationState
from kernel.db import Database
from tests.builders import a_consultation, a_meeting, a_panel, a_person
from tests.moments import NOON
from tests.panels.staff import signed_in
from tests.visitor import Visitor

FOR_OPERATORS = (
    "/desk/set-up",
    "/desk/set-up/panels/new",
    "/desk/set-up/panels/waterveen",
    "/desk/set-up/panels/waterveen/agreement",
    "/desk/set-up/panels/waterveen/members",
)
FOR_SECRETARIES = ("/desk/consultations", "/desk/consultations/new")
OF_ONE_PANEL = ("/desk/consultations/1", "/desk/consultations/1/edit", "/desk/consultations/1/grounds")
CHANGES = ("announce", "extend", "suspend", "resume", "cancel", "edit", "grounds")
READ_ALONG = {Role.CHAIR, Role.AUDITOR}
OTHERS = [role for role in Role if role not in {Role.OPERATOR, Role.SECRETARY, *READ_ALONG}]


@pytest.fixture
async def panels(database: Database) -> None:
    """Panel waterveen with a draft, and another panel."""
    async with database.write() as tx:
        waterveen = await a_panel(tx, slug="waterveen")
        await a_panel(tx, slug="elders")
        meeting = await a_meeting(tx, panel=waterveen)
        await a_consultation(
            tx,
            panel=waterveen,
            meeting=meeting,
            slug="vraag",
            state=ConsultationState.DRAFT,
            opens_at=NOON.replace(day=30),
            closes_at=NOON.replace(month=12, day=4),
        )


async def comes_as(visitor: Visitor, database: Database, role: Role, *, of: str) -> None:
    from panels.queries import panel_by_slug

    async with database.read() as db:
        panel = await panel_by_slug(db, of)
    await signed_in(visitor, database, role, panel)


async def answers(visitor: Visitor, addresses: tuple[str, ...]) -> set[int]:
    return {(await visitor.open(address)).status_code for address in addresses}


async def changes(visitor: Visitor) -> set[int]:
    """What each change of the draft is answered with, sent with a form's own token from the front page."""
    await visitor.open("/")
    token = next(form.fields["_csrf_token"][0] for form in visitor.forms if "_csrf_token" in form.fields)
    headers = {"origin": visitor.site}
    typed = {"_csrf_token": token, "cancel_reason": "Zomaar.", "suspend_reason": "Zomaar.", "reason": "Zomaar."}
    sent = [await visitor.http.post(f"/desk/consultations/1/{one}", data=typed, headers=headers) for one in CHANGES]
    return {answer.status_code for answer in sent}


@pytest.mark.usefixtures("panels")
async def test_strangers_are_sent_to_the_door(visitor: Visitor) -> None:
    for address in (*FOR_OPERATORS, *FOR_SECRETARIES, *OF_ONE_PANEL):
        await visitor.open(address)
        assert visitor.path == "/sign-in", address
    assert await changes(visitor) == {401}


@pytest.mark.usefixtures("panels")
@pytest.mark.parametrize("role", OTHERS)
async def test_other_roles_are_refused(visitor: Visitor, database: Database, role: Role) -> None:
    await comes_as(visitor, database, role, of="waterveen")

    assert await answers(visitor, (*FOR_OPERATORS, *FOR_SECRETARIES, *OF_ONE_PANEL)) == {403}
    assert await changes(visitor) == {403}
    assert "Inrichting" not in (await visitor.open("/desk")).text


@pytest.mark.usefixtures("panels")
@pytest.mark.parametrize("role", sorted(READ_ALONG))
async def test_who_reads_along_changes_nothing(visitor: Visitor, database: Database, role: Role) -> None:
    await comes_as(visitor, database, role, of="waterveen")
    read = ["/desk/consultations", "/desk/consultations/1"]
    set_up = ["/desk/set-up", "/desk/set-up/panels/waterveen", "/desk/set-up/panels/waterveen/members"]
    read += set_up if role is Role.AUDITOR else []

    for address in read:
        await visitor.open(address)
        assert visitor.status == 200, address
        assert [form.action for form in visitor.forms if form.action.startswith("/desk")] == [], address
        assert not [text for text, _ in visitor.links if "Maak een" in text or "Wijzig" in text], address
    unread = [one for one in (*FOR_OPERATORS, *FOR_SECRETARIES, *OF_ONE_PANEL) if one not in read]
    assert await answers(visitor, tuple(unread)) == {403}
    assert await changes(visitor) == {403}


@pytest.mark.usefixtures("panels")
async def test_an_operator_sets_up_and_drafts_nothing(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        await a_person(tx, role=Role.OPERATOR)
    await comes_as(visitor, database, Role.OPERATOR, of="waterveen")

    assert await answers(visitor, FOR_OPERATORS) == {200}
    assert await answers(visitor, (*FOR_SECRETARIES, *OF_ONE_PANEL)) == {403}
    assert await answers(visitor, ("/desk/set-up/panels/nergens", "/desk/set-up/panels/nergens/members")) == {404}
    assert await changes(visitor) == {403}


@pytest.mark.usefixtures("panels")
async def test_a_secretary_prepares_her_own_panel(visitor: Visitor, database: Database) -> None:
    await comes_as(visitor, database, Role.SECRETARY, of="waterveen")

    assert await answers(visitor, (*FOR_SECRETARIES, *OF_ONE_PANEL)) == {200}
    assert await answers(visitor, FOR_OPERATORS) == {403}
    assert await answers(visitor, ("/desk/consultations/99", "/desk/consultations/1/change")) == {404}


@pytest.mark.usefixtures("panels")
async def test_to_the_secretary_of_another_panel_it_is_not_there(visitor: Visitor, database: Database) -> None:
    await comes_as(visitor, database, Role.SECRETARY, of="elders")

    assert await answers(visitor, FOR_SECRETARIES) == {200}
    assert await answers(visitor, (*OF_ONE_PANEL, "/consultations/vraag")) == {404}
    assert await changes(visitor) == {404}
    assert "Een leefbare buurt" not in (await visitor.open("/desk/consultations")).text
