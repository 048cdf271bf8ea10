"""For moderators: appeals against answers to reports and about files."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import Permission
from accounts.actor import Actor as Whoever
from accounts.inject import Actor, requires
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.inject import Config, Db, FormData, Now, Tx
from kernel.settings import Settings
from moderation import answer_appeals, answer_queries, choices, queries, rules
from moderation.answer_forms import AnswerVerdictForm
from moderation.answer_pages import AnswerAppealPage
from moderation.filters import Wanted
from moderation.states import AppealState, Show
from moderation.worklist import worklist


class AnswerAppeals(Controller):
    """What reporters, and who sent files, do not agree with."""

    path = "/moderation/answers/{answer_appeal_id:int}"
    guards = [requires(Permission.READ_QUEUE)]  # noqa: RUF012 - Litestar's own name

    @get(name="answer_appeal.show")
    async def show(self, db: Db, answer_appeal_id: FromPath[int], actor: Actor, now: Now, settings: Config) -> Template:
        """One beside the list; who gave the first answer reads it without buttons."""
        form = AnswerVerdictForm()
        return (await _page(db, answer_appeal_id, form, actor=actor, settings=settings, now=now)).response()

    @post("/decide", name="answer_appeal.decide", status_code=303, guards=[requires(Permission.MODERATE)])
    async def decide(
        self, tx: Tx, data: FormData, answer_appeal_id: FromPath[int], actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Let the first answer stand, or do what was asked."""
        page = await _page(tx, answer_appeal_id, AnswerVerdictForm(), actor=actor, settings=settings, now=now)
        if not page.is_moderator:
            raise NotFound
        rules.require_another(actor.person_id, first_decider_id=page.appeal.answered_by_id)
        codes = [ground.code for ground in page.grounds]
        form = AnswerVerdictForm.parse(data, grounds=codes, removes=bool(page.grounds))
        if form.errors or form.verdict is None:
            page = await _page(tx, answer_appeal_id, form, actor=actor, settings=settings, now=now)
            return page.response(422)
        await answer_appeals.decide(
            tx,
            appeal=page.appeal,
            answer=page.answer,
            actor=actor,
            verdict=form.verdict,
            words=form.answer,
            ground_code=form.ground,
            explanation=form.explanation,
            now=now,
        )
        return Redirect("/moderation?show=appeals&done=answer_appeal", status_code=303)


async def _page(
    db: ReadSession,
    answer_appeal_id: int,
    form: AnswerVerdictForm,
    *,
    actor: Whoever,
    settings: Settings,
    now: datetime,
) -> AnswerAppealPage:
    appeal = await answer_queries.by_id(db, answer_appeal_id)
    answer = await answer_queries.against(db, appeal)
    if not answer_appeals.moderates(actor, answer, permission=Permission.READ_QUEUE):
        raise NotFound
    removes = appeal.report_id is not None and answer.idea is not None and answer.idea.is_public
    is_moderator = answer_appeals.moderates(actor, answer)
    is_open = appeal.state is AppealState.RECEIVED
    chosen, wanted = f"answer-{appeal.id}", Wanted(show=Show.APPEALS)
    return AnswerAppealPage(
        work=await worklist(db, actor=actor, wanted=wanted, chosen=chosen, zone=settings.zone, now=now),
        has_keys=await choices.has_keys(db, person_id=actor.person_id),
        appeal=appeal,
        answer=answer,
        grounds=await queries.grounds(db, answer.idea.consultation_id) if removes and answer.idea else (),
        is_moderator=is_moderator,
        may_decide=is_open and is_moderator and appeal.answered_by_id != actor.person_id,
        form=form,
        now=now,
    )
