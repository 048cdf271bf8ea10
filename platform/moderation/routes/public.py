"""For everybody: report an idea, read the record. For authors, behind their receipt: the decision, an appeal."""

from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template

from accounts.actor import Actor as Whoever
from accounts.inject import Actor
from consultations import attachments, policies
from consultations import rules as consultation_rules
from consultations.exports import csv_line
from consultations.models import Consultation, Idea
from consultations.queries import consultation_by_slug, idea_by_id
from kernel import tokens
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.i18n import language
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from kernel.settings import Settings
from moderation import appeals, masking, queries, reports, rules
from moderation.conduct import CONDUCT
from moderation.forms import AppealForm, ReportForm
from moderation.models import Decision
from moderation.pages import NewAppealPage, RecordPage, StatementPage
from moderation.public_record import POLICIES, PublicRecord, numbers, public_record, rows
from moderation.reasons import statement
from moderation.report_pages import NewReportPage, ReportSentPage


async def _public_idea(db: ReadSession, idea_id: int) -> Idea:
    idea = await idea_by_id(db, idea_id)
    if not idea.is_public:
        raise NotFound
    return idea


class Reporting(Controller):
    """A citizen says that an idea should not stand there."""

    path = "/ideas/{idea_id:int}/report"

    @get(name="report.new")
    async def ask(self, db: Db, idea_id: FromPath[int], request: Asked, actor: Actor, settings: Config) -> Template:
        """The form; it asks nobody for an address that we know."""
        idea = await _public_idea(db, idea_id)
        page = await _new_report(db, idea, ReportForm(), request=request, actor=actor, settings=settings)
        return page.response()

    @post(name="report.send", status_code=200)
    async def send(
        self, tx: Tx, data: FormData, idea_id: FromPath[int], request: Asked, actor: Actor, now: Now, settings: Config
    ) -> Template:
        """Take the report in; sending the same twice is one report."""
        idea = await _public_idea(tx, idea_id)
        form = ReportForm.parse(data, is_known=actor.is_signed_in)
        asking = await _new_report(tx, idea, form, request=request, actor=actor, settings=settings)
        if form.errors:
            # rather than have them fill in the rest first
            await reports.require_may_report(tx, person_id=actor.person_id, now=now)
            return asking.response(422)
        await reports.receive(
            tx,
            idea=idea,
            reason=form.reason,
            email=form.email,
            name=form.name,
            part=f"#file-{asking.file.id}" if asking.file else "",
            signed_in_as=actor.person_id,
            language=language(),
            now=now,
        )
        page = ReportSentPage(
            idea=idea,
            email=form.email,
            is_known=actor.is_signed_in,
            promised_at=rules.promised_at(now, settings.zone),
        )
        return page.response()


async def _new_report(
    db: ReadSession, idea: Idea, form: ReportForm, *, request: Asked, actor: Whoever, settings: Settings
) -> NewReportPage:
    """About the idea, or about one of the files that stand with it."""
    asked = request.query_params.get("file", "")
    files = await attachments.of_idea(db, idea.id) if asked else ()
    file = next((one for one in files if one.is_shown and str(one.id) == asked), None)
    return NewReportPage(
        idea=idea,
        file=file,
        address=settings.absolute(f"/ideas/{idea.id}") + (f"#file-{file.id}" if file else ""),
        form=form,
        is_known=actor.is_signed_in,
    )


async def _authors_idea(db: ReadSession, secret: str, now: Now) -> Idea:
    token = await tokens.find(db, purpose="receipt", secret=secret, now=now)
    return await idea_by_id(db, token.subject_id)


