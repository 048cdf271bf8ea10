"""Who has no e-mail is heard too: written down at the counter, printed, moderated, told; able to look and undo."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from litestar import Litestar
from sqlalchemy import func, select

from accounts.models import Person
from accounts.states import Role
from consultations import ideas, lifecycle, on_behalf, queries, round_queries, rounds
from consultations.ideas import Written
from consultations.models import Consultation, Idea, IdeaVersion
from consultations.on_behalf import Told
from consultations.states import ConsultationState, IdeaState
from consultations.ways_models import Intake
from consultations.ways_states import IntakeWay
from kernel.clock import StandingClock
from kernel.db import Database, WriteSession
from kernel.events import EventRecord
from klankbord.on_behalf.finding import TRIES
from notify.models import Message
from notify.states import MessageState
from panels.models import Panel
from tests.builders import a_moderated_consultation, a_panel, a_person
from tests.moments import CLOSES, NOON, OPENS
from tests.panels.staff import signed_in
from tests.visitor import Visitor

BODY = "De bushalte bij de kerk heeft geen bankje. Ik kan daar niet staan wachten."
TYPED: dict[str, Any] = {"way": "counter", "kind": "idea", "body": BODY}


@pytest.fixture
async def panel(database: Database) -> Panel:
    async with database.write() as tx:
        return await a_panel(tx, slug="waterveen")


@pytest.fixture
async def consultation(database: Database, panel: Panel) -> Consultation:
    async with database.write() as tx:
        return await a_moderated_consultation(tx, panel=panel, slug="bankjes", title="Rusten in de stad")


@pytest.fixture
async def counter(visitor: Visitor, database: Database, panel: Panel, consultation: Consultation) -> Visitor:
    """A secretary who sits at the counter today, before the form."""
    await signed_in(visitor, database, Role.SECRETARY, panel)
    await visitor.open("/desk/on-behalf")
    await visitor.follow("Schrijf een inzending op")
    return visitor


def code_on(visitor: Visitor) -> str:
    """The code on the sheet that the visitor looks at."""
    return visitor.path.removeprefix("/receipts/").removesuffix("/print")


async def the_only(database: Database) -> tuple[Idea, Intake, Person]:
    async with database.read() as db:
        idea = (await db.scalars(select(Idea))).one()
        return idea, await db.get_one(Intake, idea.id), await db.get_one(Person, idea.author_id)


async def test_what_is_told_at_the_counter_is_received_and_printed(counter: Visitor, database: Database) -> None:
    await counter.press("Bewaar en print", **TYPED, reach="Kerkstraat 3, Waterveen")

    idea, intake, author = await the_only(database)
    assert (idea.state, idea.body, idea.is_late) == (IdeaState.RECEIVED, BODY, False)
    assert (intake.way, intake.is_without_mail, intake.reach) == (IntakeWay.COUNTER, True, "Kerkstraat 3, Waterveen")
    assert author.email.endswith("@papier.klankbord.invalid")
    assert counter.status == 200
    assert idea.number in counter.text
    assert on_behalf.shown(code_on(counter)) in counter.text
    assert BODY in counter.text
    assert "Kerkstraat 3" not in counter.text
    async with database.read() as db:
        facts = (await db.scalars(select(EventRecord).where(EventRecord.subject == f"idea:{idea.id}"))).all()
    assert [one.name for one in facts] == ["idea.received", "idea.entered_on_behalf", "idea.receipt_printed"]
    assert facts[0].actor_id == author.id


async def test_nobody_is_written_to_who_reads_no_mail(
    app: Litestar, counter: Visitor, database: Database, clock: StandingClock
) -> None:
    await counter.press("Bewaar en print", **TYPED)
    await app.state.worker.turn(clock.now())

    async with database.read() as db:
        letters = (await db.scalars(select(Message))).all()
    assert {(one.template, one.state, one.last_error) for one in letters} >= {
        ("idea_received", MessageState.SUPPRESSED, "has no mailbox")
    }


async def test_who_has_an_address_is_written_to_as_anybody(
    app: Litestar, counter: Visitor, database: Database, clock: StandingClock
) -> None:
    await counter.press("Bewaar en print", **TYPED, email="mevrouw@waterveen.example")
    await app.state.worker.turn(clock.now())

    _idea, intake, author = await the_only(database)
    assert (author.email, intake.is_without_mail) == ("mevrouw@waterveen.example", False)
    async with database.read() as db:
        sent = await db.scalar(select(func.count()).where(Message.person_id == author.id, Message.sent_at.is_not(None)))
    assert sent == 1


async def test_with_number_and_code_anybody_looks_from_any_computer_and_takes_it_back(
    counter: Visitor, another: Callable[[], Visitor], database: Database
) -> None:
    await counter.press("Bewaar en print", **TYPED, reach="06 12345678")
    idea, _intake, _author = await the_only(database)
    library = another()

    await library.open("/receipts")
    code = on_behalf.shown(code_on(counter)).lower().replace("-", " ")
    await library.press("Bekijk mijn inzending", number=idea.number.replace("-", " "), code=code)
    assert BODY in library.text
    await library.press("Trek mijn inzending in")
    await library.press("Ja", sure="1")

    idea, intake, _author = await the_only(database)
    assert (idea.state, idea.body, intake.reach) == (IdeaState.WITHDRAWN, "", "")
    async with database.read() as db:
        assert (await db.scalars(select(IdeaVersion.body))).all() == [""]


async def test_a_code_with_another_number_opens_nothing_and_guessing_ends(
    counter: Visitor, another: Callable[[], Visitor]
) -> None:
    await counter.press("Bewaar en print", **TYPED)
    guesser = another()
    await guesser.open("/receipts")

    await guesser.press("Bekijk mijn inzending", number="2026-99999", code=code_on(counter))
    assert (guesser.status, "horen niet bij elkaar" in guesser.text) == (422, True)
    for _ in range(TRIES):
        await guesser.press("Bekijk mijn inzending", number="2026-00001", code="BCDF GHJK MNPQ RTVW")
    assert guesser.status == 429


async def test_a_lost_paper_opens_nothing_once_it_was_printed_anew(
    counter: Visitor, another: Callable[[], Visitor]
) -> None:
    await counter.press("Bewaar en print", **TYPED)
    first = code_on(counter)
    await counter.follow("Naar deze inzending")
    await counter.press("Print de brief")
    second = code_on(counter)
    await counter.follow("Naar deze inzending")
    holder = another()
    assert (await holder.open(f"/receipts/{first}")).status_code == 200

    await counter.press("Print de brief", is_lost="1")
    third = code_on(counter)

    answers = [(await holder.open(f"/receipts/{code}")).status_code for code in (first, second, third)]
    assert answers == [410, 410, 200]


async def test_what_a_moderator_decided_waits_to_be_told_and_stands_on_the_sheet(
    counter: Visitor, another: Callable[[], Visitor], database: Database, panel: Panel, clock: StandingClock
) -> None:
    await counter.press("Bewaar en print", **TYPED)
    idea, _intake, _author = await the_only(database)
    moderator = another()
    await signed_in(moderator, database, Role.MODERATOR, panel)
    await moderator.open(f"/moderation/ideas/{idea.id}")
    assert "aan de balie verteld" in moderator.text
    await moderator.press("Afwijzen", ground="commercial", explanation="U noemt de prijs van uw eigen bankjes.")

    await counter.open("/desk/on-behalf")
    assert "nog te vertellen" in counter.text
    await counter.follow(idea.number)
    await counter.press("Print de brief")
    assert "U noemt de prijs van uw eigen bankjes." in counter.text
    assert "Dat kan tot en met zondag 23 mei 2027" in counter.text
    clock.move(timedelta(hours=1))
    await counter.follow("Naar deze inzending")
    await counter.press("Verstuurd of verteld")
    await counter.open("/desk/on-behalf")
    assert "nog te vertellen" not in counter.text


@pytest.mark.parametrize(
    ("closed_for", "handed_in", "is_late"),
    [
        (timedelta(days=-1), timedelta(0), False),
        (timedelta(hours=1), timedelta(minutes=61), False),
        (timedelta(hours=1), timedelta(minutes=60), True),
        (timedelta(hours=1), timedelta(0), True),
    ],
)
async def test_paper_that_came_in_time_is_in_time_however_late_it_is_typed(
    tx: WriteSession, closed_for: timedelta, handed_in: timedelta, is_late: bool
) -> None:
    consultation = await a_moderated_consultation(tx)
    now = CLOSES + closed_for
    told = Told(way=IntakeWay.PAPER, handed_in_at=now - handed_in)
    written = Written(body=BODY)

    idea, _code = await on_behalf.enter(
        tx, consultation=consultation, written=written, told=told, actor_id=(await a_person(tx)).id, now=now
    )

    assert (idea.is_late, idea.received_at, idea.confirmed_at) == (is_late, now - handed_in, now)


@pytest.mark.parametrize(
    "moment", [NOON + timedelta(seconds=1), NOON - timedelta(days=14, seconds=1), OPENS - timedelta(1)]
)
async def test_nothing_is_dated_in_the_future_long_ago_or_before_the_opening(tx: WriteSession, moment: Any) -> None:
    consultation = await a_moderated_consultation(tx)
    told = Told(way=IntakeWay.PAPER, handed_in_at=moment)

    with pytest.raises(on_behalf.NotHandedIn):
        await on_behalf.enter(
            tx, consultation=consultation, written=Written(body=BODY), told=told, actor_id=1, now=NOON
        )


async def test_the_form_says_what_is_missing_and_keeps_what_was_typed(counter: Visitor, database: Database) -> None:
    await counter.press(
        "Bewaar en print", **TYPED | {"body": "", "email": "geen adres", "handed_in_date": "2020-01-01"}
    )

    assert counter.status == 422
    assert "Schrijf uw idee op." in counter.text
    assert "Heeft de inzender er geen?" in counter.text
    assert "laatste veertien dagen" in counter.text
    async with database.read() as db:
        assert await db.scalar(select(func.count()).select_from(Idea)) == 0


async def test_the_empty_form_carries_the_question_and_where_to_bring_it(
    visitor: Visitor, database: Database, panel: Panel, consultation: Consultation
) -> None:
    await signed_in(visitor, database, Role.SECRETARY, panel)
    await visitor.open(f"/desk/consultations/{consultation.id}")
    await visitor.follow("Hoe mensen kunnen meedoen")
    await visitor.press("Bewaar", offline_help="Stadhuis, maandag tot vrijdag. Of bel 0123 456 789.")

    for page in ("", "/expectations", "/paper"):
        await visitor.open(f"/consultations/{consultation.slug}{page}")
        assert "Of bel 0123 456 789." in visitor.text
    assert consultation.question in visitor.text
    assert f"panel.test/consultations/{consultation.slug}" in visitor.text


async def test_the_public_reads_that_it_came_on_paper(counter: Visitor, database: Database) -> None:
    await counter.press("Bewaar en print", **TYPED | {"way": "paper"})
    idea, _intake, author = await the_only(database)
    async with database.write() as tx:
        found = await queries.idea_by_id(tx, idea.id)
        await ideas.move(tx, idea=found, to=IdeaState.PUBLISHED, actor_id=None, now=NOON)

    await counter.open(f"/ideas/{idea.id}")

    assert "op papier ingeleverd, overgeschreven door een medewerker" in counter.text
    assert author.email not in counter.text


def test_numbers_and_codes_are_read_as_people_type_them() -> None:
    assert [on_behalf.read_number(one) for one in ("2026-00042", " 2026 42", "202600042", "42", "2026/0042x")] == [
        *("2026-00042", "2026-00042", "2026-00042", "", ""),
    ]
    assert on_behalf.read(" bcdf-ghjk–mnpq rtvw.") == "BCDFGHJKMNPQRTVW"
    assert [on_behalf.read(one) for one in ("BCDF", "ABCD-EFGH-IJKL-MNOP", "")] == ["", "", ""]


async def test_the_questions_of_the_panel_stand_on_the_form_and_one_is_chosen_at_the_counter(
    visitor: Visitor, database: Database, panel: Panel
) -> None:
    async with database.write() as tx:
        asking = await a_moderated_consultation(tx, panel=panel, slug="bad", state=ConsultationState.DRAFT)
        await rounds.set_prompts(tx, consultation=asking, texts=["Wat wilt u bewaren?", "Wat mag weg?"])
        await lifecycle.announce(tx, consultation=asking, actor_id=None, now=OPENS - timedelta(days=7))
        kept, gone = await round_queries.prompts_of(tx, asking.id)
    await visitor.open("/consultations/bad/paper")
    assert [one.text in visitor.text for one in (kept, gone)] == [True, True]

    await signed_in(visitor, database, Role.SECRETARY, panel)
    await visitor.open("/desk/on-behalf/bad/new")
    await visitor.press("Bewaar en print", **TYPED, prompt=str(gone.id))

    idea, _intake, _author = await the_only(database)
    assert idea.prompt_id == gone.id
