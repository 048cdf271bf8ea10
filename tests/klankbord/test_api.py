import base64
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from openapi_spec_validator import validate

from consultations.states import ConsultationState, IdeaState
from kernel.db import Database
from panels.states import ItemState, MeetingState, PanelState
from tests.builders import a_comment, a_consultation, a_meeting, a_panel, an_idea, put
from tests.moments import NOON
from tests.visitor import Visitor

LAST = base64.urlsafe_b64encode(b"9999-12-31T23:59:59-23:59|1").decode().rstrip("=")
"""Of an instant that has no name in UTC."""
Get = Callable[[str], Awaitable[Any]]


@pytest.fixture
def get(visitor: Visitor) -> Get:
    """The JSON behind an address of the API."""

    async def get(address: str) -> Any:
        page = await visitor.open(address)
        assert page.status_code == 200, page.text
        assert page.headers["api-version"] == "1.1.0"
        return page.json()

    return get


async def test_the_document_is_valid_and_lists_exactly_the_api(visitor: Visitor) -> None:
    document = (await visitor.open("/v1/openapi.json")).json()

    validate(document)
    assert sorted(document["paths"]) == [
        "/v1/consultations",
        "/v1/consultations/{slug}",
        "/v1/consultations/{slug}/ideas",
        "/v1/consultations/{slug}/ledger",
        "/v1/consultations/{slug}/themes",
        "/v1/ideas/{idea_id}/comments",
        "/v1/meetings/{meeting_id}/agenda",
        "/v1/panels",
        "/v1/panels/{slug}",
        "/v1/panels/{slug}/meetings",
        "/v1/recommendations",
    ]
    assert {method for path in document["paths"].values() for method in path} == {"get"}


