"""For moderators: reports and appeals to answer."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import Permission
from accounts.actor import Actor as Whoever
from accounts.inject import Actor, requires
from consultations.models import Idea
from consultations.queries import current_version
from kernel.db import ReadSession
from kernel.inject import Config, Db, FormData, Now, Tx
from kernel.settings import Settings
from moderation import appeals, choices, queries, reports, rules
from moderation.filters import Wanted
from moderation.forms import AppealVerdictForm, ReportVerdictForm
from moderation.models import Appeal, Report
from moderation.pages import AppealPage
from moderation.report_pages import ReportPage
from moderation.routes.reading import standing_beside
from moderation.states import OUTCOME_NAMES, AppealState, ReportState, Show
from moderation.worklist import worklist

DECIDES = [requires(Permission.MODERATE)]


async def _moved_on(db: ReadSession, idea: Idea, *, seen: str) -> bool:
    """Whether the text, or what was decided about it, is not what the answer was typed about."""
    version, last = await current_version(db, idea.id), await queries.latest_decision(db, idea.id)
    return seen not in {"", rules.mark_of(version.sha256, last.id if last else None)}


class ReportAnswers(Controller):
    """What citizens reported."""

    path = "/moderation/reports/{report_id:int}"
    guards = [requires(Permission.READ_QUEUE)]  # noqa: RUF012 - Litestar's own name

    @get(name="report.show")
    async def show(self, db: Db, report_id: FromPath[int], actor: Actor, now: Now, settings: Config) -> Template:
        """One report beside the list."""
        report = await queries.report(db, report_id)
        form = ReportVerdictForm()
        return (await self._page(db, report, form, actor=actor, settings=settings, now=now)).response()

    @post("/answer", name="report.answer", status_code=303, guards=DECIDES)
    async def answer(
        self, tx: Tx, data: FormData, report_id: FromPath[int], actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Dismiss it, or uphold it and remove the idea."""
        report = await queries.report(tx, report_id)
        codes = [ground.code for ground in await queries.grounds(tx, report.idea.consultation_id)]
        form = ReportVerdictForm.parse(data, grounds=codes, is_public=report.idea.is_public)
        if form.errors:
            return (await self._page(tx, report, form, actor=actor, settings=settings, now=now)).response(422)
        if report.state is not ReportState.RECEIVED or await _moved_on(tx, report.idea, seen=form.seen):
            return (await self._page(tx, report, form, actor=actor, settings=settings, now=now)).response(409)
        if form.verdict is ReportState.UPHELD:
            await reports.uphold(
                tx,
                report=report,
                actor=actor,
                answer=form.answer,
                ground_code=form.ground,
                explanation=form.explanation,
                now=now,
            )
        else:
            await reports.dismiss(tx, report=report, actor=actor, answer=form.answer, now=now)
        return Redirect("/moderation?show=reports&done=report", status_code=303)

    async def _page(
        self,
        db: ReadSession,
        report: Report,
        form: ReportVerdictForm,
        *,
        actor: Whoever,
        settings: Settings,
        now: datetime,
    ) -> ReportPage:
        panel_id = report.idea.consultation.panel_id
        rules.require_reader(actor, panel_id=panel_id)
        chosen, wanted = f"report-{report.id}", Wanted(show=Show.REPORTS)
        return ReportPage(
            work=await worklist(db, actor=actor, wanted=wanted, chosen=chosen, zone=settings.zone, now=now),
            has_keys=await choices.has_keys(db, person_id=actor.person_id),
            report=report,
            standing=await standing_beside(db, report.idea, at=chosen, actor=actor, seen=form.seen, now=now),
            grounds=await queries.grounds(db, report.idea.consultation_id),
            form=form,
            may_decide=rules.may_moderate(actor, panel_id=panel_id),
            due_at=rules.promised_at(report.reported_at, settings.zone),
            now=now,
        )


class AppealAnswers(Controller):
    """What authors do not agree with."""

    path = "/moderation/appeals/{appeal_id:int}"
    guards = [requires(Permission.READ_QUEUE)]  # noqa: RUF012 - Litestar's own name

    @get(name="appeal.show")
    async def show(self, db: Db, appeal_id: FromPath[int], actor: Actor, now: Now, settings: Config) -> Template:
        """One appeal beside the list; who took the first decision reads it without buttons."""
        appeal = await queries.appeal(db, appeal_id)
        form = AppealVerdictForm()
        return (await self._page(db, appeal, form, actor=actor, settings=settings, now=now)).response()

    @post("/decide", name="appeal.decide", status_code=303, guards=DECIDES)
    async def decide(
        self, tx: Tx, data: FormData, appeal_id: FromPath[int], actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Let the decision stand, or publish after all."""
        appeal = await queries.appeal(tx, appeal_id)
        form = AppealVerdictForm.parse(data)
        rules.require_moderator(actor, panel_id=appeal.decision.idea.consultation.panel_id)
        rules.require_another(actor.person_id, first_decider_id=appeal.decision.decided_by_id)
        if form.errors or form.verdict is None:
            return (await self._page(tx, appeal, form, actor=actor, settings=settings, now=now)).response(422)
        if appeal.state is not AppealState.RECEIVED or await _moved_on(tx, appeal.decision.idea, seen=form.seen):
            return (await self._page(tx, appeal, form, actor=actor, settings=settings, now=now)).response(409)
        await appeals.decide(tx, appeal=appeal, actor=actor, verdict=form.verdict, answer=form.answer, now=now)
        return Redirect("/moderation?show=appeals&done=appeal", status_code=303)

    async def _page(
        self,
        db: ReadSession,
        appeal: Appeal,
        form: AppealVerdictForm,
        *,
        actor: Whoever,
        settings: Settings,
        now: datetime,
    ) -> AppealPage:
        panel_id = appeal.decision.idea.consultation.panel_id
        rules.require_reader(actor, panel_id=panel_id)
        moderates = rules.may_moderate(actor, panel_id=panel_id)
        chosen, wanted = f"appeal-{appeal.id}", Wanted(show=Show.APPEALS)
        is_open = appeal.state is AppealState.RECEIVED
        return AppealPage(
            work=await worklist(db, actor=actor, wanted=wanted, chosen=chosen, zone=settings.zone, now=now),
            has_keys=await choices.has_keys(db, person_id=actor.person_id),
            appeal=appeal,
            standing=await standing_beside(db, appeal.decision.idea, at=chosen, actor=actor, seen=form.seen, now=now),
            moderates=moderates,
            may_decide=is_open and moderates and appeal.decision.decided_by_id != actor.person_id,
            names=OUTCOME_NAMES,
            form=form,
            now=now,
        )
