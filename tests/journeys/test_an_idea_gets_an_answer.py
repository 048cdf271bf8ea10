"""The whole story, on a real site: an idea goes in at one end and an answer comes back to its author at the other.

Everything goes over HTTP, letters and a websocket; nothing calls a function of the house.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.site import Site, heard, link_in, words_of
from tests.visitor import Visitor

SLUG = "leefbaar-en-bereikbaar"
HER = "tineke.vd.linde@waterveen.example"
HER_IDEA = "Een bankje halverwege de Lindelaan, tussen de bushalte en de apotheek, zodat ik even kan zitten."
REJECTED = "KOOP NU bij Jansen de goedkoopste dakgoten van heel Waterveen en omstreken!!!"


@dataclass
class Story:
    """The site and what the people in the story hold on to: windows, links, ids."""

    site: Site
    tineke: Visitor
    receipt: str = ""
    idea_id: int = 0
    theme_id: int = 0
    staff: dict[str, Visitor] = field(default_factory=dict)

    async def api(self, address: str) -> Any:
        """What the public API answers."""
        async with httpx.AsyncClient(base_url=self.site.url) as http:
            answer = await http.get(f"/v1{address}")
            assert answer.status_code == 200, answer.text
            return answer.json()

    async def as_(self, role: str) -> Visitor:
        """The window of the holder of a role; a working day later they sign in again."""
        if role not in self.staff:
            self.staff[role] = await self.site.signed_in(role)
        return self.staff[role]

    async def days_later(self, days: float) -> None:
        """Time passes; sessions of staff do not live that long."""
        self.site.move_clock(timedelta(days=days))
        self.site.links.clear()
        for visitor in self.staff.values():
            await visitor.close()
        self.staff.clear()

    async def now(self) -> datetime:
        """The site's present instant."""
        return datetime.now(UTC) + self.site.moved  # noqa: TID251 - the test's own clock beside the site's


@pytest.fixture
async def story(tmp_path: Path, empty_database: str) -> AsyncIterator[Story]:
    """The sample municipality, served for this story alone."""
    site = Site(tmp_path, database_url=empty_database)
    await site.start()
    story = Story(site, site.visitor())
    yield story
    for visitor in (story.tineke, *story.staff.values()):
        await visitor.close()
    site.stop()


@pytest.mark.timeout(600)
async def test_an_idea_goes_in_and_an_answer_comes_back(story: Story) -> None:
    await she_sees_what_is_asked_and_what_to_expect(story)
    await she_posts_an_idea_and_confirms_it_while_the_moderator_watches(story)
    await the_moderator_publishes_it_and_rejects_another_on_a_ground(story)
    await it_is_endorsed_once_each(story)
    await the_secretary_makes_themes_and_her_decisions_stay(story)
    await the_theme_goes_on_the_agenda(story)
    await input_after_the_close_is_kept_for_the_next_meeting(story)
    await the_briefing_and_the_digest_go_out_once(story)
    await the_meeting_advises_and_the_response_becomes_overdue(story)
    await the_commissioner_answers_and_she_is_told(story)
    await the_ledger_adds_up(story)


async def she_sees_what_is_asked_and_what_to_expect(story: Story) -> None:
    she = story.tineke
    await she.open("/")
    consultation = await story.api(f"/consultations/{SLUG}")
    assert "Burgerpanel Waterveen" in she.text
    assert re.search(r"\w+dag \d+ \w+ 2\d{3}, 12\.00 uur, Nederlandse tijd", she.text)
    assert "nog 9 dagen" in she.text.lower() or "nog 8 dagen" in she.text.lower()

    await she.press("English")
    assert '<html lang="en">' in she.text
    await she.press("Nederlands")

    await she.open(f"/consultations/{SLUG}")
    assert consultation["question"] in she.text
    await she.follow("Stuur een idee")
    for told in ("Wat nog kan veranderen", "Wie beslist", "Wat wij met uw inzending doen"):
        assert told in she.text


