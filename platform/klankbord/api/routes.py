"""The edge of the API: one GET a resource, an API-Version header, problem+json for refusals."""

from typing import Annotated, Any

from litestar import Controller, Router, get
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Contact, License
from litestar.params import FromPath, QueryParameter

from consultations import queries
from kernel.errors import NotFound
from kernel.inject import Config, Db, Now
from klankbord.api import shapes
from klankbord.api.reading import Reader

VERSION = "1.1.0"
_REFUSALS = {
    400: "The request cannot be read: a parameter out of its range, or something wrong around it.",
    404: "Nothing stands under this name, number or cursor, or nothing that everybody may read.",
    414: "The address is longer than any that this API gives out.",
    429: "Too often; Retry-After says in how many seconds it can be asked again.",
    431: "More headers than any program needs.",
    503: "The site cannot reach its data just now; Retry-After says when to ask again.",
}


def _refusals(*, is_found: bool = False) -> dict[int, ResponseSpec]:
    """Every refusal has the same shape. A list that is always there cannot be missing."""
    return {
        status: ResponseSpec(
            shapes.ProblemShape,
            media_type="application/problem+json",
            description=meaning,
            generate_examples=False,
        )
        for status, meaning in _REFUSALS.items()
        if status != 404 or is_found
    }


_ALL: dict[int, ResponseSpec] = _refusals()
_ONE: dict[int, ResponseSpec] = _refusals(is_found=True)
_After = Annotated[int, QueryParameter(ge=0, le=2**53 - 1, description="The next_after of the page before.")]
_Limit = Annotated[int, QueryParameter(ge=1, le=200, description="How many on a page, 1 to 200.")]
_Cursor = Annotated[
    str | None,
    QueryParameter(
        max_length=120,
        pattern="^[A-Za-z0-9_-]*$",
        description="The next_cursor of the page before; none for the first page.",
    ),
]


class PanelsApi(Controller):
    """Panels, their meetings and agendas."""

    tags = ["panels"]  # noqa: RUF012 - Litestar's own name

    @get("/panels", name="api.panels", summary="All panels", responses=_ALL)
    async def panels(self, db: Db, settings: Config, now: Now) -> list[shapes.PanelShape]:
        """Every panel but drafts."""
        return await Reader(db, settings, now).panels()

    @get("/panels/{slug:str}", name="api.panel", summary="One panel", responses=_ONE)
    async def panel(self, db: Db, settings: Config, now: Now, slug: FromPath[str]) -> shapes.PanelShape:
        """A panel and its terms of reference."""
        return await Reader(db, settings, now).panel(slug)

    @get("/panels/{slug:str}/meetings", name="api.meetings", summary="A panel's meetings", responses=_ONE)
    async def meetings(self, db: Db, settings: Config, now: Now, slug: FromPath[str]) -> list[shapes.MeetingShape]:
        """First to last."""
        return await Reader(db, settings, now).meetings(slug)

    @get("/meetings/{meeting_id:int}/agenda", name="api.agenda", summary="A meeting's agenda", responses=_ONE)
    async def agenda(self, db: Db, settings: Config, now: Now, meeting_id: FromPath[int]) -> shapes.AgendaShape:
        """Its points once published, with what was said once the minutes are."""
        return await Reader(db, settings, now).agenda(meeting_id)

    @get("/recommendations", name="api.recommendations", summary="Advices and the responses to them", responses=_ALL)
    async def recommendations(self, db: Db, settings: Config, now: Now) -> list[shapes.RecommendationShape]:
        """Everything that was put to the vote, adopted or not."""
        return await Reader(db, settings, now).recommendations()


class ConsultationsApi(Controller):
    """Consultations, what residents sent, and the themes in it."""

    tags = ["consultations"]  # noqa: RUF012 - Litestar's own name

    @get("/consultations", name="api.consultations", summary="All consultations", responses=_ALL)
    async def consultations(self, db: Db, settings: Config, now: Now) -> list[shapes.ConsultationShape]:
        """Every consultation but drafts, newest first."""
        return await Reader(db, settings, now).consultations()

    @get("/consultations/{slug:str}", name="api.consultation", summary="One consultation", responses=_ONE)
    async def consultation(
        self, db: Db, settings: Config, now: Now, slug: FromPath[str]
    ) -> shapes.WholeConsultationShape:
        """Its question and period, the panel's further questions and its phases."""
        return await Reader(db, settings, now).consultation(slug)

    @get("/consultations/{slug:str}/ideas", name="api.ideas", summary="Published ideas, by cursor", responses=_ONE)
    async def ideas(
        self, db: Db, settings: Config, now: Now, slug: FromPath[str], cursor: _Cursor = None, limit: _Limit = 50
    ) -> shapes.IdeaPageShape:
        """Newest first; follow next_cursor until it is null."""
        return await Reader(db, settings, now).ideas(slug, cursor=cursor, limit=limit)

    @get("/ideas/{idea_id:int}/comments", name="api.comments", summary="Comments under an idea", responses=_ONE)
    async def comments(
        self, db: Db, settings: Config, now: Now, idea_id: FromPath[int], after: _After = 0, limit: _Limit = 50
    ) -> shapes.CommentPageShape:
        """Oldest first; ask again with next_after as `after` until it is null."""
        return await Reader(db, settings, now).comments(idea_id, after=after, limit=limit)

    @get("/consultations/{slug:str}/themes", name="api.themes", summary="A consultation's themes", responses=_ONE)
    async def themes(self, db: Db, settings: Config, now: Now, slug: FromPath[str]) -> list[shapes.ThemeShape]:
        """Largest first."""
        return await Reader(db, settings, now).themes(slug)

    @get(
        "/consultations/{slug:str}/ledger",
        name="api.ledger",
        summary="Where everything that came in stands",
        responses=_ONE,
    )
    async def ledger(self, db: Db, settings: Config, now: Now, slug: FromPath[str]) -> shapes.LedgerShape:
        """The numbers add up; see the shape."""
        consultation = await Reader(db, settings, now).consultation_row(slug)
        ledger = await queries.ledger(db, consultation.id)
        return shapes.LedgerShape(
            received=ledger.received,
            in_review=ledger.in_review,
            published=ledger.published,
            rejected=ledger.rejected,
            held=ledger.held,
            returned=ledger.returned,
            withdrawn=ledger.withdrawn,
            removed=ledger.removed,
            routes={route.value: count for route, count in ledger.routes.items()},
        )


def in_plain_digits(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard: a number has one address. Python reads digits of every script as a number, and `1_0` as ten."""
    numbers = [value for value in connection.path_params.values() if isinstance(value, int)]
    if any(f"/{number}/" not in f"{connection.url.path}/" for number in numbers):
        raise NotFound


def api_router() -> Router:
    """Everything under /v1, and nothing else of the site, stands in the OpenAPI document."""
    return Router(
        path="/v1",
        route_handlers=[PanelsApi, ConsultationsApi],
        guards=[in_plain_digits],
        include_in_schema=True,
        response_headers={"API-Version": VERSION},
    )


def openapi_config(contact_url: str) -> OpenAPIConfig:
    """The document at /v1/openapi.json."""
    return OpenAPIConfig(
        title="Klankbord",
        version=VERSION,
        description="Read-only: panels, meetings, agendas, consultations, published ideas, themes, advices, ledger.",
        contact=Contact(name="Klankbord", url=contact_url),
        license=License(name="EUPL-1.2", identifier="EUPL-1.2"),
        path="/v1",
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        use_handler_docstrings=True,
    )
