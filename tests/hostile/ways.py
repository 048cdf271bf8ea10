"""A row for each text of conversations, files, drafts, translations and intake, with every idea that there is."""

from datetime import timedelta

from sqlalchemy import select

from consultations import queries
from consultations.models import Consultation, Idea
from consultations.round_models import Prompt
from consultations.states import IdeaState
from consultations.ways_models import Attachment, Intake, WaysIn
from consultations.ways_states import IntakeWay
from consultations.writing_models import KeptDraft, Translation
from conversations.models import Contribution, Conversation, ThemeQuestion
from conversations.states import Side, Way
from kernel.db import WriteSession
from tests.builders import a_comment
from tests.moments import NOON
from themes.models import Theme

SINCE = NOON - timedelta(days=2)


async def fill(tx: WriteSession, *, person_id: int) -> None:
    """Everywhere, so that whichever idea or consultation is looked at has all of them. `person_id` is of staff."""
    for consultation in (await tx.scalars(select(Consultation))).all():
        _ask(tx, consultation, person_id)
    await tx.flush()
    for idea in (await tx.scalars(select(Idea).order_by(Idea.id))).all():
        await _tell(tx, idea, person_id)
    await tx.flush()
    public = select(Idea).where(Idea.state == IdeaState.PUBLISHED).order_by(Idea.id).limit(2)
    for idea in (await tx.scalars(public)).all():
        await a_comment(tx, under=idea, shown_name="Riet")
        await a_comment(tx, under=idea, state=IdeaState.RECEIVED)


def _ask(tx: WriteSession, consultation: Consultation, person_id: int) -> None:
    whose = {"consultation_id": consultation.id}
    tx.add_all([Prompt(position=number, text="Wat mist u?", **whose) for number in (1, 2)])
    tx.add(
        WaysIn(
            offline_help="Balie, elke dag.",
            takes_files=True,
            takes_comments=True,
            changed_at=SINCE,
            changed_by_id=person_id,
            **whose,
        )
    )
    fields = dict.fromkeys(("title", "body", "stuck", "service", "place"), "Nog niet af.")
    draft = KeptDraft(person_id=person_id, fields=fields, created_at=SINCE, kept_at=SINCE, opened_at=SINCE, **whose)
    tx.add(draft)


async def _tell(tx: WriteSession, idea: Idea, person_id: int) -> None:
    tx.add(
        Intake(
            idea_id=idea.id,
            way=IntakeWay.PAPER,
            is_without_mail=True,
            reach="Dorpsstraat 1",
            entered_at=SINCE,
            entered_by_id=person_id,
        )
    )
    for number in range(3):
        is_seen = number > 0
        tx.add(
            Attachment(
                idea_id=idea.id,
                is_picture=number != 1,
                width=10,
                height=10,
                alternative="Een bankje.",
                size=4,
                sha256=f"{idea.id:062}{number:02}",
                body=b"%PDF",
                added_at=SINCE,
                is_shown=number == 1,
                reason="Herkenbaar." if number == 2 else "",
                decided_at=NOON if is_seen else None,
                decided_by_id=person_id if is_seen else None,
            )
        )
    if idea.state is IdeaState.PUBLISHED:
        version = await queries.current_version(tx, idea.id)
        idea.language = "en"
        said = {"title": "Bankjes", "body": "Meer graag.", "stuck": "Nee."}
        tx.add(Translation(idea_id=idea.id, sha256=version.sha256, language="nl", made_at=SINCE, **said))
    await _speak(tx, idea, person_id)


async def _speak(tx: WriteSession, idea: Idea, person_id: int) -> None:
    """With both sides: a question of staff, its answer; to the panel also one that went to all of a theme."""
    theme = await tx.scalar(select(Theme).where(Theme.consultation_id == idea.consultation_id).limit(1))
    begun = set(await tx.scalars(select(Conversation.side).where(Conversation.idea_id == idea.id)))
    for side in sorted(set(Side) - begun):
        asked = None
        if theme is not None and side is Side.PANEL:
            asked = ThemeQuestion(theme_id=theme.id, asked_by_id=person_id, body="Waar?", asked_at=SINCE)
            tx.add(asked)
        spoken = Conversation(idea_id=idea.id, side=side, begun_at=SINCE, last_at=SINCE, last_number=2, read_number=0)
        tx.add(spoken)
        await tx.flush()
        question = Contribution(
            conversation_id=spoken.id,
            number=1,
            writer_id=person_id,
            is_authors=False,
            asks=True,
            theme_question_id=asked.id if asked else None,
            body="Waar precies?",
            way=Way.WEB,
            written_at=SINCE,
        )
        tx.add(question)
        await tx.flush()
        tx.add(
            Contribution(
                conversation_id=spoken.id,
                number=2,
                writer_id=idea.author_id or person_id,
                is_authors=True,
                asks=False,
                answers_id=question.id,
                body="Bij de brug.",
                way=Way.MAIL,
                written_at=SINCE,
            )
        )