async def she_posts_an_idea_and_confirms_it_while_the_moderator_watches(story: Story) -> None:
    she, site = story.tineke, story.site
    await she.follow("Schrijf uw idee")
    await she.press("Verstuur uw idee", body=HER_IDEA, title="Bankje Lindelaan", email="geen adres")
    assert she.status == 422
    assert HER_IDEA in she.text
    await she.press("Verstuur uw idee", email=HER)
    assert HER in she.text

    link = link_in(await site.letter(to=HER, about="bevestig"), "/confirm/")
    await she.open(link)
    assert "Ontvangen op" not in she.text  # a scanner that opens the link confirms nothing

    moderator = await story.as_("moderator")
    async with site.listen("queue", cookies=moderator) as socket:
        await she.press("Ja, dit is van mij")
        await heard(socket, "queue")
    story.receipt = she.path
    assert re.search(r"20\d\d-\d{5}", she.text)
    assert "/receipts/" in story.receipt
    letter = await site.letter(to=HER, about="/receipts/")
    assert re.search(r"20\d\d-\d{5}", letter)
    await moderator.open("/moderation")
    assert "Bankje Lindelaan" in moderator.text

    other = site.visitor()
    await other.open(f"/consultations/{SLUG}/ideas/new?kind=idea")
    await other.press("Verstuur uw idee", body=REJECTED, email="dakgoot@waterveen.example")
    await other.open(link_in(await site.letter(to="dakgoot@waterveen.example", about="bevestig"), "/confirm/"))
    await other.press("Ja, dit is van mij")
    await other.close()


async def the_moderator_publishes_it_and_rejects_another_on_a_ground(story: Story) -> None:
    moderator, site = await story.as_("moderator"), story.site
    await moderator.open("/moderation")
    await moderator.follow("Bankje Lindelaan")
    story.idea_id = int(re.search(r"/moderation/ideas/(\d+)", moderator.path).group(1))  # type: ignore[union-attr]
    consultation_topic = re.search(
        r'data-live="(consultation:\d+)"', (await story.tineke.open(f"/consultations/{SLUG}")).text
    )
    assert consultation_topic is not None
    async with site.listen(consultation_topic.group(1)) as socket:
        await moderator.press("Publiceren")
        await heard(socket, consultation_topic.group(1))
    fragment = await story.tineke.http.get(f"/consultations/{SLUG}/ideas", headers={"X-Fragment": "1"})
    assert "Bankje Lindelaan" in fragment.text
    await site.letter(to=HER, about="Bankje Lindelaan")

    await moderator.open("/moderation")
    await moderator.follow("KOOP NU")
    await moderator.press("Afwijzen", ground="commercial", explanation="U biedt hier dakgoten te koop aan.")
    told = await site.letter(to="dakgoot@waterveen.example", about="dakgoten te koop")
    assert "bezwaar" in told.lower()


async def it_is_endorsed_once_each(story: Story) -> None:
    neighbour = await story.as_("resident")
    page = f"/ideas/{story.idea_id}"
    await neighbour.open(page)
    await neighbour.press("Ik steun dit idee")
    assert "1 inwoner steunt dit" in neighbour.text
    await neighbour.open(page)
    assert all(text != "Ik steun dit idee" for form in neighbour.forms for *_, text in form.buttons)

    stranger = story.site.visitor()
    await stranger.open(page)
    await stranger.press("Ik steun dit idee", email="buur.oost@waterveen.example")
    letter = await story.site.letter(to="buur.oost@waterveen.example", about="/endorse/")
    for _ in range(2):
        await stranger.open(link_in(letter, "/endorse/"))
        if stranger.status == 200:
            await stranger.press("teun")
    await stranger.open(page)
    assert "2 inwoners steunen dit" in stranger.text
    await stranger.close()


async def the_secretary_makes_themes_and_her_decisions_stay(story: Story) -> None:
    secretary = await story.as_("secretary")
    await secretary.open(f"/desk/themes/{SLUG}")
    await secretary.press("Maak opnieuw")
    [mine] = [idea for idea in await every_idea(story) if idea["id"] == story.idea_id]
    assert mine["theme_id"] is not None
    story.theme_id = mine["theme_id"]
    theme = await story.tineke.open(f"/themes/{story.theme_id}")
    assert "Waarom hier" in theme.text or "waarom" in theme.text.lower()

    await secretary.open(f"/desk/themes/{SLUG}?theme={story.theme_id}")
    await secretary.press("Bewaar de naam", name="Zitten onderweg", rename_reason="Zo noemen bewoners het zelf.")
    themes = {theme["id"]: theme for theme in await story.api(f"/consultations/{SLUG}/themes")}
    other = min((one for one in themes.values() if one["id"] != story.theme_id), key=lambda one: one["idea_count"])
    await secretary.open(f"/desk/themes/{SLUG}?theme={other['id']}")
    await secretary.press("Voeg samen", into_id=str(story.theme_id))
    merged = {theme["id"]: theme for theme in await story.api(f"/consultations/{SLUG}/themes")}
    assert other["id"] not in merged
    assert merged[story.theme_id]["name"] == "Zitten onderweg"
    assert merged[story.theme_id]["idea_count"] == themes[story.theme_id]["idea_count"] + other["idea_count"]

    await secretary.open(f"/desk/themes/{SLUG}")
    await secretary.press("Maak opnieuw")
    again = {theme["id"]: theme for theme in await story.api(f"/consultations/{SLUG}/themes")}
    assert again[story.theme_id]["name"] == "Zitten onderweg"
    assert other["id"] not in again


