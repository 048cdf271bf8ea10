"""The commissioner's work: answer each advice, then tell what was done."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import Permission
from accounts.inject import Actor, requires
from kernel.db import ReadSession
from kernel.inject import Config, Db, FormData, Now, Tx
from panels import answering, queries, responses, rules
from panels.answer_forms import ProgressForm, ResponseForm
from panels.desk_pages import DeskResponsePage, DeskResponsesPage
from panels.models import Response
from panels.routes.reading import promised
from panels.states import RESPONSE_MOVES, ResponseState

RESPONDS = [requires(Permission.RESPOND)]


class ResponseWork(Controller):
    """Advice to answer."""

    path = "/desk/responses"
    guards = [requires(Permission.READ_RESPONSE_WORK)]  # noqa: RUF012 - Litestar reads it from the class

    @get(name="desk.responses")
    async def index(self, db: Db, actor: Actor, now: Now) -> Template:
        """What waits for an answer, what is due first on top."""
        panel_ids = [panel.id for panel in await queries.panels_for(db, actor, Permission.READ_RESPONSE_WORK)]
        return DeskResponsesPage(responses=await answering.responses(db, panel_ids), now=now).response()

    @get("/{response_id:int}", name="desk.response")
    async def show(self, db: Db, response_id: FromPath[int], actor: Actor, now: Now, settings: Config) -> Template:
        """One advice with the form to answer it."""
        response = await answering.response_by_id(db, response_id)
        rules.require_reader_of_responses(actor, response.recommendation.panel_id)
        responds = rules.may_respond(actor, response.recommendation.panel_id)
        page = await _page(db, response, ResponseForm.of(response), ProgressForm(), now, settings, responds=responds)
        return page.response()

    @post("/{response_id:int}", name="desk.respond", status_code=303, guards=RESPONDS)
    async def respond(
        self, tx: Tx, response_id: FromPath[int], data: FormData, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Answer an advice."""
        response = await answering.response_by_id(tx, response_id)
        rules.require_commissioner(actor, response.recommendation.panel_id)
        form = ResponseForm.parse(data)
        if form.errors or form.state is None:
            return (await _page(tx, response, form, ProgressForm(), now, settings)).response(422)
        await responses.respond(
            tx,
            response=response,
            state=form.state,
            reasons=form.reasons,
            owner=form.owner,
            done_by=form.done_by_day,
            seen=form.seen,
            actor=actor,
            now=now,
        )
        return Redirect(f"/recommendations/{response.recommendation_id}", status_code=303)

    @post("/{response_id:int}/progress", name="desk.progress", status_code=303, guards=RESPONDS)
    async def report(
        self, tx: Tx, response_id: FromPath[int], data: FormData, actor: Actor, now: Now, settings: Config
    ) -> Template | Redirect:
        """Tell what was done since."""
        response = await answering.response_by_id(tx, response_id)
        rules.require_commissioner(actor, response.recommendation.panel_id)
        form = ProgressForm.parse(data)
        if form.errors:
            return (await _page(tx, response, ResponseForm.of(response), form, now, settings)).response(422)
        await responses.report_progress(tx, response=response, text=form.text, state=form.ending, actor=actor, now=now)
        return Redirect(f"/recommendations/{response.recommendation_id}", status_code=303)


async def _page(
    db: ReadSession,
    response: Response,
    form: ResponseForm,
    progress_form: ProgressForm,
    now: Now,
    settings: Config,
    *,
    responds: bool = True,
) -> DeskResponsePage:
    item_id = response.recommendation.agenda_item_id
    return DeskResponsePage(
        answer=response,
        ideas=(await queries.ideas_behind(db, [item_id]))[item_id],
        progress=await answering.progress_of(db, response.id),
        form=form,
        progress_form=progress_form,
        responds=responds,
        may_answer=responds and ResponseState.REJECTED in RESPONSE_MOVES[response.state],
        may_report=responds and response.state in responses.IN_PROGRESS,
        done_by=promised(response, settings.zone),
        now=now,
    )
