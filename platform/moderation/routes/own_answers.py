"""For who reported something, behind the link in the letter, and for who sent a file, behind the receipt: the answer
and the appeal against it."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from consultations.ideas import RECEIPT
from kernel import tokens
from kernel.db import ReadSession
from kernel.errors import LinkSpent, NotFound
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from kernel.pages import HIDDEN
from kernel.settings import Settings
from moderation import answer_appeals, answer_queries, rules
from moderation.answer_pages import OwnAnswerPage
from moderation.answer_queries import Answer
from moderation.forms import AppealForm


class Answers(Controller):
    """An answer to a report."""

    path = "/answers/{secret:str}"

    @get(name="answer.own")
    async def show(self, db: Db, secret: FromPath[str], request: Asked, now: Now, settings: Config) -> Template:
        """The answer, and how to appeal."""
        page = _page(await _behind(db, secret, now), f"/answers/{secret}", settings=settings, request=request, now=now)
        return page.response(headers=HIDDEN)

    @post("/appeal", name="answer.appeal", status_code=303)
    async def appeal(
        self, tx: Tx, data: FormData, secret: FromPath[str], now: Now, settings: Config
    ) -> Template | Redirect:
        """Lodge the appeal; once."""
        answer, form = await _behind(tx, secret, now), AppealForm.parse(data)
        if form.errors:
            page = _page(answer, f"/answers/{secret}", form=form, settings=settings, now=now)
            return page.response(422, headers=HIDDEN)
        await answer_appeals.lodge(tx, answer=answer, reason=form.reason, zone=settings.zone, now=now)
        return Redirect(f"/answers/{secret}?lodged", status_code=303)


class FileAnswers(Controller):
    """An answer about a picture or document with one's own idea."""

    path = "/receipts/{secret:str}/files/{file_id:int}"

    @get("/decision", name="file.statement")
    async def show(
        self, db: Db, secret: FromPath[str], file_id: FromPath[int], request: Asked, now: Now, settings: Config
    ) -> Template:
        """The statement of reasons, and how to appeal."""
        answer = await _own_file(db, secret, file_id, now)
        place = f"/receipts/{secret}/files/{file_id}"
        return _page(answer, place, settings=settings, request=request, now=now).response(headers=HIDDEN)

    @post("/appeal", name="file.appeal", status_code=303)
    async def appeal(
        self, tx: Tx, data: FormData, secret: FromPath[str], file_id: FromPath[int], now: Now, settings: Config
    ) -> Template | Redirect:
        """Lodge the appeal; once."""
        answer, form = await _own_file(tx, secret, file_id, now), AppealForm.parse(data)
        place = f"/receipts/{secret}/files/{file_id}"
        if form.errors:
            return _page(answer, place, form=form, settings=settings, now=now).response(422, headers=HIDDEN)
        await answer_appeals.lodge(tx, answer=answer, reason=form.reason, zone=settings.zone, now=now)
        return Redirect(f"{place}/decision?lodged", status_code=303)


async def _behind(db: ReadSession, secret: str, now: datetime) -> Answer:
    token = await tokens.find(db, purpose=answer_appeals.LETTER, secret=secret, now=now)
    if token.subject.startswith("page_report:"):
        return await answer_queries.of_page_report(db, token.subject_id)
    return await answer_queries.of_report(db, token.subject_id)


async def _own_file(db: ReadSession, secret: str, file_id: int, now: datetime) -> Answer:
    try:
        token = await tokens.find(db, purpose=RECEIPT, secret=secret, now=now)
    except LinkSpent:
        raise NotFound from None
    answer = await answer_queries.of_file(db, file_id)
    if answer.idea is None or answer.idea.id != token.subject_id:
        raise NotFound
    return answer


def _page(
    answer: Answer,
    place: str,
    *,
    form: AppealForm | None = None,
    request: Asked | None = None,
    settings: Settings,
    now: datetime,
) -> OwnAnswerPage:
    is_file = answer.kind == "file"
    return OwnAnswerPage(
        answer=answer,
        receipt="/".join(place.split("/")[:3]) if is_file else "",
        appeal_address=f"{place}/appeal",
        may_appeal=answer_appeals.may_lodge(answer, zone=settings.zone, now=now),
        appeal_until=rules.appeal_until(answer.answered_at, settings.zone),
        due_at=rules.appeal_due_at(now, settings.zone),
        form=form or AppealForm(),
        is_lodged=request is not None and "lodged" in request.query_params,
    )
