"""A secretary prepares a question, so that the pages of a draft are there to be looked at."""

from datetime import timedelta

from kernel.clock import SystemClock
from tests.journeys.site import Site

TEXTS = ("title", "question", "summary", "asked", "can_change", "is_fixed", "how_used", "who_decides", "effort")


async def a_draft(site: Site) -> None:
    """A draft for the last meeting that is planned."""
    secretary = await site.signed_in("secretary")
    meetings = (await secretary.http.get("/v1/panels/burgerpanel-waterveen/meetings")).json()
    today = SystemClock().now()
    await secretary.open("/desk/consultations/new")
    await secretary.press(
        "Bewaar het concept",
        **dict.fromkeys((*TEXTS, "results_when"), "Waar mist u schaduw?"),
        meeting_id=str(max(meetings, key=lambda one: str(one["starts_at"]))["id"]),
        opens_date=f"{today + timedelta(days=9):%Y-%m-%d}",
        closes_date=f"{today + timedelta(days=20):%Y-%m-%d}",
    )
    assert secretary.path.removeprefix("/desk/consultations/").isdigit(), secretary.text
    await secretary.close()
