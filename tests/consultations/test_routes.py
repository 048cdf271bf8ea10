import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from accounts import roles, sessions
from accounts.models import Person
from accounts.states import Role
from consultations import endorsements, ideas, leaving, lifecycle
from consultations.models import Consultation, EndorsementRequest, Idea
from consultations.states import ConsultationState, IdeaKind, IdeaRoute, IdeaState
from kernel.clock import StandingClock
from kernel.db import Database
from tests.builders import a_consultation, a_panel, a_person, an_idea, move_idea
from tests.moments import CLOSES, NOON, OPENS
from tests.visitor import Visitor

A_DAY = timedelta(days=1)
BODY = "Zet bankjes langs de kade. Dan kan mijn moeder weer wandelen."
MAILBOX = "nieuw@waterveen.example"


@pytest.fixture
async def consultation(database: Database) -> Consultation:
    """An open consultation at /consultations/kade."""
    async with database.write() as tx:
        return await a_consultation(tx, slug="kade")


async def the_idea(database: Database) -> Idea:
    async with database.read() as db:
        return (await db.scalars(select(Idea))).one()


async def sign_in(visitor: Visitor, database: Database, person: Person, *, carries_grants: bool = False) -> None:
    async with database.write() as tx:
        secret, _ = await sessions.begin(tx, person=person, carries_grants=carries_grants, now=NOON)
    visitor.http.cookies.set("session", secret)


async def write_idea(visitor: Visitor, **typed: Any) -> None:
    await visitor.open("/consultations/kade/ideas/new")
    await visitor.press("Verstuur uw idee", **{"body": BODY, "email": MAILBOX, **typed})


# from the front page to a receipt


