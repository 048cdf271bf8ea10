"""How a whole panel is moderated, over all its consultations, for all to check."""

from typing import Any

from litestar import Controller, get
from litestar.params import FromPath
from litestar.response import Response, Template

from accounts.actor import Actor as Whoever
from accounts.inject import Actor
from consultations.models import Consultation
from consultations.queries import of_panel
from kernel.db import ReadSession
from kernel.inject import Db, Now
from moderation.conduct import CONDUCT
from moderation.pages import RecordPage
from moderation.public_record import POLICIES, public_record
from moderation.routes.public import record_as_csv, record_as_json
from panels import queries, rules
from panels.models import Panel


class PanelRecords(Controller):
    """The same record as of one consultation, added up."""

    path = "/panels/{slug:str}"

    @get("/moderation", name="panel.record")
    async def show(self, db: Db, slug: FromPath[str], actor: Actor, now: Now) -> Template:
        """Grounds and numbers; never a text that was kept back."""
        panel, found = await _of(db, slug, actor)
        return RecordPage(
            of=panel.name,
            above=f"/panels/{slug}",
            record=await public_record(db, [one.id for one in found]),
            policies=[POLICIES[policy] for policy in sorted({one.policy for one in found})],
            consultations=found,
            conduct=CONDUCT,
            now=now,
        ).response()

    @get("/moderation.json", name="panel.record_json")
    async def as_json(self, db: Db, slug: FromPath[str], actor: Actor) -> Response[dict[str, Any]]:
        """For programs."""
        _panel, found = await _of(db, slug, actor)
        return record_as_json(await public_record(db, [one.id for one in found]))

    @get("/moderation.csv", name="panel.record_csv")
    async def as_csv(self, db: Db, slug: FromPath[str], actor: Actor) -> Response[str]:
        """For a spreadsheet."""
        _panel, found = await _of(db, slug, actor)
        return record_as_csv(await public_record(db, [one.id for one in found]))


async def _of(db: ReadSession, slug: str, actor: Whoever) -> tuple[Panel, list[Consultation]]:
    panel = await queries.panel_by_slug(db, slug)
    rules.require_sight(actor, panel)
    return panel, await of_panel(db, panel.id)
