"""People keep, change and translate texts, so that the pages about that are there to be looked at."""

import re

import httpx

from tests.journeys.site import Site, link_in
from tests.visitor import Visitor

SLUG = "leefbaar-en-bereikbaar"
BEGUN = "Een schommel bij de vijver, want mijn kleinkinderen"


async def write(site: Site) -> list[str]:
    """The addresses that came of it, also those that only a letter leads to."""
    stranger, resident, moderator = site.visitor(), await site.signed_in("resident"), await site.signed_in("moderator")
    await _keep(stranger, BEGUN, email="later@waterveen.example")
    await _keep(resident, BEGUN)
    link = link_in(await site.letter(to="later@waterveen.example", about="/drafts/open/"), "/drafts/open/")
    found = [link, f"{site.url}/consultations/{SLUG}/drafts/kept", *await _changed(site, moderator)]
    found.append(await _translated(stranger))
    found.append(await _talk(stranger))
    for visitor in (stranger, resident, moderator):
        await visitor.close()
    return found


async def _keep(visitor: Visitor, body: str, **typed: str) -> None:
    await visitor.open(f"/consultations/{SLUG}/ideas/new?kind=idea")
    await visitor.press("Bewaar en mail mij een link", body=body, **typed)
    assert visitor.status == 200, visitor.text


async def _changed(site: Site, moderator: Visitor) -> list[str]:
    """An idea that was public, was changed and is public again."""
    author, address = site.visitor(), "wissel@waterveen.example"
    await author.open(f"/consultations/{SLUG}/ideas/new?kind=idea")
    await author.press("Verstuur uw idee", body="Een wip op het plein bij de school.", email=address)
    await author.open(link_in(await site.letter(to=address, about="/confirm/"), "/confirm/"))
    await author.press("Ja, dit is van mij")
    receipt = str(author.page.url)
    await _publish(moderator, "Een wip op het plein")
    await author.open(f"{receipt}/edit")
    await author.press("Stuur de nieuwe tekst in", body="Twee wippen op het plein bij de school.")
    await _publish(moderator, "Twee wippen op het plein")
    await author.open(receipt)
    idea = re.search(r"/ideas/\d+\b", author.page.text)
    assert idea is not None
    await author.close()
    return [receipt, site.url + idea.group()]


async def _publish(moderator: Visitor, words: str) -> None:
    await moderator.open("/moderation")
    await moderator.follow(words)
    await moderator.press("Publiceren")


async def _translated(visitor: Visitor) -> str:
    """An idea in another language, as its reader had it translated."""
    visitor.http.cookies = httpx.Cookies()
    listed = await visitor.http.get(f"/v1/consultations/{SLUG}/ideas?limit=200")
    foreign = next(one for one in listed.json()["ideas"] if one["language"] not in {"nl", "en"})
    await visitor.open(f"/ideas/{foreign['id']}")
    await visitor.press("Vertaal deze tekst")
    return str(visitor.page.url)


async def _talk(visitor: Visitor) -> str:
    """A thread of the sample on its own page, as letters about it lead to it."""
    listed = await visitor.http.get(f"/v1/consultations/{SLUG}/ideas?limit=200")
    talked = next(one for one in listed.json()["ideas"] if one["title"] == "Geef Zuiderzijl zijn bus terug")
    await visitor.open(f"/ideas/{talked['id']}/comments")
    return str(visitor.page.url)