async def the_theme_goes_on_the_agenda(story: Story) -> None:
    secretary = await story.as_("secretary")
    meeting = await next_meeting(story)
    await secretary.open(f"/desk/meetings/{meeting['id']}/points/new?theme={story.theme_id}")
    if secretary.status == 404:
        await secretary.open(f"/desk/meetings/{meeting['id']}")
        await secretary.follow("Zitten onderweg")
    await secretary.press(
        "Zet op de agenda",
        question="Waar moet u onderweg kunnen zitten, en wie zorgt voor de bankjes?",
        minutes="30",
        presenter="Anouk Dijkgraaf",
    )
    await secretary.open(f"/desk/meetings/{meeting['id']}")
    assert "Zitten onderweg" in secretary.text
    await secretary.press("Omhoog")
    for waiting in await story.api(f"/consultations/{SLUG}/themes"):
        if waiting["id"] != story.theme_id:
            await secretary.open(f"/desk/meetings/{meeting['id']}/points/new?theme={waiting['id']}")
            await secretary.press("Laat dit thema weg", reason="De tijd is op; dit komt in de volgende bijeenkomst.")
    await secretary.open(f"/desk/meetings/{meeting['id']}")
    await secretary.press("Zet de agenda vast")
    await secretary.press("Publiceer de agenda")
    agenda = await story.api(f"/meetings/{meeting['id']}/agenda")
    assert "Zitten onderweg" in [point["title"] for point in agenda["points"]]
    assert (
        "Zitten onderweg"
        in (await story.tineke.open(f"/panels/burgerpanel-waterveen/meetings/{meeting['number']}")).text
    )
    await story.site.letter(to=HER, about="Zitten onderweg")


async def input_after_the_close_is_kept_for_the_next_meeting(story: Story) -> None:
    she, site = story.tineke, story.site
    follower = await story.as_("resident")
    await follower.open(f"/consultations/{SLUG}")
    await follower.press("Houd mij op de hoogte", cadence="daily")
    closes = datetime.fromisoformat((await story.api(f"/consultations/{SLUG}"))["closes_at"])
    await story.days_later(((closes - await story.now()) + timedelta(seconds=2)) / timedelta(days=1))
    assert (await story.api(f"/consultations/{SLUG}"))["timing"] == "late"

    late = site.visitor()
    await late.open(f"/consultations/{SLUG}/ideas/new?kind=experience")
    assert "volgende bijeenkomst" in late.text
    await late.press(
        "Verstuur uw ervaring",
        body="Ik belde drie keer over de kapotte lantaarn en kreeg nooit antwoord.",
        service="Meldpunt",
        stuck="Aan de telefoon",
        email="laat@waterveen.example",
    )
    await late.open(link_in(await site.letter(to="laat@waterveen.example", about="bevestig"), "/confirm/"))
    await late.press("Ja, dit is van mij")
    assert "volgende bijeenkomst" in late.text
    assert "na de sluiting" in late.text
    await late.close()
    await she.open(f"/consultations/{SLUG}")
    assert "esloten" in she.text


async def the_briefing_and_the_digest_go_out_once(story: Story) -> None:
    site = story.site
    meeting = await next_meeting(story)
    starts = datetime.fromisoformat(meeting["starts_at"])
    await story.days_later((starts - timedelta(days=5) - await story.now()) / timedelta(days=1))
    letter = await site.letter(to="aleida.boonstra@waterveen.example", about="Om te lezen voor de bijeenkomst")
    member = await story.as_("member")
    briefing = await member.open(f"/meetings/{meeting['id']}/briefing")
    assert "Zitten onderweg" in briefing.text
    assert "Zitten onderweg" in letter
    assert (await story.tineke.http.get(f"/meetings/{meeting['id']}/briefing")).status_code in {401, 403, 404, 303, 200}

    digest = await site.letter(to="bewoner@waterveen.example", about="/digests/")
    web = await story.tineke.open(link_in(digest, "/digests/"))
    assert web.status_code == 200
    before = await all_briefed(site)
    site.stop()
    await site.serve()  # stopped and started: nothing goes out twice
    assert await all_briefed(site) == before
    assert len(set(before)) == len(before) >= 32


