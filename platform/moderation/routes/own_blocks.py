"""For who is blocked: the decision and the appeal, behind the link in the letter or when signed in."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts.access import known
from accounts.inject import Actor, signed_in
from kernel import tokens
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from kernel.pages import HIDDEN
from kernel.settings import Settings
from moderation import block_appeals, block_queries, block_rules, blocks, rules
from moderation.block_pages import NotBlockedPage, OwnBlockPage
from moderation.block_queries import Told
from moderation.conduct import CONDUCT
from moderation.forms import AppealForm
from moderation.states import ENDING_NAMES


class OwnBlock(Controller):
    """Signed in: one's own newest block."""

    path = "/blocked"
    guards = [signed_in]  # noqa: RUF012 - Litestar's own name

    @get(name="block.own")
    async def show(self, db: Db, request: Asked, actor: Actor, now: Now, settings: Config) -> Template:
        """The decision, or that there is none."""
        told = await _newest(db, known(actor))
        if told is None:
            return NotBlockedPage().response()
        is_lodged = "lodged" in request.query_params
        return _page(told, "/blocked/appeal", is_lodged=is_lodged, settings=settings, now=now).response(headers=HIDDEN)

    @post("/appeal", name="block.appeal", status_code=303)
    async def appeal(self, tx: Tx, data: FormData, actor: Actor, now: Now, settings: Config) -> Template | Redirect:
        """Lodge the appeal; once."""
        told = await _newest(tx, known(actor))
        if told is None:
            raise NotFound
        form = AppealForm.parse(data)
        if form.errors:
            page = _page(told, "/blocked/appeal", form=form, settings=settings, now=now)
            return page.response(422, headers=HIDDEN)
        await block_appeals.lodge(tx, block=told.block, reason=form.reason, zone=settings.zone, now=now)
        return Redirect("/blocked?lodged", status_code=303)


class BlockLetters(Controller):
    """The same behind the link in the letter, which signs nobody in."""

    path = "/blocks/{secret:str}"

    @get(name="block.letter")
    async def show(self, db: Db, secret: FromPath[str], request: Asked, now: Now, settings: Config) -> Template:
        """The decision."""
        told = await _behind(db, secret, now)
        is_lodged = "lodged" in request.query_params
        page = _page(told, f"/blocks/{secret}/appeal", is_lodged=is_lodged, settings=settings, now=now)
        return page.response(headers=HIDDEN)

    @post("/appeal", name="block.letter_appeal", status_code=303)
    async def appeal(
        self, tx: Tx, data: FormData, secret: FromPath[str], now: Now, settings: Config
    ) -> Template | Redirect:
        """Lodge the appeal; once."""
        told = await _behind(tx, secret, now)
        form = AppealForm.parse(data)
        if form.errors:
            page = _page(told, f"/blocks/{secret}/appeal", form=form, settings=settings, now=now)
            return page.response(422, headers=HIDDEN)
        await block_appeals.lodge(tx, block=told.block, reason=form.reason, zone=settings.zone, now=now)
        return Redirect(f"/blocks/{secret}?lodged", status_code=303)


async def _newest(db: ReadSession, person_id: int) -> Told | None:
    found = await block_queries.of_person(db, person_id)
    return found[0] if found else None


async def _behind(db: ReadSession, secret: str, now: datetime) -> Told:
    token = await tokens.find(db, purpose=blocks.LETTER, secret=secret, now=now)
    return await block_queries.told(db, token.subject_id)


def _page(
    told: Told,
    appeal_address: str,
    *,
    form: AppealForm | None = None,
    is_lodged: bool = False,
    settings: Settings,
    now: datetime,
) -> OwnBlockPage:
    block, zone = told.block, settings.zone
    return OwnBlockPage(
        told=told,
        holds=block_rules.holds(block, told.end, now),
        text=CONDUCT[block.ground],
        endings=ENDING_NAMES,
        appeal_address=appeal_address,
        may_appeal=block_rules.may_appeal(block, end=told.end, appeal=told.appeal, now=now, zone=zone),
        appeal_until=rules.appeal_until(block.blocked_at, zone),
        due_at=rules.appeal_due_at(now, zone),
        form=form or AppealForm(),
        is_lodged=is_lodged,
        stops_reports=block.ground in block_rules.STOPS_REPORTS,
    )
