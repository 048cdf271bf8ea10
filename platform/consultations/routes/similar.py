"""Ideas like the one being written: a list beside the form while somebody types, and a look before sending.

The look is taken before the form's transaction begins: finding takes time, and others wait to write meanwhile.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from litestar import Controller, Request, post
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Template

from accounts import actor as actors
from accounts.inject import Actor
from consultations import comments, queries, round_queries, similar
from consultations.forms import IdeaForm
from consultations.inject import Similar
from consultations.models import Consultation, Idea
from consultations.pages import SimilarIdeasPage
from consultations.routes.consultations import seen
from consultations.similar import NOTHING, Offer
from consultations.states import Act
from kernel import forms
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.inject import Asked, Db, FormData, Now

LOOKED = "looked"
"""The field that says: this person saw the ideas like it."""


class SimilarIdeas(Controller):
    """What is there already."""

    path = "/consultations/{slug:str}/ideas/similar"

    @post("/", name="idea.similar", status_code=200)
    async def similar(
        self, db: Db, slug: FromPath[str], data: FormData, actor: Actor, find_similar: Similar, now: Now
    ) -> Template:
        """The part of the form that shows them. A POST, so that no log keeps what people are writing."""
        consultation = await seen(db, slug, actor)
        words = IdeaForm.parse(data, is_known=True).words
        found = await similar.similar_to(db, find_similar, consultation_id=consultation.id, words=words)
        offer = await _offer(db, consultation, found, now)
        return SimilarIdeasPage(similar=offer, is_known=actor.is_signed_in).response()


async def look_first(connection: ASGIConnection[Any, actors.Actor, Any, Any], _: BaseRouteHandler) -> None:
    """Guard of the form: finds what is very much like it for who did not see that yet; `found_before` gives it."""
    if not isinstance(connection, Request) or connection.method != "POST":
        return
    data: dict[str, Any] = dict(await connection.form())
    if forms.ticked(data, LOOKED) or forms.ticked(data, "other_kind"):
        return
    state = connection.app.state
    async with state.database.read() as db:
        try:
            consultation = await queries.consultation_by_slug(db, connection.path_params["slug"])
        except NotFound:
            return  # told by the handler
        found = await similar.similar_to(
            db,
            state.find_similar,
            consultation_id=consultation.id,
            words=IdeaForm.parse(data, is_known=True).words,
            at_least=similar.WORTH_ASKING,
        )
        now: datetime = connection.scope["received_at"]  # type: ignore[typeddict-item]  # left there by Reception
        connection.scope["similar"] = await _offer(db, consultation, found, now)  # type: ignore[typeddict-unknown-key]  # ours


def found_before(request: Asked) -> Offer:
    """What `look_first` found."""
    found: Offer = request.scope.get("similar", NOTHING)  # type: ignore[assignment]  # left there by the guard
    return found


async def _offer(db: ReadSession, consultation: Consultation, found: Sequence[Idea], now: datetime) -> Offer:
    if not found:
        return NOTHING
    support = await round_queries.turn_of(db, consultation=consultation, act=Act.ENDORSE, moment=now)
    return Offer(
        ideas=found,
        may_add=await comments.takes_now(db, consultation=consultation, received_at=now),
        may_support=support.is_now,
        support_comes=support.span if support.span and now < support.span.opens_at else None,
    )