async def all_briefed(site: Site) -> list[str]:
    """To whom a briefing went, when no more came for three seconds."""
    found: list[str] | None = None
    while found != briefed(site):
        found = briefed(site)
        await asyncio.sleep(3)
    return found or []


def briefed(site: Site) -> list[str]:
    """To whom a briefing went, once for each letter."""
    return sorted(one["To"] for one in site.letters() if "Om te lezen voor" in words_of(one))


async def the_meeting_advises_and_the_response_becomes_overdue(story: Story) -> None:
    meeting = await next_meeting(story)
    await story.days_later(6)
    secretary = await story.as_("secretary")
    await secretary.open(f"/desk/meetings/{meeting['id']}")
    await secretary.press("De bijeenkomst is gehouden")
    await secretary.open(f"/desk/meetings/{meeting['id']}/minutes")
    notes = [address for text, address in secretary.links if "Leg de uitkomst vast" in text]
    for address in notes:
        await secretary.open(address)
        is_hers = "Zitten onderweg" in secretary.text
        await secretary.press(
            "Leg de uitkomst vast",
            outcome="discussed",
            what_was_said="Iedereen kende de plek. Een lid liep hem vorige week met haar moeder.",
            advice="Zet elke 150 meter een bankje op de looproutes naar winkels en bushaltes." if is_hers else "",
        )
    await secretary.open(f"/desk/meetings/{meeting['id']}/minutes")
    await secretary.press("Publiceer het verslag")
    await secretary.open(f"/desk/meetings/{meeting['id']}/minutes")
    new_advice = [address for text, address in secretary.links if "Maak er een advies van: Zitten onderweg" in text]
    await secretary.open(new_advice[0])
    await secretary.press("Bewaar het concept", title="Elke 150 meter een bankje", text="Begin met de Lindelaan.")
    await secretary.press("Stel de tekst vast")
    await secretary.press("Leg de stemming vast", votes_for="27", votes_against="3")
    await secretary.press("Bied het advies aan")

    [advice] = [one for one in await story.api("/recommendations") if one["title"] == "Elke 150 meter een bankje"]
    assert (advice["response"]["state"], advice["response"]["is_overdue"]) == ("awaited", False)
    await story.days_later(200)
    [advice] = [one for one in await story.api("/recommendations") if one["title"] == "Elke 150 meter een bankje"]
    assert advice["response"]["is_overdue"] is True
    page = await story.tineke.open(f"/recommendations/{advice['id']}")
    assert "overschreden" in page.text.lower() or "te laat" in page.text.lower()


async def the_commissioner_answers_and_she_is_told(story: Story) -> None:
    commissioner = await story.as_("commissioner")
    await commissioner.open("/desk/responses")
    await commissioner.follow("Elke 150 meter een bankje")
    await commissioner.press(
        "Publiceer uw reactie", state="accepted", reasons="Wij willen dit ook.", owner="", done_by="2027-12-01"
    )
    assert commissioner.status == 422
    assert "Wij willen dit ook." in commissioner.text
    await commissioner.press("Publiceer uw reactie", owner="Team Openbare ruimte", done_by="2027-12-01")

    letter = await story.site.letter(to=HER, about="Wij willen dit ook.")
    assert "Elke 150 meter een bankje" in letter
    receipt = await story.tineke.open(story.receipt)
    steps = (
        "Ontvangen",
        "epubliceerd",
        "Zitten onderweg",
        "genda",
        "esproken",
        "Elke 150 meter een bankje",
        "overgenomen",
    )
    places = [receipt.text.lower().find(step.lower()) for step in steps]
    assert -1 not in places, dict(zip(steps, places, strict=True))


async def the_ledger_adds_up(story: Story) -> None:
    ledger = await story.api(f"/consultations/{SLUG}/ledger")
    parts = ("in_review", "published", "rejected", "held", "returned", "withdrawn", "removed")
    assert ledger["received"] == sum(ledger[part] for part in parts)
    assert ledger["published"] == sum(ledger["routes"].values())
    page = await story.tineke.open(f"/consultations/{SLUG}")
    assert str(ledger["received"]) in page.text


async def every_idea(story: Story) -> list[Any]:
    """All published ideas, page by page."""
    found: list[Any] = []
    cursor = ""
    while True:
        page = await story.api(f"/consultations/{SLUG}/ideas?limit=200{cursor}")
        found += page["ideas"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


async def next_meeting(story: Story) -> Any:
    """The meeting that the consultation feeds."""
    return next(one for one in await story.api("/panels/burgerpanel-waterveen/meetings") if one["number"] == 2)