async def test_published_ideas_come_page_by_page_and_each_once(get: Get, database: Database) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx, slug="buurt")
        ideas = [
            await an_idea(
                tx,
                consultation=consultation,
                state=IdeaState.PUBLISHED,
                received_at=NOON - timedelta(hours=number // 2),  # two at each instant
            )
            for number in range(7)
        ]
        await an_idea(tx, consultation=consultation, title="Nog niet gelezen")

    seen: list[int] = []
    address = "/v1/consultations/buurt/ideas?limit=3"
    for _ in range(3):
        page = await get(address)
        seen += [idea["id"] for idea in page["ideas"]]
        address = f"/v1/consultations/buurt/ideas?limit=3&cursor={page['next_cursor']}"

    assert page["next_cursor"] is None
    assert seen == [ideas[n].id for n in (1, 0, 3, 2, 5, 4, 6)]


async def test_what_was_added_to_an_idea_comes_page_by_page(get: Get, visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx, slug="buurt")
        idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
        other = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
        waiting = await an_idea(tx, consultation=consultation)
        comments = [await a_comment(tx, under=idea, state=IdeaState.PUBLISHED) for _ in range(3)]
        for state in (IdeaState.RECEIVED, IdeaState.REMOVED, IdeaState.WITHDRAWN):
            await a_comment(tx, under=idea, state=state)

    listed = await get("/v1/consultations/buurt/ideas")
    first = await get(f"/v1/ideas/{idea.id}/comments?limit=2")
    second = await get(f"/v1/ideas/{idea.id}/comments?limit=2&after={first['next_after']}")

    assert {one["id"]: one["comments"] for one in listed["ideas"]} == {idea.id: 3, other.id: 0}
    assert [one["id"] for page in (first, second) for one in page["comments"]] == [one.id for one in comments]
    assert second["next_after"] is None
    assert (await visitor.open(first["comments"][0]["url"])).status_code == 200
    for number in (waiting.id, comments[0].id, 99_999):
        assert (await visitor.open(f"/v1/ideas/{number}/comments")).status_code == 404


async def test_a_draft_consultation_is_not_there(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        await a_consultation(tx, slug="concept", state=ConsultationState.DRAFT)

    assert (await visitor.open("/v1/consultations")).json() == []
    for address in ("", "/ideas", "/themes", "/ledger"):
        page = await visitor.open(f"/v1/consultations/concept{address}")
        assert (page.status_code, page.headers["content-type"]) == (404, "application/problem+json")
        assert set(page.json()) == {"type", "title", "status", "detail", "instance"}


@pytest.mark.parametrize("number", ["%E0%AB%AB", "+{0}", "0{0}", "{0}_0", "{0}%20"])
async def test_a_number_has_one_address(visitor: Visitor, database: Database, number: str) -> None:
    async with database.write() as tx:
        meetings = [await a_meeting(tx, panel=await a_panel(tx)) for _ in range(12)]
    known = meetings[0].id

    assert (await visitor.open(f"/v1/meetings/{known}/agenda")).status_code == 200
    assert (await visitor.open(f"/v1/meetings/{number.format(known)}/agenda")).status_code == 404


async def test_a_panel_in_preparation_is_not_there_with_its_meetings(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        meeting = await a_meeting(tx, panel=await a_panel(tx, slug="later", state=PanelState.DRAFT))

    assert (await visitor.open("/v1/panels")).json() == []
    for address in ("/v1/panels/later", "/v1/panels/later/meetings", f"/v1/meetings/{meeting.id}/agenda"):
        assert (await visitor.open(address)).status_code == 404


@pytest.mark.parametrize("wrong", ["limit=0", "limit=201", "limit=x", "cursor=%00", "cursor=abc", f"cursor={LAST}"])
async def test_a_wrong_question_is_told_what_is_wrong(visitor: Visitor, database: Database, wrong: str) -> None:
    async with database.write() as tx:
        await a_consultation(tx, slug="buurt")

    page = await visitor.open(f"/v1/consultations/buurt/ideas?{wrong}")

    assert (page.status_code in {400, 404}, page.headers["content-type"]) == (True, "application/problem+json")


async def test_an_agenda_has_its_points_once_published_and_hides_what_is_confidential(
    get: Get, database: Database
) -> None:
    from panels.models import AgendaItem

    async with database.write() as tx:
        panel = await a_panel(tx, slug="waterveen")
        meeting = await a_meeting(tx, panel=panel)
        for place, (title, is_confidential) in enumerate([("Bankjes", False), ("Een persoon", True)], start=1):
            point = AgendaItem(
                meeting_id=meeting.id,
                position=place,
                title=title,
                minutes=10,
                state=ItemState.SCHEDULED,
                is_confidential=is_confidential,
            )
            tx.add(point)
    assert (await get(f"/v1/meetings/{meeting.id}/agenda"))["points"] == []

    async with database.write() as tx:
        meeting = await tx.merge(meeting)
        await put(tx, meeting, MeetingState.AGENDA_PUBLISHED)
        meeting.agenda_published_at = NOON

    points = (await get(f"/v1/meetings/{meeting.id}/agenda"))["points"]
    assert [(point["title"], point["is_confidential"]) for point in points] == [("Bankjes", False), ("", True)]


async def test_the_ledger_adds_up(get: Get, database: Database) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx, slug="buurt")
        for state in (IdeaState.PUBLISHED, IdeaState.PUBLISHED, IdeaState.RECEIVED, IdeaState.SUBMITTED):
            await an_idea(tx, consultation=consultation, state=state)

    ledger = await get("/v1/consultations/buurt/ledger")

    assert (ledger["received"], ledger["in_review"], ledger["published"]) == (3, 1, 2)
    assert sum(ledger["routes"].values()) == ledger["published"]


@pytest.mark.parametrize("size", [1, 3])
async def test_a_page_of_ideas_costs_the_same_questions_whatever_its_size(
    visitor: Visitor, database: Database, statements: list[str], size: int
) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx, slug="buurt")
        for _ in range(size):
            await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    statements.clear()

    page = await visitor.open("/v1/consultations/buurt/ideas")

    assert len(page.json()["ideas"]) == size
    assert len([one for one in statements if one.startswith("SELECT")]) == 2
