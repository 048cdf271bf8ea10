"""What has to happen before a letter about an appeal against an answer is true."""

from typing import Any

from accounts import roles
from accounts.models import Person
from accounts.states import Role
from kernel.db import WriteSession
from moderation import answer_appeals, answer_queries, reports
from moderation.states import AppealState
from tests.builders import a_moderator, a_person
from tests.moments import NOON
from tests.notify.stories import AMSTERDAM, Story

ANSWER_LETTERS = ("answer_appeal_lodged", "answer_appeal_decided", "answer_appeal_waiting")


async def about_an_answer(tx: WriteSession, story: Story, name: str) -> tuple[Person, dict[str, Any]]:
    """Somebody reports the idea in vain, and appeals; then what this letter tells. With who receives it."""
    report = await reports.receive(tx, idea=story.idea, reason="Dit hoort hier niet.", email="m@x.example", now=NOON)
    await reports.dismiss(tx, report=report, actor=await a_moderator(tx), answer="Dit mag er staan.", now=NOON)
    answer = await answer_queries.of_report(tx, report.id)
    appeal = await answer_appeals.lodge(tx, answer=answer, reason="Lees het nog eens.", zone=AMSTERDAM, now=NOON)
    other = await a_person(tx, role=Role.MODERATOR)
    if name == "answer_appeal_decided":
        actor = await roles.actor_for(tx, person=other)
        verdict: dict[str, Any] = {"verdict": AppealState.UPHELD, "words": "Wij lazen het nog eens. Het mag."}
        await answer_appeals.decide(tx, appeal=appeal, answer=answer, actor=actor, **verdict, now=NOON)
    receiver = other if name == "answer_appeal_waiting" else await tx.get_one(Person, report.reporter_id)
    return receiver, {"answer_appeal_id": appeal.id}