class Authors(Controller):
    """What the author of an idea can do about a decision, behind the link of the receipt."""

    path = "/receipts/{secret:str}"

    @get("/decision", name="decision.statement")
    async def statement(self, db: Db, secret: FromPath[str], request: Asked, now: Now, settings: Config) -> Template:
        """The statement of reasons, and how to appeal."""
        idea = await _authors_idea(db, secret, now)
        decision = await queries.latest_decision(db, idea.id)
        return StatementPage(
            secret=secret,
            idea=idea,
            statement=statement(decision, ground=decision.ground, zone=settings.zone) if decision else None,
            appeal=await queries.latest_appeal(db, idea.id),
            left_out=await masking.left_out(db, decision),
            may_appeal=await self._may_appeal(db, idea, decision, now=now, settings=settings),
            is_lodged="lodged" in request.query_params,
            promised_at=rules.promised_at(idea.confirmed_at or idea.received_at, settings.zone),
            now=now,
        ).response()

    @get("/appeal", name="appeal.new")
    async def ask(self, db: Db, secret: FromPath[str], now: Now, settings: Config) -> Template:
        """The form."""
        idea = await _authors_idea(db, secret, now)
        return (await self._page(db, secret, idea, AppealForm(), now=now, settings=settings)).response()

    @post("/appeal", name="appeal.lodge", status_code=303)
    async def lodge(
        self, tx: Tx, data: FormData, secret: FromPath[str], now: Now, settings: Config
    ) -> Template | Redirect:
        """Lodge the appeal; once."""
        idea = await _authors_idea(tx, secret, now)
        form = AppealForm.parse(data)
        if form.errors:
            return (await self._page(tx, secret, idea, form, now=now, settings=settings)).response(422)
        await appeals.lodge(tx, idea=idea, reason=form.reason, zone=settings.zone, now=now)
        return Redirect(f"/receipts/{secret}/decision?lodged", status_code=303)

    async def _page(
        self, db: ReadSession, secret: str, idea: Idea, form: AppealForm, *, now: Now, settings: Config
    ) -> NewAppealPage:
        decision = await queries.latest_decision(db, idea.id)
        if decision is None or not await self._may_appeal(db, idea, decision, now=now, settings=settings):
            raise rules.NoAppealNow
        told = statement(decision, ground=decision.ground, zone=settings.zone)
        due_at = rules.appeal_due_at(now, settings.zone)
        return NewAppealPage(secret=secret, idea=idea, statement=told, form=form, due_at=due_at)

    async def _may_appeal(
        self, db: ReadSession, idea: Idea, decision: Decision | None, *, now: Now, settings: Config
    ) -> bool:
        if decision is None:
            return False
        has_appeal = await queries.appeal_against(db, decision.id) is not None
        return rules.may_appeal(
            decision.outcome,
            stands=rules.stands(decision.outcome, idea.state),
            decided_at=decision.decided_at,
            has_appeal=has_appeal,
            now=now,
            zone=settings.zone,
            is_masking=decision.is_masking,
        )


class PublicRecords(Controller):
    """How a consultation is moderated, for all to check."""

    path = "/consultations/{slug:str}"

    @get("/moderation", name="moderation.record")
    async def show(self, db: Db, slug: FromPath[str], actor: Actor, now: Now) -> Template:
        """Grounds and numbers; never a text that was kept back."""
        consultation = await _visible(db, slug, actor)
        return RecordPage(
            of=consultation.title,
            above=f"/consultations/{slug}",
            record=await public_record(db, [consultation.id]),
            policies=[POLICIES[consultation.policy]],
            tightened=[(at, POLICIES[one]) for at, one in await policies.tightened(db, consultation.id)],
            conduct=CONDUCT,
            now=now,
        ).response()

    @get("/moderation.json", name="moderation.record_json")
    async def as_json(self, db: Db, slug: FromPath[str], actor: Actor) -> Response[dict[str, Any]]:
        """The same numbers for programs."""
        consultation = await _visible(db, slug, actor)
        return record_as_json(await public_record(db, [consultation.id]))

    @get("/moderation.csv", name="moderation.record_csv")
    async def as_csv(self, db: Db, slug: FromPath[str], actor: Actor) -> Response[str]:
        """The same numbers for a spreadsheet."""
        consultation = await _visible(db, slug, actor)
        return record_as_csv(await public_record(db, [consultation.id]))


def record_as_json(record: PublicRecord) -> Response[dict[str, Any]]:
    """One object, a part for each kind of number."""
    return Response(numbers(record), media_type="application/json")


def record_as_csv(record: PublicRecord) -> Response[str]:
    """A line for each number."""
    text = "\ufeff" + "".join(csv_line(row) for row in rows(record))
    return Response(
        text, media_type="text/csv", headers={"content-disposition": 'attachment; filename="moderation.csv"'}
    )


async def _visible(db: ReadSession, slug: str, actor: Whoever) -> Consultation:
    consultation = await consultation_by_slug(db, slug)
    if not consultation_rules.may_see(consultation, actor):
        raise NotFound
    return consultation
