"""One form, one effect: however often it is sent, by whom, and whatever happened in between."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import httpx
import pytest
from litestar import Litestar, post
from litestar.datastructures import State
from litestar.response import Redirect
from sqlalchemy import func, select

from accounts import sessions, sign_in
from accounts.actor import ANONYMOUS
from accounts.models import Person, SessionRecord
from accounts.states import Role
from consultations import ideas, leaving
from consultations.models import Consultation, EndorsementRequest, Idea, IdeaVersion
from consultations.states import IdeaKind, IdeaState
from kernel import idempotency
from kernel.clock import StandingClock
from kernel.db import Base, Database
from kernel.events import EventRecord
from kernel.idempotency import Sent
from kernel.inject import Asked, FormData, Tx
from kernel.settings import Settings
from klankbord.app import create_app
from klankbord.errors import HANDLERS
from klankbord.providers import PROVIDERS
from klankbord.sendings import note
from moderation import queue
from notify import signing
from panels.models import AgendaItem
from panels.states import MeetingState
from tests.builders import a_meeting, a_moderated_consultation, a_moderator, a_panel, a_person, an_idea
from tests.moments import CLOSES, NOON
from tests.visitor import PageForm, Visitor
from themes.models import ClusterRun

Browsers = Callable[[], Visitor]
NEW = "/consultations/kade/ideas/new"
BODY = "Zet bankjes langs de kade. Dan kan mijn moeder weer wandelen."
OTHER = "Plant bomen langs de kade. Dan is er schaduw."
MAILBOX = "nieuw@waterveen.example"


@pytest.fixture
async def consultation(database: Database) -> Consultation:
    """An open consultation at /consultations/kade."""
    async with database.write() as tx:
        return await a_moderated_consultation(tx, slug="kade")


async def signed_in(visitor: Visitor, database: Database, person: Person) -> Visitor:
    async with database.write() as tx:
        secret, _ = await sessions.begin(tx, person=person, carries_grants=True, now=NOON)
    visitor.http.cookies.set("session", secret)
    return visitor


async def somebody_signed_in(visitor: Visitor, database: Database) -> Person:
    async with database.write() as tx:
        person = await a_person(tx)
    await signed_in(visitor, database, person)
    return person


async def count(database: Database, kind: type[Base]) -> int:
    async with database.read() as db:
        return await db.scalar(select(func.count()).select_from(kind)) or 0


async def the_idea(database: Database) -> Idea:
    async with database.read() as db:
        return (await db.scalars(select(Idea))).one()


def form_with(visitor: Visitor, words: str) -> PageForm:
    """The form on the page whose button holds these words."""
    return next(form for form in visitor.forms if any(words in text for *_, text in form.buttons))


def filled_in(visitor: Visitor, words: str, **typed: Any) -> tuple[str, dict[str, Any]]:
    """Where the form with this button would be sent, and what it would send."""
    form = form_with(visitor, words)
    button = {name: value for name, value, text in form.buttons if words in text and name}
    return form.action, {**form.fields, **button, **typed}


async def send(visitor: Visitor, sending: tuple[str, dict[str, Any]]) -> httpx.Response:
    """Send it, and look at the answer itself."""
    address, fields = sending
    return await visitor.http.post(address, data=fields, follow_redirects=False)


def told(answers: Sequence[httpx.Response]) -> set[tuple[int, str, str]]:
    """The different answers among these."""
    return {(one.status_code, one.headers.get("location", ""), one.text) for one in answers}


async def an_idea_typed(visitor: Visitor, body: str = BODY) -> tuple[str, dict[str, Any]]:
    await visitor.open(NEW)
    return filled_in(visitor, "Verstuur uw idee", body=body, email=MAILBOX)


# the same again


async def test_twenty_at_once_are_one_idea_and_twenty_equal_answers(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    sending = await an_idea_typed(visitor)

    answers = await asyncio.gather(*(send(visitor, sending) for _ in range(20)))

    assert {(status, place) for status, place, _ in told(answers)} == {(303, "/consultations/kade/ideas/sent")}
    assert len(told(answers)) == 1
    assert sum(one.headers.get("idempotent-replayed") == "true" for one in answers) == 19
    assert await count(database, Idea) == 1


async def test_twenty_clicks_of_somebody_known_lead_to_one_receipt(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await somebody_signed_in(visitor, database)
    await visitor.open(NEW)
    sending = filled_in(visitor, "Verstuur uw idee", body=BODY)

    answers = await asyncio.gather(*(send(visitor, sending) for _ in range(20)))

    assert len(told(answers)) == 1
    assert await count(database, Idea) == 1
    await visitor.open(answers[-1].headers["location"])
    assert BODY in visitor.text


async def test_after_a_dropped_connection_the_retry_gets_the_answer_that_was_lost(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    sending = await an_idea_typed(visitor)
    lost = await send(visitor, sending)
    visitor.http.cookies.delete("sent")

    retry = await send(visitor, sending)

    assert told([retry]) == told([lost])
    await visitor.open(retry.headers["location"])
    assert MAILBOX in visitor.text  # the cookie that names the address came again too
    assert await count(database, Idea) == 1


async def test_a_restart_in_between_changes_nothing(
    visitor: Visitor, database: Database, settings: Settings, clock: StandingClock, consultation: Consultation
) -> None:
    sending = await an_idea_typed(visitor)
    first = await send(visitor, sending)
    clock.move(timedelta(days=80))
    fresh = Database(settings.database_url)
    restarted = Visitor(create_app(settings, clock=clock, database=fresh))
    restarted.http.cookies = visitor.http.cookies

    again = await send(restarted, sending)
    await restarted.close()
    await fresh.close()

    assert told([again]) == told([first])
    assert await count(database, Idea) == 1


async def test_two_servers_of_one_database_take_it_once(
    visitor: Visitor, database: Database, settings: Settings, clock: StandingClock, consultation: Consultation
) -> None:
    sending = await an_idea_typed(visitor)
    second_door = Database(settings.database_url)
    elsewhere = Visitor(create_app(settings, clock=clock, database=second_door))
    elsewhere.http.cookies = visitor.http.cookies

    answers = await asyncio.gather(*(send(one, sending) for one in (visitor, elsewhere) * 8))
    await elsewhere.close()
    await second_door.close()

    assert len(told(answers)) == 1
    assert await count(database, Idea) == 1


async def test_back_and_send_again_is_one_idea(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    form = await visitor.open(NEW)
    await visitor.press("Verstuur uw idee", body=BODY, email=MAILBOX)
    visitor.page = form

    await visitor.press("Verstuur uw idee", body=BODY, email=MAILBOX)

    assert (visitor.status, visitor.path) == (200, "/consultations/kade/ideas/sent")
    assert await count(database, Idea) == 1


async def test_confirming_twice_leads_to_the_receipt_twice(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await send(visitor, await an_idea_typed(visitor))
    async with database.write() as tx:
        link = await ideas.confirm_link(tx, idea=(await tx.scalars(select(Idea))).one(), now=NOON)
    await visitor.open(link)
    sending = filled_in(visitor, "Ja, dit is van mij")

    answers = [await send(visitor, sending) for _ in range(3)]

    assert len(told(answers)) == 1
    assert await count(database, SessionRecord) == 1


async def test_support_is_asked_for_once(visitor: Visitor, database: Database, consultation: Consultation) -> None:
    async with database.write() as tx:
        idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    await visitor.open(f"/ideas/{idea.id}")
    sending = filled_in(visitor, "Ik steun dit idee", email=MAILBOX)

    answers = await asyncio.gather(*(send(visitor, sending) for _ in range(5)))

    assert len(told(answers)) == 1
    assert await count(database, EndorsementRequest) == 1


async def test_a_decision_is_taken_once_and_leads_on_each_time(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    async with database.write() as tx:
        first = await an_idea(tx, consultation=consultation, title="Bankjes", received_at=NOON - timedelta(hours=2))
        second = await an_idea(tx, consultation=consultation, title="Bomen")
        moderator = await tx.get_one(Person, (await a_moderator(tx)).person_id)
    await signed_in(visitor, database, moderator)
    await visitor.open(f"/moderation/ideas/{first.id}")
    sending = filled_in(visitor, "Publiceren")

    answers = await asyncio.gather(*(send(visitor, sending) for _ in range(5)))

    assert len(told(answers)) == 1
    assert answers[0].headers["location"].startswith(f"/moderation/ideas/{second.id}")
    async with database.read() as db:
        facts = await db.scalars(select(EventRecord.name).where(EventRecord.subject == f"idea:{first.id}"))
        assert list(facts).count("idea.published") == 1


async def test_a_point_comes_onto_the_agenda_once(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        panel = await a_panel(tx)
        meeting = await a_meeting(tx, panel=panel, state=MeetingState.AGENDA_OPEN)
        secretary = await a_person(tx, role=Role.SECRETARY, panel=panel)
    await signed_in(visitor, database, secretary)
    await visitor.open(f"/desk/meetings/{meeting.id}/points/new")
    sending = filled_in(visitor, "Zet op de agenda", title="Opening", question="Wie is er?", minutes="10")

    answers = await asyncio.gather(*(send(visitor, sending) for _ in range(5)))

    assert {one.status_code for one in answers} == {303}
    assert len(told(answers)) == 1
    assert await count(database, AgendaItem) == 1


async def test_a_sign_in_link_clicked_twice_leads_to_the_same_place_in_one_session(
    visitor: Visitor, database: Database, clock: StandingClock
) -> None:
    async with database.write() as tx:
        person = await a_person(tx)
        request = await sign_in.open_request(tx, person=person, browser=None, next_path="/panels", now=NOON)
        link = await sign_in.link_for(tx, request_id=request.id, now=NOON)
    await visitor.open(link)
    sending = filled_in(visitor, "Aanmelden")

    first = await send(visitor, sending)
    visitor.http.cookies.delete("session")  # the browser let go of the first answer when it was clicked again
    again = await send(visitor, sending)
    await visitor.open("/account")
    clock.move(timedelta(minutes=2))
    late = await send(visitor, sending)

    assert told([first, again, late]) == {(303, "/panels", "")}
    assert visitor.status == 200
    assert again.headers["set-cookie"] == first.headers["set-cookie"]
    assert late.headers.get("set-cookie") is None
    assert await count(database, SessionRecord) == 1


async def test_signing_out_from_an_old_page_ends_the_new_session_too(visitor: Visitor, database: Database) -> None:
    person = await somebody_signed_in(visitor, database)
    await visitor.open("/panels")
    sending = filled_in(visitor, "Afmelden")
    first = await send(visitor, sending)
    await signed_in(visitor, database, person)

    again = await send(visitor, sending)

    assert told([first, again]) == {(303, "/", "")}
    assert await count(database, SessionRecord) == 0


async def test_what_was_thrown_away_unconfirmed_can_be_sent_again(
    visitor: Visitor, database: Database, clock: StandingClock, consultation: Consultation
) -> None:
    sending = await an_idea_typed(visitor)
    await send(visitor, sending)
    clock.move(timedelta(hours=48))
    async with database.write() as tx:
        assert await leaving.discard_unconfirmed(tx, now=clock.now()) == 1

    again = await send(visitor, sending)

    assert (again.status_code, "idempotent-replayed" in again.headers) == (303, False)
    assert (await the_idea(database)).body == BODY


# what keeps no key


async def test_a_mistake_keeps_the_key_for_what_is_sent_after_it(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    first_print = await visitor.open(NEW)
    key = form_with(visitor, "Verstuur uw idee").fields[idempotency.FIELD]
    await visitor.press("Verstuur uw idee", body="", email=MAILBOX)
    assert (visitor.status, form_with(visitor, "Verstuur uw idee").fields[idempotency.FIELD]) == (422, key)
    assert await count(database, Sent) == 0
    await visitor.press("Verstuur uw idee", body=BODY)
    assert await count(database, Sent) == 1

    visitor.page = first_print  # back twice: to the form before the mistake
    await visitor.press("Verstuur uw idee", body=BODY, email=MAILBOX)

    assert (visitor.path, await count(database, Idea)) == ("/consultations/kade/ideas/sent", 1)


async def test_a_question_in_between_keeps_the_key_too(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await visitor.open(NEW)
    key = form_with(visitor, "Verstuur uw idee").fields[idempotency.FIELD]
    await visitor.press("Maak er een ervaring van", body=BODY, email=MAILBOX)
    assert form_with(visitor, "Verstuur uw ervaring").fields[idempotency.FIELD] == key
    assert await count(database, Sent) == 0

    await visitor.press("Verstuur uw ervaring")

    assert (await the_idea(database)).kind is IdeaKind.EXPERIENCE


async def test_every_form_on_a_page_has_a_key_of_its_own(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await somebody_signed_in(visitor, database)
    keys: list[str] = []
    for _ in range(2):
        await visitor.open(NEW)
        keys += [key for form in visitor.forms if form.method == "post" for key in form.fields[idempotency.FIELD]]

    assert len(keys) >= 6
    assert len(set(keys)) == len(keys)


async def test_a_failure_and_a_refusal_keep_nothing(settings: Settings, database: Database) -> None:
    @post("/try", status_code=303)
    async def try_it(tx: Tx, data: FormData) -> Redirect:
        await a_person(tx, email=data["email"])
        if data["email"].startswith("mis"):
            raise RuntimeError
        return Redirect("/done", status_code=303)

    async def arrive(request: Asked) -> None:
        request.scope["received_at"] = NOON  # type: ignore[typeddict-unknown-key]  # as Reception does
        request.scope["user"] = ANONYMOUS

    providers = {"tx": PROVIDERS["tx"]}
    state = State({"database": database, "settings": settings})
    app = Litestar(
        [try_it],
        dependencies=providers,
        exception_handlers={key: HANDLERS[key] for key in HANDLERS if key is not Exception},
        after_request=note,
        before_request=arrive,
        state=state,
    )
    async with Visitor(app) as visitor:
        headers = {"idempotency-key": "a-key-of-my-own-making"}
        failed = await visitor.http.post("/try", data={"email": "mis@waterveen.example"}, headers=headers)
        assert (failed.status_code, await count(database, Person), await count(database, Sent)) == (500, 0, 0)

        fields = {"email": "goed@waterveen.example"}
        answers = [
            await visitor.http.post("/try", data=fields, headers=headers, follow_redirects=False) for _ in range(2)
        ]

    assert told(answers) == {(303, "/done", "")}
    assert (await count(database, Person), await count(database, Sent)) == (1, 1)


async def test_a_program_that_knows_of_no_keys_is_served_as_well(
    visitor: Visitor, database: Database, settings: Settings
) -> None:
    async with database.write() as tx:
        person = await a_person(tx)
    link = signing.unsubscribe_path(settings, person_id=person.id, scope=signing.OWN_IDEAS)

    answers = [await send(visitor, (link, {"List-Unsubscribe": "One-Click"})) for _ in range(2)]

    assert [one.status_code for one in answers] == [200, 200]
    assert await count(database, Sent) == 0


async def test_a_second_that_waits_too_long_is_told_to_look_later(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    database.patience = 0.2
    sending = await an_idea_typed(visitor)

    async with database.write():
        answers = await asyncio.gather(send(visitor, sending), send(visitor, sending))

    later, busy = sorted(answers, key=lambda answer: answer.status_code)
    assert (later.status_code, busy.status_code) == (409, 503)
    assert "Wij zijn nog bezig met dit formulier." in later.text
    visitor.page = later
    await visitor.press("Verstuur het nog een keer")
    assert (visitor.path, await count(database, Idea)) == ("/consultations/kade/ideas/sent", 1)
    assert (await send(visitor, sending)).headers["idempotent-replayed"] == "true"


async def test_it_costs_one_question_and_one_row(
    visitor: Visitor, database: Database, consultation: Consultation, statements: list[str]
) -> None:
    sending = await an_idea_typed(visitor)
    costs: list[list[str]] = []
    for _ in range(2):
        statements.clear()
        await send(visitor, sending)
        costs.append([one.split()[0] for one in statements if "idempotency" in one])

    assert costs == [["SELECT", "INSERT"], ["SELECT"]]


# something else under the same key


async def sent_twice(visitor: Visitor, body: str = OTHER, **typed: Any) -> None:
    """Send an idea, press Back, and send another text with the same form."""
    form = await visitor.open(NEW)
    known = "email" not in form_with(visitor, "Verstuur uw idee").fields
    address = {} if known else {"email": MAILBOX}
    await visitor.press("Verstuur uw idee", body=BODY, **address)
    visitor.page = form
    await visitor.press("Verstuur uw idee", body=body, **{**address, **typed})


async def test_another_text_is_asked_about_with_the_first_beside_it(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await sent_twice(visitor)

    assert visitor.status == 409
    assert (BODY in visitor.text, OTHER in visitor.text) == (True, True)
    assert [text for *_, text in form_with(visitor, "tweede").buttons] == [
        "Verander mijn eerdere idee",
        "Stuur als tweede idee",
    ]
    assert await count(database, Idea) == 1


async def test_the_first_can_be_changed_until_somebody_reads_it(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await sent_twice(visitor)
    changed = filled_in(visitor, "Verander mijn eerdere idee")

    answers = [await send(visitor, changed) for _ in range(2)]

    assert told(answers) == {(303, "/consultations/kade/ideas/sent?corrected=1", "")}
    idea = await the_idea(database)
    assert (idea.body, idea.title, idea.state) == (OTHER, "Plant bomen langs de kade", IdeaState.SUBMITTED)
    async with database.read() as db:
        texts = list(await db.scalars(select(IdeaVersion.body).order_by(IdeaVersion.number)))
        facts = list(await db.scalars(select(EventRecord.name).where(EventRecord.subject == f"idea:{idea.id}")))
    assert (texts, facts) == ([BODY, OTHER], ["idea.submitted", "idea.corrected"])
    await visitor.open(answers[0].headers["location"])
    assert "Uw nieuwe tekst staat nu in de plaats van de eerste." in visitor.text


async def test_or_sent_as_a_second_idea(visitor: Visitor, database: Database, consultation: Consultation) -> None:
    await sent_twice(visitor)
    second = filled_in(visitor, "Stuur als tweede idee")

    answers = [await send(visitor, second) for _ in range(2)]

    assert told(answers) == {(303, "/consultations/kade/ideas/sent", "")}
    async with database.read() as db:
        assert list(await db.scalars(select(Idea.body).order_by(Idea.id))) == [BODY, OTHER]


async def test_a_mistake_on_that_page_keeps_both_choices(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await sent_twice(visitor)
    await visitor.press("Verander mijn eerdere idee", body="")
    assert (visitor.status, BODY in visitor.text) == (422, True)
    await visitor.press("Verander mijn eerdere idee", body=OTHER, email="ander@waterveen.example")
    assert (visitor.status, "met een ander e-mailadres" in visitor.text) == (422, True)

    await visitor.press("Verander mijn eerdere idee", email=MAILBOX)

    assert (await the_idea(database)).body == OTHER


async def test_what_was_confirmed_can_be_changed_by_its_author_and_leads_to_the_receipt(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await somebody_signed_in(visitor, database)
    await sent_twice(visitor)

    await visitor.press("Verander mijn eerdere idee")

    assert visitor.path.startswith("/receipts/")
    idea = await the_idea(database)
    assert (idea.body, idea.state) == (OTHER, IdeaState.RECEIVED)


async def test_what_a_moderator_reads_is_not_changed_any_more(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    await somebody_signed_in(visitor, database)
    await sent_twice(visitor)
    async with database.write() as tx:
        moderator = await a_moderator(tx)
        await queue.claim(tx, idea=(await tx.scalars(select(Idea))).one(), actor=moderator, now=NOON)

    await visitor.press("Verander mijn eerdere idee")

    assert (visitor.status, OTHER in visitor.text) == (409, True)
    assert "Uw eerdere tekst kunt u hier niet meer veranderen." in visitor.text
    assert [text for *_, text in form_with(visitor, "tweede").buttons] == ["Stuur als tweede idee"]
    await visitor.press("Stuur als tweede idee")
    async with database.read() as db:
        assert list(await db.scalars(select(Idea.body).order_by(Idea.id))) == [BODY, OTHER]


async def test_what_came_in_time_is_not_changed_after_the_close(
    visitor: Visitor, database: Database, clock: StandingClock, consultation: Consultation
) -> None:
    await sent_twice(visitor)
    clock.move(CLOSES - NOON)

    await visitor.press("Verander mijn eerdere idee")

    assert (visitor.status, (await the_idea(database)).body) == (409, BODY)


async def test_a_changed_idea_can_still_be_revised_when_it_comes_back(
    visitor: Visitor, another: Browsers, database: Database, consultation: Consultation
) -> None:
    await somebody_signed_in(visitor, database)
    await sent_twice(visitor)
    await visitor.press("Verander mijn eerdere idee")
    receipt = visitor.path
    async with database.write() as tx:
        moderator = await tx.get_one(Person, (await a_moderator(tx)).person_id)
        idea_id = (await tx.scalars(select(Idea.id))).one()
    decides = await signed_in(another(), database, moderator)
    await decides.open(f"/moderation/ideas/{idea_id}")
    await decides.press("Terug", ground="off_topic", explanation="Dit gaat over iets anders.")

    await visitor.open(f"{receipt}/revise")

    assert visitor.status == 200


async def test_somebody_else_in_the_same_browser_sees_and_changes_nothing(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    async with database.write() as tx:
        person, other = await a_person(tx), await a_person(tx)
    await signed_in(visitor, database, person)
    form = await visitor.open(NEW)
    await visitor.press("Verstuur uw idee", body=BODY)
    visitor.page = form
    await signed_in(visitor, database, other)

    await visitor.press("Verstuur uw idee", body=BODY)

    assert (visitor.status, visitor.text.count(BODY)) == (409, 1)
    assert "Verander mijn eerdere idee" not in visitor.text


async def test_any_other_form_tells_what_was_sent_now_and_can_be_sent_as_well(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    async with database.write() as tx:
        idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    form = await visitor.open(f"/ideas/{idea.id}")
    await visitor.press("Ik steun dit idee", email=MAILBOX)
    visitor.page = form

    await visitor.press("Ik steun dit idee", email="ander@waterveen.example")

    assert (visitor.status, "sent_before" in visitor.text) == (409, True)
    assert (f"/ideas/{idea.id}?told=asked#support") in [address for _, address in visitor.links]
    assert await count(database, EndorsementRequest) == 1
    await visitor.press("Verstuur dit ook")
    assert await count(database, EndorsementRequest) == 2


async def test_what_was_typed_in_it_is_shown_and_sent_as_it_was(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        panel = await a_panel(tx)
        meeting = await a_meeting(tx, panel=panel, state=MeetingState.AGENDA_OPEN)
        secretary = await a_person(tx, role=Role.SECRETARY, panel=panel)
    await signed_in(visitor, database, secretary)
    form = await visitor.open(f"/desk/meetings/{meeting.id}/points/new")
    await visitor.press("Zet op de agenda", title="Opening", question="Wie is er?", minutes="10")
    visitor.page = form
    question = 'Wat vindt u van "bankjes" & <bomen>?\n\nWaarom?'

    await visitor.press("Zet op de agenda", title="Groen", question=question, minutes="20")

    assert (visitor.status, "Wat vindt u van &#34;bankjes&#34; &amp; &lt;bomen&gt;?" in visitor.text) == (409, True)
    await visitor.press("Verstuur dit ook")
    async with database.read() as db:
        points = await db.execute(select(AgendaItem.title, AgendaItem.question).order_by(AgendaItem.id))
        assert [tuple(point) for point in points] == [("Opening", "Wie is er?"), ("Groen", question)]


@pytest.mark.slow
async def test_themes_are_made_once_although_no_transaction_is_open_meanwhile(
    visitor: Visitor, database: Database, consultation: Consultation
) -> None:
    async with database.write() as tx:
        author = await a_person(tx)
        for title in ("Bankjes langs de kade", "Bankjes op het plein", "Meer bomen", "Bomen bij school"):
            await an_idea(tx, consultation=consultation, author=author, title=title, state=IdeaState.PUBLISHED)
        secretary = await a_person(tx, role=Role.SECRETARY)
    await signed_in(visitor, database, secretary)
    await visitor.open("/desk/themes/kade")
    sending = filled_in(visitor, "Maak thema")

    answers = await asyncio.gather(send(visitor, sending), send(visitor, sending))
    later = await send(visitor, sending)

    assert told([*answers, later]) == {(303, "/desk/themes/kade?done=made#main", "")}
    assert (await count(database, ClusterRun), await count(database, Sent)) == (1, 1)