async def test_from_the_front_page_to_a_confirmed_idea(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await visitor.open("/")
    assert "maandag 30 november 2026, 12.00 uur, Nederlandse tijd" in visitor.text
    await visitor.follow("Stuur een idee")
    assert visitor.path == "/consultations/kade/expectations"
    assert visitor.text.count("Hier staat een duidelijke tekst.") == 7
    await visitor.follow("Schrijf uw idee")
    await visitor.press("Verstuur uw idee", body=BODY, place="Veenkade", email=MAILBOX)
    assert (visitor.status, visitor.path) == (200, "/consultations/kade/ideas/sent")
    assert MAILBOX in visitor.text
    assert MAILBOX not in str(visitor.page.url)
    idea = await the_idea(database)
    assert (idea.state, idea.title, idea.place, idea.is_late) == (
        IdeaState.SUBMITTED,
        "Zet bankjes langs de kade",
        "Veenkade",
        False,
    )

    async with database.write() as tx:
        link = await ideas.confirm_link(tx, idea=idea, now=NOON)
    await visitor.open(link)
    assert (await the_idea(database)).state is IdeaState.SUBMITTED
    assert "Afmelden" not in visitor.text
    await visitor.press("Ja, dit is van mij")

    assert re.fullmatch(r"/receipts/[\w-]{32}", visitor.path)
    assert (await the_idea(database)).state is IdeaState.RECEIVED
    await visitor.open("/")
    assert "Afmelden" in visitor.text

    await visitor.open(link)
    assert visitor.status == 410
    assert "U hebt al bevestigd" in visitor.text
    assert idea.number in visitor.text


async def test_a_session_after_confirming_carries_no_grants(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    async with database.write() as tx:
        await a_person(tx, email=MAILBOX, role=Role.MODERATOR)
    await write_idea(visitor)
    async with database.write() as tx:
        link = await ideas.confirm_link(tx, idea=(await tx.scalars(select(Idea))).one(), now=NOON)
    await visitor.open(link)
    await visitor.press("Ja, dit is van mij")

    await visitor.open("/moderation")

    assert visitor.status == 403


async def test_a_link_works_for_48_hours_after_sending(
    visitor: Visitor, database: Database, consultation: Consultation, clock: StandingClock
) -> None:
    await write_idea(visitor)
    async with database.write() as tx:
        link = await ideas.confirm_link(tx, idea=(await tx.scalars(select(Idea))).one(), now=NOON)
    clock.move(timedelta(hours=48))

    await visitor.open(link)

    assert visitor.status == 410
    assert "werkt 48 uur" in visitor.text
    async with database.write() as tx:
        assert await leaving.discard_unconfirmed(tx, now=clock.now()) == 1
    await visitor.open(link)
    assert visitor.status == 410
    await visitor.open("/confirm/nergens")
    assert visitor.status == 410


async def test_an_experience_has_its_own_questions(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await visitor.open("/")
    await visitor.follow("Vertel een ervaring")
    await visitor.follow("Vertel uw ervaring")
    await visitor.press(
        "Verstuur uw ervaring", body="De bus kwam niet.", stuck="Niemand nam op.", service="De bus", email=MAILBOX
    )

    idea = await the_idea(database)

    assert (idea.kind, idea.stuck, idea.service) == (IdeaKind.EXPERIENCE, "Niemand nam op.", "De bus")


async def test_errors_keep_everything_that_was_typed(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await write_idea(visitor, body="", title="Bankjes", place="Veenkade", shown_name="Jan", email="geen adres")

    assert visitor.status == 422
    for kept in ('value="Bankjes"', 'value="Veenkade"', 'value="Jan"', 'value="geen adres"'):
        assert kept in visitor.text
    assert "Er zijn nog 2 dingen aan te passen" in visitor.text
    await visitor.press("Verstuur uw idee", body="x" * 5_001, email=MAILBOX)
    assert visitor.status == 422
    assert "x" * 5_001 in visitor.text
    async with database.read() as db:
        assert (await db.scalars(select(Idea))).all() == []
    await visitor.press("Verstuur uw idee", body=BODY)
    assert (await the_idea(database)).title == "Bankjes"


async def test_a_text_can_become_an_experience_or_an_idea_before_it_is_sent(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await visitor.open("/consultations/kade/ideas/new?kind=idea")
    await visitor.press("Maak er een ervaring van", body="De bus kwam niet.", email=MAILBOX)
    assert visitor.status == 200
    assert "Er is nog iets aan te passen" not in visitor.text
    await visitor.press("Maak er een idee van", stuck="Niemand nam op.", service="De bus")
    await visitor.press("Verstuur uw idee")

    idea = await the_idea(database)

    assert (idea.kind, idea.body) == (IdeaKind.IDEA, "De bus kwam niet.\n\nNiemand nam op.\n\nDe bus")


async def test_back_shows_a_form_again_as_it_was_left(visitor: Visitor, consultation: Consultation) -> None:
    await visitor.open("/consultations/kade/ideas/new")
    blank = visitor.page.headers["cache-control"]
    await visitor.press("Verstuur uw idee", body="", email=MAILBOX)
    refused = visitor.page.headers["cache-control"]
    await visitor.press("Verstuur uw idee", body=BODY)

    assert (blank, refused) == ("private, no-cache", "private, no-cache")
    assert visitor.page.headers["cache-control"] == "no-store"


async def test_a_fourth_unconfirmed_idea_is_refused_kindly_and_kept_on_the_page(
    visitor: Visitor, consultation: Consultation
) -> None:
    for number in range(3):
        await write_idea(visitor, body=f"Idee {number}.")

    await write_idea(visitor, body="Mijn vierde idee.")

    assert visitor.status == 409
    assert "Er staan al 3 inzendingen klaar" in visitor.text
    assert "Mijn vierde idee." in visitor.text


async def test_somebody_signed_in_gives_no_address_and_goes_straight_to_the_receipt(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    async with database.write() as tx:
        person = await a_person(tx)
    await sign_in(visitor, database, person)
    await visitor.open("/consultations/kade/ideas/new")
    assert 'name="email"' not in visitor.text

    await visitor.press("Verstuur uw idee", body=BODY)

    assert visitor.path.startswith("/receipts/")
    idea = await the_idea(database)
    assert (idea.state, idea.author_id) == (IdeaState.RECEIVED, person.id)


async def test_a_blocked_person_is_told_so(visitor: Visitor, database: Database, consultation: Consultation) -> None:
    async with database.write() as tx:
        person = await a_person(tx)
        idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    await sign_in(visitor, database, person)
    await visitor.open("/consultations/kade/ideas/new")
    async with database.write() as tx:
        await roles.grant(tx, person=await tx.get_one(Person, person.id), role=Role.BLOCKED, now=NOON)
    await sign_in(visitor, database, person)

    await visitor.press("Verstuur uw idee", body=BODY)

    assert visitor.status == 403
    assert "Een moderator heeft dat besloten" in visitor.text
    assert BODY in visitor.text
    await visitor.open("/consultations/kade/ideas/new")
    assert (visitor.status, "Lees waarom" in visitor.text) == (403, True)
    await visitor.open(f"/ideas/{idea.id}")
    assert ("Ik steun dit idee" in visitor.text, "U kunt nu geen ideeën steunen." in visitor.text) == (False, True)


# when it is not open


async def test_late_is_said_before_and_after_and_kept(
    visitor: Visitor, database: Database, consultation: Consultation, clock: StandingClock
) -> None:
    clock.move(CLOSES - NOON)
    await visitor.open("/consultations/kade/ideas/new")
    assert "Deze consultatie is gesloten" in visitor.text
    assert "volgende bijeenkomst" in visitor.text

    await visitor.press("Verstuur uw idee", body=BODY, email=MAILBOX)

    assert "Uw inzending gaat naar de volgende bijeenkomst van het panel." in visitor.text
    assert (await the_idea(database)).is_late is True


async def test_where_nothing_can_be_sent_a_page_says_why(visitor: Visitor, database: Database) -> None:
    states: list[tuple[dict[str, Any], str]] = [
        ({"opens_at": NOON + A_DAY, "closes_at": NOON + 2 * A_DAY}, "nog niet open"),
        ({"state": ConsultationState.SUSPENDED, "state_reason": "Er was een storing."}, "Er was een storing."),
        ({"state": ConsultationState.CANCELLED, "state_reason": "Het panel stopte."}, "Het panel stopte."),
        ({"state": ConsultationState.PROCESSED, "closes_at": NOON - A_DAY}, "is afgerond"),
    ]
    for number, (given, words) in enumerate(states):
        async with database.write() as tx:
            await a_consultation(tx, slug=f"kade-{number}", **given)
        await visitor.open(f"/consultations/kade-{number}")
        assert visitor.status == 200
        assert "/expectations?kind=idea" not in visitor.text
        await visitor.open(f"/consultations/kade-{number}/ideas/new")
        assert (visitor.status, words in visitor.text) == (200, True)
        assert [form.action for form in visitor.forms if "ideas" in form.action] == []


async def test_what_was_typed_while_it_was_suspended_is_refused(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await visitor.open("/consultations/kade/ideas/new")
    async with database.write() as tx:
        person = await a_person(tx)
        found = await tx.get_one(Consultation, consultation.id)
        await lifecycle.suspend(tx, consultation=found, reason="Storing", actor_id=person.id, now=NOON)

    await visitor.press("Verstuur uw idee", body=BODY, email=MAILBOX)

    assert visitor.status == 409
    assert "Storing" in visitor.text


async def test_a_draft_is_not_there_for_the_public(
    visitor: Visitor, another: Callable[[], Visitor], database: Database
) -> None:
    async with database.write() as tx:
        panel = await a_panel(tx)
        await a_consultation(tx, panel=panel, slug="kade", state=ConsultationState.DRAFT)
        secretary = await a_person(tx, role=Role.SECRETARY, panel=panel)
    own = another()
    await sign_in(own, database, secretary, carries_grants=True)

    for path in ("", "/ideas", "/expectations", "/ideas/new", "/ideas/sent", "/ideas.csv"):
        assert (await visitor.open(f"/consultations/kade{path}")).status_code == 404, path
        assert (await own.open(f"/consultations/kade{path}")).status_code == 200, path


# reading


@pytest.mark.parametrize("size", [1, 3])
async def test_pages_ask_as_many_questions_for_one_idea_as_for_three(
    visitor: Visitor, database: Database, consultation: Consultation, statements: list[str], size: int
) -> None:
    async with database.write() as tx:
        for _ in range(size):
            await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)

    for path, questions in (("/consultations/kade", 8), ("/consultations/kade/ideas", 4)):
        statements.clear()
        await visitor.open(path)
        assert visitor.text.count("card-idea") == size
        assert len([statement for statement in statements if statement.startswith("SELECT")]) == questions


@pytest.mark.parametrize("size", [1, 3])
async def test_the_front_page_asks_as_many_questions_for_one_as_for_three(
    visitor: Visitor, database: Database, statements: list[str], size: int
) -> None:
    async with database.write() as tx:
        for _ in range(size):
            panel = await a_panel(tx)
            periods: list[dict[str, Any]] = [{}, {"opens_at": NOON + A_DAY}, {"opens_at": OPENS, "closes_at": NOON}]
            for period in periods:
                await a_consultation(tx, panel=panel, **period)
    statements.clear()

    await visitor.open("/")

    assert visitor.status == 200
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 8


async def test_the_front_page_of_an_empty_site_says_so(visitor: Visitor, database: Database) -> None:
    await visitor.open("/")

    assert visitor.status == 200
    assert "Er loopt nu geen consultatie" in visitor.text


async def test_the_front_page_tells_what_became_of_what_closed(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        closed = await a_consultation(tx, title="De oude brug", opens_at=OPENS, closes_at=NOON - A_DAY)
        for route in (IdeaRoute.ANSWERED, IdeaRoute.ANSWERED, IdeaRoute.DISCUSSED):
            await an_idea(tx, consultation=closed, state=IdeaState.PUBLISHED, route=route)

    await visitor.open("/")

    for words in ("De oude brug", "3 inzendingen", "2 beantwoord", "1 besproken"):
        assert words in visitor.text


async def test_every_number_of_the_ledger_leads_somewhere(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    async with database.write() as tx:
        for state in IdeaState:
            await an_idea(tx, consultation=consultation, state=state)

    await visitor.open("/consultations/kade")

    assert "8 = 2 + 1 + 1 + 1 + 1 + 1 + 1" in visitor.text
    for label in ("worden gelezen", "gepubliceerd", "afgewezen", "vastgehouden", "ingetrokken", "verwijderd"):
        [address] = [address for text, address in visitor.links if re.fullmatch(rf"\d {label}", text)]
        if address.startswith("#"):
            assert f'id="{address[1:]}"' in visitor.text
        else:
            visitor_page = visitor.page
            assert (await visitor.open(address)).status_code == 200
            visitor.page = visitor_page


async def test_extensions_show_the_old_date_and_the_reason(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    async with database.write() as tx:
        person = await a_person(tx)
        found = await tx.get_one(Consultation, consultation.id)
        await lifecycle.extend(
            tx, consultation=found, closes_at=CLOSES + A_DAY, reason="Te weinig tijd.", actor_id=person.id, now=NOON
        )

    await visitor.open("/consultations/kade")

    for words in ("maandag 30 november 2026, 12.00 uur", "dinsdag 1 december 2026, 12.00 uur", "Te weinig tijd."):
        assert words in visitor.text


async def test_the_list_is_paged_sorted_filtered_and_searched(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    async with database.write() as tx:
        author = await a_person(tx)
        for number in range(17):
            await an_idea(
                tx,
                consultation=consultation,
                author=author,
                state=IdeaState.PUBLISHED,
                kind=IdeaKind.EXPERIENCE if number == 3 else IdeaKind.IDEA,
                title=f"Inzending {number:02d}",
                published_at=NOON - timedelta(minutes=number),
                endorsement_count=number,
            )

    def shown() -> list[str]:
        return re.findall(r"Inzending \d\d", visitor.text)

    await visitor.open("/consultations/kade/ideas")
    assert shown() == [f"Inzending {number:02d}" for number in range(15)]
    await visitor.follow("Volgende")
    assert shown() == ["Inzending 15", "Inzending 16"]
    await visitor.follow("Meeste steun")
    assert shown()[:2] == ["Inzending 16", "Inzending 15"]
    await visitor.follow("Volgende")
    assert shown() == ["Inzending 01", "Inzending 00"]
    await visitor.open("/consultations/kade/ideas")
    await visitor.press("Toon", kind="experience")
    assert shown() == ["Inzending 03"]
    await visitor.press("Toon", kind="", q="zending 07")
    assert shown() == ["Inzending 07"]
    await visitor.press("Toon", q="zzzz")
    assert "Niets gevonden" in visitor.text
    await visitor.open("/consultations/kade/ideas?sort=x&kind=x&after=x&most=999&q=%01")
    assert visitor.status == 200


async def test_the_list_is_fetched_alone_for_a_live_page(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    async with database.write() as tx:
        for _ in range(8):
            await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    await visitor.open("/consultations/kade")
    [source] = re.findall(rf'data-live="consultation:{consultation.id}" data-src="([^"]+)"', visitor.text)

    answer = await visitor.http.get(source, headers={"X-Fragment": "1"})

    assert "<html" not in answer.text
    assert answer.text.count("card-idea") == visitor.text.count("card-idea") == 6


async def test_the_ideas_can_be_downloaded(visitor: Visitor, database: Database, consultation: Consultation) -> None:
    async with database.write() as tx:
        await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, title="Bankjes")
        await an_idea(tx, consultation=consultation, state=IdeaState.REJECTED, title="Geheim")

    await visitor.open("/consultations/kade/ideas.csv")
    assert visitor.page.headers["content-type"] == "text/csv; charset=utf-8"
    assert ("Bankjes" in visitor.text, "Geheim" in visitor.text) == (True, False)
    await visitor.open("/consultations/kade/ideas.jsonl")
    assert visitor.page.json()["title"] == "Bankjes"


async def test_what_is_not_published_is_not_there(
    visitor: Visitor, another: Callable[[], Visitor], database: Database, consultation: Consultation
) -> None:
    async with database.write() as tx:
        author = await a_person(tx)
    own = another()
    await sign_in(own, database, author)

    for state in set(IdeaState) - {IdeaState.PUBLISHED}:
        async with database.write() as tx:
            idea = await an_idea(tx, consultation=consultation, author=author, state=state, title="Alleen voor mij")
        await visitor.open(f"/ideas/{idea.id}")
        assert (visitor.status, "Alleen voor mij" in visitor.text) == (404, False)
        await own.open(f"/ideas/{idea.id}")
        assert (own.status, "Alleen voor mij" in own.text) == (200, True)


async def test_a_withdrawn_idea_that_was_public_leaves_its_place(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        idea = await an_idea(tx, state=IdeaState.PUBLISHED, title="Bankjes", body="Langs de kade")
        await ideas.withdraw(tx, idea=idea, actor_id=idea.author_id, now=NOON)

    await visitor.open(f"/ideas/{idea.id}")

    assert visitor.status == 410
    assert idea.number in visitor.text
    assert ("Bankjes" in visitor.text, "Langs de kade" in visitor.text) == (False, False)


async def test_what_residents_wrote_is_text_and_never_markup(visitor: Visitor, database: Database) -> None:
    nasty = '<script>alert(1)</script>" onload=x {{ 7 * 7 }} https://waterveen.example/kade.'
    async with database.write() as tx:
        fields = {"title": nasty[:100], "body": nasty, "shown_name": nasty[:80], "place": nasty[:80]}
        fields |= {"stuck": nasty, "service": nasty}
        idea = await an_idea(tx, state=IdeaState.PUBLISHED, kind=IdeaKind.EXPERIENCE, **fields)  # type: ignore[arg-type]

    await visitor.open(f"/ideas/{idea.id}")

    assert "<script>alert" not in visitor.text
    assert visitor.text.count("&lt;script&gt;alert(1)") >= 5
    assert '<a href="https://waterveen.example/kade" rel="nofollow ugc noopener">' in visitor.text


# support


@pytest.fixture
async def idea(database: Database, consultation: Consultation) -> Idea:
    """A published idea."""
    async with database.write() as tx:
        return await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, title="Bankjes")


async def test_support_by_who_is_signed_in_takes_one_press(visitor: Visitor, database: Database, idea: Idea) -> None:
    async with database.write() as tx:
        person = await a_person(tx)
    await sign_in(visitor, database, person)
    another_tab = await visitor.open(f"/ideas/{idea.id}")
    await visitor.open(f"/ideas/{idea.id}")
    await visitor.press("Ik steun dit idee")
    assert "1 inwoner steunt dit" in visitor.text
    assert "Uw steun telt mee." in visitor.text
    visitor.page = another_tab
    await visitor.press("Ik steun dit idee")
    assert "U steunde dit idee al." in visitor.text
    await visitor.press("Neem uw steun terug")
    assert "Nog niemand steunt dit." in visitor.text


async def test_support_by_anybody_else_goes_by_a_letter(visitor: Visitor, database: Database, idea: Idea) -> None:
    await visitor.open(f"/ideas/{idea.id}")
    await visitor.press("Ik steun dit idee", email="geen adres")
    assert (visitor.status, 'value="geen adres"' in visitor.text) == (422, True)
    await visitor.press("Ik steun dit idee", email=MAILBOX)
    assert (visitor.status, MAILBOX in visitor.text, "Nog niemand steunt dit." in visitor.text) == (200, True, True)

    async with database.write() as tx:
        request = (await tx.scalars(select(EndorsementRequest))).one()
        link = await endorsements.confirm_link(tx, request_id=request.id, now=NOON)
    await visitor.open(link)
    await visitor.press("Ja, ik steun dit idee")

    assert visitor.path == f"/ideas/{idea.id}"
    assert ("1 inwoner steunt dit" in visitor.text, "Afmelden" in visitor.text) == (True, True)
    await visitor.open(link)
    assert (visitor.status, "al bevestigd" in visitor.text) == (410, True)


async def test_the_fourth_letter_of_a_day_is_not_sent(visitor: Visitor, database: Database, idea: Idea) -> None:
    for _ in range(3):
        await visitor.open(f"/ideas/{idea.id}")
        await visitor.press("Ik steun dit idee", email=MAILBOX)

    await visitor.open(f"/ideas/{idea.id}")
    await visitor.press("Ik steun dit idee", email=MAILBOX)

    assert visitor.status == 422
    assert "Kijk eerst in uw mail" in visitor.text


async def test_the_page_of_an_idea_has_no_field_twice(visitor: Visitor, idea: Idea) -> None:
    for path in (f"/ideas/{idea.id}", "/consultations/kade", "/consultations/kade/ideas/new"):
        await visitor.open(path)
        ids = re.findall(r'\sid="([^"]+)"', visitor.text)
        assert len(ids) == len(set(ids)), path


# what an author can still do


async def receipt_of(database: Database, idea: Idea) -> str:
    async with database.write() as tx:
        return await ideas.receipt_link(tx, idea_id=idea.id, now=NOON)


async def test_a_returned_idea_is_revised_through_the_receipt(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        idea = await an_idea(tx, title="Bankjes", body="Bel Jan op 0123.")
        await move_idea(tx, idea=idea, to=IdeaState.RETURNED, actor_id=None, now=NOON)
    receipt = await receipt_of(database, idea)

    await visitor.open(f"{receipt}/revise")
    assert "Bel Jan op 0123." in visitor.text
    await visitor.press("Stuur de nieuwe tekst in", body="")
    assert visitor.status == 422
    await visitor.press("Stuur de nieuwe tekst in", body="Zonder namen.")

    assert visitor.path == receipt
    found = await the_idea(database)
    assert (found.state, found.body) == (IdeaState.RECEIVED, "Zonder namen.")
    await visitor.open(f"{receipt}/revise")
    assert visitor.status == 409


async def test_withdrawing_is_asked_once_more(visitor: Visitor, database: Database, idea: Idea) -> None:
    receipt = await receipt_of(database, idea)
    await visitor.open(f"/ideas/{idea.id}")
    csrf = {"_csrf_token": visitor.forms[0].fields["_csrf_token"]}

    visitor.page = await visitor.http.post(f"{receipt}/withdraw", data=csrf)
    assert (visitor.status, (await the_idea(database)).state) == (200, IdeaState.PUBLISHED)
    await visitor.press("Ja, trek mijn inzending in")

    assert visitor.path == receipt
    assert (await the_idea(database)).state is IdeaState.WITHDRAWN


async def test_another_link_is_no_receipt(visitor: Visitor, database: Database, idea: Idea) -> None:
    await visitor.open("/receipts/nergens/revise")

    assert visitor.status == 404
