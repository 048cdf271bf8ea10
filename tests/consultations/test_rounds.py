"""A consultation's questions and phases: set in the draft, fixed once announced, decided by the moment of receipt."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consultations import endorsements, ideas, lifecycle, phase_rules, round_queries, rounds, rules
from consultations.forms import IdeaForm
from consultations.models import Consultation, Idea
from consultations.round_models import Phase, Prompt
from consultations.similar import Alike
from consultations.states import Act, ConsultationState, IdeaKind, IdeaState, PhaseKind
from kernel.clock import StandingClock
from kernel.db import Database, ReadSession, WriteSession
from tests.builders import a_consultation, a_person, an_idea
from tests.moments import CLOSES, NOON, OPENS
from tests.visitor import Visitor

SUPPORTED, DISCUSSED = CLOSES + timedelta(days=4), CLOSES + timedelta(days=8)
PHASES = {PhaseKind.ENDORSE: SUPPORTED, PhaseKind.DELIBERATE: DISCUSSED}
QUESTIONS = ("Waar mist u een bank?", "Waar is het te donker?")
A_MOMENT = timedelta(microseconds=1)


async def a_round(
    tx: WriteSession, *, texts: Sequence[str] = (), ends: Mapping[PhaseKind, datetime] | None = None, **given: Any
) -> Consultation:
    """An open consultation with questions and phases, which were set while it was a draft."""
    consultation = await a_consultation(tx, state=ConsultationState.DRAFT, **given)
    await rounds.set_prompts(tx, consultation=consultation, texts=texts)
    await rounds.set_phases(tx, consultation=consultation, ends=ends or {})
    await lifecycle.announce(tx, consultation=consultation, actor_id=None, now=OPENS - timedelta(days=7))
    return consultation


def phases(*kinds: PhaseKind) -> list[Phase]:
    return [Phase(consultation_id=1, kind=kind, closes_at=PHASES[kind]) for kind in kinds]


@pytest.mark.parametrize(
    ("act", "moment", "allowed"),
    [
        (Act.SUBMIT, OPENS - A_MOMENT, False),
        (Act.SUBMIT, OPENS, True),
        (Act.SUBMIT, CLOSES - A_MOMENT, True),
        (Act.SUBMIT, CLOSES, False),
        (Act.ENDORSE, CLOSES - A_MOMENT, False),
        (Act.ENDORSE, CLOSES, True),
        (Act.ENDORSE, SUPPORTED - A_MOMENT, True),
        (Act.ENDORSE, SUPPORTED, False),
        (Act.DISCUSS, SUPPORTED - A_MOMENT, False),
        (Act.DISCUSS, SUPPORTED, True),
        (Act.DISCUSS, DISCUSSED - A_MOMENT, True),
        (Act.DISCUSS, DISCUSSED, False),
    ],
)
def test_each_phase_takes_its_own_act_while_it_lasts(act: Act, moment: datetime, allowed: bool) -> None:
    consultation = Consultation(opens_at=OPENS, closes_at=CLOSES)

    assert phase_rules.allows(consultation, phases(*PHASES), act, moment) is allowed


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("moment", [OPENS - A_MOMENT, OPENS, CLOSES, DISCUSSED])
def test_without_phases_no_phase_stands_in_the_way(act: Act, moment: datetime) -> None:
    assert phase_rules.allows(Consultation(opens_at=OPENS, closes_at=CLOSES), [], act, moment)


def test_a_phase_that_is_left_out_leaves_no_gap() -> None:
    found = phase_rules.spans(Consultation(opens_at=OPENS, closes_at=CLOSES), phases(PhaseKind.DELIBERATE))

    assert [(span.kind, span.opens_at, span.closes_at) for span in found] == [
        (PhaseKind.COLLECT, OPENS, CLOSES),
        (PhaseKind.DELIBERATE, CLOSES, DISCUSSED),
    ]


async def test_support_waits_for_its_phase_and_ends_with_it(tx: WriteSession) -> None:
    consultation = await a_round(tx, ends=PHASES)
    idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)
    person = await a_person(tx)

    for moment in (CLOSES - A_MOMENT, SUPPORTED):
        with pytest.raises(rules.NotInThisPhase):
            await endorsements.endorse(tx, idea=idea, person_id=person.id, now=moment)

    assert await endorsements.endorse(tx, idea=idea, person_id=person.id, now=CLOSES)


async def test_support_asked_for_in_its_phase_counts_when_it_is_confirmed_after_it(tx: WriteSession) -> None:
    idea = await an_idea(tx, consultation=await a_round(tx, ends=PHASES), state=IdeaState.PUBLISHED)
    asked = await endorsements.ask(
        tx, idea=idea, email="nieuw@waterveen.example", language="nl", now=SUPPORTED - A_MOMENT
    )

    assert await endorsements.confirm(tx, request=asked, idea=idea, now=SUPPORTED + timedelta(hours=3))
    assert idea.endorsement_count == 1


async def test_an_extension_moves_every_later_phase_along(tx: WriteSession) -> None:
    consultation, chair = await a_round(tx, ends=PHASES), await a_person(tx)
    by = timedelta(days=5)

    await lifecycle.extend(
        tx, consultation=consultation, closes_at=CLOSES + by, reason="Meer tijd.", actor_id=chair.id, now=NOON
    )

    spans = await round_queries.spans_of(tx, consultation)
    assert [span.closes_at for span in spans] == [CLOSES + by, SUPPORTED + by, DISCUSSED + by]


async def test_an_extension_stops_where_its_last_phase_would_pass_the_agenda(tx: WriteSession) -> None:
    consultation = await a_round(tx, ends=PHASES, agenda_deadline_at=DISCUSSED + timedelta(days=1))
    chair = await a_person(tx)

    with pytest.raises(lifecycle.AfterTheDeadline):
        await lifecycle.extend(
            tx,
            consultation=consultation,
            closes_at=CLOSES + timedelta(days=2),
            reason="Meer tijd.",
            actor_id=chair.id,
            now=NOON,
        )


async def test_the_database_keeps_questions_and_phases_as_they_were_announced(database: Database) -> None:
    async with database.write() as tx:
        consultation = await a_round(tx, texts=QUESTIONS, ends=PHASES)
    changes: list[Any] = [
        lambda tx: rounds.set_prompts(tx, consultation=consultation, texts=["Iets anders?"]),
        lambda tx: rounds.clear_phases(tx, consultation=consultation),
        lambda tx: rounds.move_phases(tx, consultation=consultation, by=-timedelta(hours=1)),
    ]

    for change in changes:
        with pytest.raises(IntegrityError):
            async with database.write() as tx:
                await change(tx)

    async with database.read() as db:
        assert [one.text for one in await round_queries.prompts_of(db, consultation.id)] == list(QUESTIONS)
        assert {one.kind: one.closes_at for one in await round_queries.phases_of(db, consultation.id)} == PHASES


async def test_an_idea_answers_no_question_of_another_consultation(database: Database) -> None:
    async with database.write() as tx:
        other = await a_round(tx, texts=QUESTIONS)
        idea = await an_idea(tx)
        [prompt, _] = await round_queries.prompts_of(tx, other.id)

    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            (await tx.get_one(Idea, idea.id)).prompt_id = prompt.id


async def test_a_resident_chooses_a_question_and_readers_find_the_answers_to_it(
    visitor: Visitor, database: Database
) -> None:
    async with database.write() as tx:
        await a_round(tx, slug="buurt", texts=QUESTIONS)
    await visitor.open("/consultations/buurt")
    assert all(one in visitor.text for one in QUESTIONS)
    await visitor.follow("Geef antwoord: Waar is het te donker?")
    assert "De vraag die u koos" in visitor.text
    await visitor.follow("Schrijf uw idee")
    await visitor.press("Verstuur uw idee", body="Een lamp bij de brug.", email="ans@waterveen.example")

    async with database.write() as tx:
        [idea] = await tx.scalars(select(Idea))
        prompt = await tx.get_one(Prompt, idea.prompt_id)
        assert prompt.text == "Waar is het te donker?"
        await ideas.confirm(tx, idea=idea, now=NOON)
        await ideas.move(tx, idea=idea, to=IdeaState.PUBLISHED, actor_id=None, now=NOON)
        other = await an_idea(tx, consultation=await tx.get_one(Consultation, 1), state=IdeaState.PUBLISHED)

    await visitor.open("/consultations/buurt")
    await visitor.follow("Lees 1 antwoord: Waar is het te donker?")
    assert (idea.title in visitor.text, other.title in visitor.text) == (True, False)
    await visitor.follow(idea.title)
    assert "Antwoord op de vraag:" in visitor.text
    await visitor.open("/consultations/buurt/ideas.jsonl")
    assert '"prompt": "Waar is het te donker?"' in visitor.text
    told = (await visitor.open("/v1/consultations/buurt")).json()
    assert ([one["text"] for one in told["prompts"]], told["phases"]) == (list(QUESTIONS), [])
    listed = (await visitor.open("/v1/consultations/buurt/ideas")).json()["ideas"]
    assert {one["prompt_id"] for one in listed} == {prompt.id, None}


async def test_an_answer_to_no_question_and_a_question_of_nobody_are_taken_in(
    visitor: Visitor, database: Database
) -> None:
    async with database.write() as tx:
        await a_round(tx, slug="buurt", texts=QUESTIONS)

    for prompt in ("", "999"):
        await visitor.open("/consultations/buurt/ideas/new")
        await visitor.press("Verstuur uw idee", body=f"Bankjes {prompt}.", email="a@waterveen.example", prompt=prompt)
        assert visitor.status == 200

    async with database.read() as db:
        assert [idea.prompt_id for idea in await db.scalars(select(Idea))] == [None, None]


def test_a_text_that_is_kept_keeps_the_question_it_answers() -> None:
    kept = IdeaForm(kind=IdeaKind.IDEA, body="Een lamp.", prompt_id=7).typed

    assert IdeaForm.restored(kept).prompt_id == 7


class Finds:
    """A finder that holds everything for like one idea."""

    def __init__(self, idea: Idea) -> None:
        self.found = [Alike(idea.id, 1.0)]

    async def __call__(self, db: ReadSession, consultation_id: int, words: str, *, most: int) -> Sequence[Alike]:
        return self.found

    def prepare(self, consultation_id: int) -> None:
        """Nothing to do."""

    async def aclose(self) -> None:
        """Nothing to end."""


@pytest.mark.parametrize(
    ("ends", "moment", "told", "is_offered"),
    [
        ({}, NOON, "Dan kunt u dat idee steunen in plaats van een nieuw idee te sturen.", True),
        (PHASES, NOON, "U kunt dat idee steunen van ", False),
        (PHASES, CLOSES, "Dan kunt u dat idee steunen in plaats van een nieuw idee te sturen.", True),
        (PHASES, SUPPORTED, "het panel leest dat idee al", False),
    ],
)
async def test_like_ideas_are_offered_for_support_only_while_they_can_be_supported(
    app: Litestar,
    visitor: Visitor,
    clock: StandingClock,
    database: Database,
    ends: Mapping[PhaseKind, datetime],
    moment: datetime,
    told: str,
    is_offered: bool,
) -> None:
    async with database.write() as tx:
        consultation = await a_round(tx, slug="buurt", ends=ends)
        idea = await an_idea(tx, consultation=consultation, title="Een lamp", state=IdeaState.PUBLISHED)
    app.state.find_similar = Finds(idea)
    clock.move(moment - NOON)

    await visitor.open("/consultations/buurt/ideas/new")
    token = next(form for form in visitor.forms if "body" in form.fields).fields["_csrf_token"]
    typed = {"_csrf_token": token, "body": "Meer licht"}
    typing = await visitor.http.post("/consultations/buurt/ideas/similar", data=typed)
    await visitor.press("Verstuur uw idee", body="Meer licht in de straat", email="i@waterveen.example")

    for page in (typing.text, visitor.text):
        assert "hierop lijkt" in page
        assert told in page
        assert ("Ik steun dit idee" in page) is is_offered


async def test_readers_see_what_can_be_done_when(visitor: Visitor, database: Database) -> None:
    async with database.write() as tx:
        consultation = await a_round(tx, slug="buurt", ends=PHASES)
        idea = await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)

    await visitor.open("/consultations/buurt")
    assert [name in visitor.text for name in ("Ideeën insturen", "Ideeën steunen", "Samen bespreken")] == [True] * 3
    await visitor.open(f"/ideas/{idea.id}")
    assert "Ideeën steunen kan van" in visitor.text
