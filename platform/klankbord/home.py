"""The front page and the health page."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, get
from litestar.response import Template
from sqlalchemy import text

from kernel.inject import Asked, Db, Now
from kernel.pages import Page
from klankbord.health import condition


@dataclass(frozen=True, kw_only=True)
class HomePage(Page):
    """The running panels and what they ask now."""

    template: ClassVar[str] = "klankbord/home.html"


class Home(Controller):
    """What stands above all rooms."""

    @get("/", name="home")
    async def home(self, db: Db) -> Template:
        """The front page."""
        return HomePage().response()

    @get("/health", name="health")
    async def health(self, db: Db, request: Asked, now: Now) -> dict[str, Any]:
        """Whether the site can read its database, its worker turns, and its letters leave."""
        await db.execute(text("SELECT 1"))
        return {"database": "ok", **await condition(db, request.app.state.worker, now=now)}
