"""Report anything that everybody can read: for everybody a form behind every public page, for moderators the answer."""

import re
from datetime import datetime

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy import select

from accounts.access import Permission, may
from accounts.actor import Actor as Whoever
from accounts.inject import Actor, requires
from consultations.models import Consultation
from kernel import forms
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.i18n import language
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from kernel.settings import Settings
from klankbord.shell import is_reportable
from moderation import choices, page_report_queries, page_reports, reports, rules
from moderation.filters import Wanted
from moderation.forms import PageAnswerForm, ReportForm
from moderation.models import PageReport
from moderation.report_pages import NewPageReportPage, PageReportPage, PageReportSentPage
from moderation.states import Show
from moderation.worklist import worklist
from panels.models import Panel, Recommendation
from themes.models import Theme

_IDEA = re.compile(r"/ideas/(\d{1,9})(?:/.*)?")


class PageReporting(Controller):
    """Asked with the address of the page that somebody comes from."""

    path = "/report"

    @get(name="page_report.new")
    async def ask(self, request: Asked, actor: Actor, settings: Config) -> Template | Redirect:
        """The form; an idea and what is below it have their own."""
        place = _place(request.query_params.get("next", "/"))
        if found := _IDEA.fullmatch(place):
            return Redirect(f"/ideas/{found[1]}/report", status_code=303)
        return _form(place, ReportForm(), actor=actor, settings=settings).response()

    @post(name="page_report.send", status_code=200)
    async def send(self, tx: Tx, data: FormData, actor: Actor, now: Now, settings: Config) -> Template:
        """Take the report in; sending the same twice is one report."""
        place = _place(forms.line(data, "place"))
        form = ReportForm.parse(data, is_known=actor.is_signed_in)
        if form.errors:
            await reports.require_may_report(tx, person_id=actor.person_id, now=now)
            return _form(place, form, actor=actor, settings=settings).response(422)
        await page_reports.receive(
            tx,
            address=place,
            panel_id=await panel_of(tx, place),
            reason=form.reason,
            email=form.email,
            name=form.name,
            signed_in_as=actor.person_id,
            language=language(),
            now=now,
        )
        promised = rules.promised_at(now, settings.zone)
        page = PageReportSentPage(place=place, email=form.email, is_known=actor.is_signed_in, promised_at=promised)
        return page.response()


class PageReportAnswers(Controller):
    """For moderators: what citizens reported about a page."""

    path = "/moderation/page-reports/{page_report_id:int}"
    guards = [requires(Permission.READ_QUEUE)]  # noqa: RUF012 - Litestar's own name

    @get(name="page_report.show")
    async def show(self, db: Db, page_report_id: FromPath[int], actor: Actor, now: Now, settings: Config) -> Template:
        """One of them beside the list."""
        report = await page_report_queries.by_id(db, page_report_id)
        return (await _page(db, report, PageAnswerForm(), actor=actor, settings=settings, now=now)).response()

    @post("/answer", name="page_report.answer", status_code=303, guards=[requires(Permission.MODERATE)])
    async def answer(
        self, tx: Tx, data: FormData, page_report_id: FromPath[int], actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """The text stays as it is, or will be mended."""
        report = await page_report_queries.by_id(tx, page_report_id)
        form = PageAnswerForm.parse(data)
        page = await _page(tx, report, form, actor=actor, settings=settings, now=now)
        if form.errors or form.verdict is None:
            return page.response(422)
        await page_reports.answer(tx, report=report, actor=actor, verdict=form.verdict, answer=form.answer, now=now)
        return Redirect("/moderation?show=reports&done=report", status_code=303)


PAGE_REPORTS: list[type[Controller]] = [PageReporting, PageReportAnswers]


async def panel_of(db: ReadSession, place: str) -> int | None:
    """Whose page it is; None for a page of the whole site."""
    kind, _, rest = place.lstrip("/").partition("/")
    key = rest.partition("/")[0]
    wanted = None
    if kind == "consultations":
        wanted = select(Consultation.panel_id).where(Consultation.slug == key)
    elif kind == "panels":
        wanted = select(Panel.id).where(Panel.slug == key)
    elif kind == "themes" and re.fullmatch(r"[0-9]{1,9}", key):
        wanted = select(Consultation.panel_id).join(Theme, Theme.consultation_id == Consultation.id)
        wanted = wanted.where(Theme.id == int(key))
    elif kind == "recommendations" and re.fullmatch(r"[0-9]{1,9}", key):
        wanted = select(Recommendation.panel_id).where(Recommendation.id == int(key))
    return None if wanted is None else await db.scalar(wanted)


def _place(asked: str) -> str:
    """The page that it is about; the front page for what nobody but its reader can see."""
    return asked if is_reportable(asked) else "/"


def _form(place: str, form: ReportForm, *, actor: Whoever, settings: Settings) -> NewPageReportPage:
    address = settings.absolute(place)
    return NewPageReportPage(place=place, address=address, form=form, is_known=actor.is_signed_in)


async def _page(
    db: ReadSession, report: PageReport, form: PageAnswerForm, *, actor: Whoever, settings: Settings, now: datetime
) -> PageReportPage:
    if not may(actor, Permission.READ_QUEUE, panel_id=report.panel_id):
        raise NotFound
    chosen, wanted = f"page-{report.id}", Wanted(show=Show.REPORTS)
    return PageReportPage(
        work=await worklist(db, actor=actor, wanted=wanted, chosen=chosen, zone=settings.zone, now=now),
        has_keys=await choices.has_keys(db, person_id=actor.person_id),
        report=report,
        form=form,
        may_decide=may(actor, Permission.MODERATE, panel_id=report.panel_id),
        due_at=rules.promised_at(report.reported_at, settings.zone),
        now=now,
    )
