"""Words left out of a text: a decision that its author can read and appeal against; a citizen number goes for good."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text

from accounts.actor import Actor
from consultations import flagging
from consultations.masking import Cut, cuts_for, joined, without
from consultations.models import Idea
from consultations.signals import Omission
from consultations.states import IdeaState
from consultations.versions import all_of
from consultations.writing_models import KeptDraft
from kernel.db import Database, WriteSession
from kernel.errors import ChangedMeanwhile, IllegalMove
from kernel.events import EventRecord
from moderation import appeals, decisions, masking, queries, rules
from moderation.models import Decision
from moderation.states import AppealState, Outcome
from tests.builders import a_moderated_consultation, a_moderator, an_idea
from tests.moments import NOON

ZONE = ZoneInfo("Europe/Amsterdam")
BSN = "111222333"
BODY = f"Mijn buurman Piet Jansen (bsn {BSN}) maait nooit. Bel Piet Jansen op 06-12345678."


async def an_idea_of(tx: WriteSession, *, body: str = BODY, state: IdeaState = IdeaState.RECEIVED) -> Idea:
    consultation = await a_moderated_consultation(tx)
    idea = await an_idea(tx, consultation=consultation, body=body, state=state)
    await flagging.look(tx, idea=idea)
    return idea


def all_cuts(idea: Idea) -> list[Cut]:
    texts = flagging.texts_of(idea)
    return [
        *cuts_for(texts, "piet jansen", Omission.NAME),
        *cuts_for(texts, BSN, Omission.BSN),
        *cuts_for(texts, "06-12345678", Omission.PHONE),
    ]


async def masked(tx: WriteSession, idea: Idea, actor: Actor, **more: object) -> Decision:
    why = {"ground_code": "personal_data", "explanation": "Een naam en een nummer van een ander.", "now": NOON}
    given = {"cuts": all_cuts(idea)} | why | more
    return await masking.mask(tx, idea=idea, actor=actor, **given)  # type: ignore[arg-type]  # as given


CLEAN = (
    "Mijn buurman [naam weggelaten] (bsn [burgerservicenummer weggelaten]) maait nooit. "
    "Bel [naam weggelaten] op [telefoonnummer weggelaten]."
)


@pytest.mark.parametrize("state", [IdeaState.RECEIVED, IdeaState.PUBLISHED])
async def test_the_text_stands_on_the_site_without_the_words(tx: WriteSession, state: IdeaState) -> None:
    idea = await an_idea_of(tx, state=state)
    decision = await masked(tx, idea, await a_moderator(tx))

    assert (idea.state, idea.body, decision.is_masking) == (IdeaState.PUBLISHED, CLEAN, True)
    told = await tx.scalars(select(EventRecord.name).where(EventRecord.subject == f"idea:{idea.id}"))
    assert [name for name in told if name in {"idea.masked", "idea.decision_taken"}] == [
        "idea.decision_taken",
        "idea.masked",
    ]


async def test_the_text_before_it_is_for_moderators_alone(tx: WriteSession) -> None:
    idea = await an_idea_of(tx, state=IdeaState.PUBLISHED)
    await masked(tx, idea, await a_moderator(tx))

    for public_only in (True, False):
        assert [one.body for one in await all_of(tx, idea.id, public_only=public_only)] == [CLEAN]
    assert len(await queries.versions(tx, idea.id)) == 2


async def test_its_author_reads_which_words_went_but_for_a_citizen_number(tx: WriteSession) -> None:
    idea = await an_idea_of(tx)
    decision = await masked(tx, idea, await a_moderator(tx))

    left = [(one.mark, one.words) for one in await masking.left_out(tx, decision) if "naam" not in one.mark]
    assert left == [
        ("[burgerservicenummer weggelaten]", "•" * 9),
        ("[telefoonnummer weggelaten]", "06-12345678"),
    ]


async def test_a_moderator_who_saw_an_older_text_hears_so_and_nothing_changes(tx: WriteSession) -> None:
    idea = await an_idea_of(tx)
    with pytest.raises(ChangedMeanwhile):
        await masked(tx, idea, await a_moderator(tx), seen="0-abc")
    assert idea.body == BODY


@pytest.mark.parametrize("missing", [{"ground_code": "none"}, {"explanation": " "}])
async def test_it_needs_a_ground_and_an_explanation(tx: WriteSession, missing: dict[str, str]) -> None:
    idea = await an_idea_of(tx)
    with pytest.raises(rules.GroundNeeded):
        await masked(tx, idea, await a_moderator(tx), **missing)
    with pytest.raises(masking.NothingToMask):
        await masked(tx, idea, await a_moderator(tx), cuts=[])


async def test_what_was_withdrawn_or_rejected_is_left_alone(tx: WriteSession) -> None:
    idea = await an_idea_of(tx)
    moderator = await a_moderator(tx)
    why = {"ground_code": "off_topic", "explanation": "Iets anders."}
    await decisions.decide(tx, idea=idea, actor=moderator, outcome=Outcome.REJECT, now=NOON, **why)  # type: ignore[arg-type]  # as given
    with pytest.raises(IllegalMove):
        await masked(tx, idea, moderator)


async def test_on_appeal_another_moderator_brings_the_words_back_and_not_the_citizen_number(tx: WriteSession) -> None:
    idea = await an_idea_of(tx)
    first, second = await a_moderator(tx), await a_moderator(tx)
    await masked(tx, idea, first)
    appeal = await appeals.lodge(tx, idea=idea, reason="Ik ben Piet Jansen zelf.", zone=ZONE, now=NOON)
    with pytest.raises(rules.DecidedBefore):
        await appeals.decide(tx, appeal=appeal, actor=first, verdict=AppealState.REINSTATED, answer="Ja.", now=NOON)
    await appeals.decide(tx, appeal=appeal, actor=second, verdict=AppealState.REINSTATED, answer="Ja.", now=NOON)

    assert idea.body == BODY.replace(BSN, "[burgerservicenummer weggelaten]")
    last = await queries.latest_decision(tx, idea.id)
    assert last is not None
    assert (last.outcome, last.is_masking, idea.state) == (Outcome.PUBLISH, False, IdeaState.PUBLISHED)


async def test_an_appeal_that_fails_changes_nothing(tx: WriteSession) -> None:
    idea = await an_idea_of(tx)
    await masked(tx, idea, await a_moderator(tx))
    appeal = await appeals.lodge(tx, idea=idea, reason="Nee.", zone=ZONE, now=NOON)
    second = await a_moderator(tx)
    await appeals.decide(tx, appeal=appeal, actor=second, verdict=AppealState.UPHELD, answer="Nee.", now=NOON)
    assert idea.body == CLEAN


async def test_a_citizen_number_is_nowhere_in_the_database_afterwards(database: Database) -> None:
    async with database.write() as tx:
        idea = await an_idea_of(tx, state=IdeaState.PUBLISHED)
        tx.add(
            KeptDraft(
                consultation_id=idea.consultation_id,
                person_id=idea.author_id,
                fields={"body": f"Nog eens: {BSN}"},
                created_at=NOON,
                kept_at=NOON,
                opened_at=NOON,
                warned_of=None,
            )
        )
        idea.place = f"bij {BSN}"
    assert await whole(database, BSN) != set()
    async with database.write() as tx:
        idea = await tx.get_one(Idea, idea.id)
        await masked(tx, idea, await a_moderator(tx))

    assert await whole(database, BSN) == set()


async def whole(database: Database, words: str) -> set[str]:
    """The tables with a row that holds these words; on SQLite also the file itself, and what lies beside it."""
    found = set()
    async with database.read() as db:
        if database.is_sqlite:
            tables = await db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        else:
            tables = await db.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        for table in tables.all():
            rows = await db.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608 - a name of the database's own
            if any(words in str(value) for row in rows for value in row):
                found.add(table)
    return found


# pure


def test_cuts_that_overlap_become_one_and_marks_stand_where_the_words_stood() -> None:
    texts = {"title": "T", "body": "aa bb cc", "service": "", "stuck": ""}
    cuts = [Cut("body", 3, 8, Omission.NAME), Cut("body", 0, 5, Omission.PHONE)]
    assert joined(cuts) == [Cut("body", 0, 8, Omission.PHONE)]
    assert without(texts, cuts)["body"] == "[telefoonnummer weggelaten]"


def test_a_title_that_was_made_of_the_first_sentence_loses_the_words_too_and_fits() -> None:
    texts = {"title": "Jan is er", "body": "Jan is er. Altijd.", "service": "Jan " * 30, "stuck": ""}
    left = without(texts, cuts_for(texts, "Jan", Omission.NAME))
    assert left["title"] == "[naam weggelaten] is er"
    assert len(left["service"]) == 120


# without a moderator who leaves it out


async def test_a_citizen_number_is_not_published_unless_somebody_says_that_it_is_none(tx: WriteSession) -> None:
    idea, moderator = await an_idea_of(tx), await a_moderator(tx)
    with pytest.raises(rules.NumberStands):
        await decisions.decide(tx, idea=idea, actor=moderator, outcome=Outcome.PUBLISH, now=NOON)
    await decisions.decide(tx, idea=idea, actor=moderator, outcome=Outcome.PUBLISH, has_no_number=True, now=NOON)
    assert (idea.state, idea.body) == (IdeaState.PUBLISHED, BODY)


@pytest.mark.parametrize("outcome", [Outcome.REJECT, Outcome.HOLD, Outcome.RETURN])
async def test_a_citizen_number_is_not_kept_in_what_is_not_published(database: Database, outcome: Outcome) -> None:
    async with database.write() as tx:
        idea, moderator = await an_idea_of(tx), await a_moderator(tx)
    async with database.write() as tx:
        idea = await tx.get_one(Idea, idea.id)
        why = {"ground_code": "off_topic", "explanation": "Iets anders."}
        await decisions.decide(tx, idea=idea, actor=moderator, outcome=outcome, now=NOON, **why)  # type: ignore[arg-type]  # as given
    assert await whole(database, BSN) == set()
