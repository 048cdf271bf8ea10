"""People do things that bring letters, so that the pages behind the letters' links are there to be looked at."""

import re
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx

from tests.journeys.site import Site, code_in, link_in
from tests.klankbord.set_up.typed import QUESTION
from tests.visitor import Visitor

SLUG = "leefbaar-en-bereikbaar"
LINK = re.compile(r"https?://[^\s>)\]]+")


async def provoke(site: Site) -> list[str]:
    """Post, confirm, support, follow, be sent back and be refused; the addresses in the letters that came of it."""
    stranger, moderator = site.visitor(), await site.signed_in("moderator")
    await _send_in(site, stranger, "Zet een prullenbak bij het bankje aan de Vaartstraat.", "wacht@waterveen.example")
    for words, address, decision in (
        ("Mag er een regenton bij elk huis van de woonstichting?", "plaats@waterveen.example", "Publiceren"),
        ("Alles moet anders, de weg, de winkels en de zorg.", "terug@waterveen.example", "Terugsturen"),
        ("Te koop: nieuwe tuinstoelen, bel mij snel.", "weg@waterveen.example", "Afwijzen"),
        ("Gratis stoelen voor het dorpshuis, wie haalt ze?", "oneens@waterveen.example", "Afwijzen"),
        ("Ik weet waar de wethouder woont, en morgen sta ik daar.", "dreig@waterveen.example", "Afwijzen"),
    ):
        await _send_in(site, stranger, words, address)
        await _confirm(site, stranger, address)
        await _decide(moderator, words, decision)
    await _block(moderator)
    stranger.http.cookies = httpx.Cookies()
    newest = await stranger.http.get(f"/v1/consultations/{SLUG}/ideas?limit=2")
    published, earlier = newest.json()["ideas"]
    await stranger.open(f"/ideas/{published['id']}")
    await stranger.press("Ik steun dit idee", email="steun@waterveen.example")
    await stranger.open(f"/consultations/{SLUG}")
    await stranger.press("Houd mij op de hoogte", email="volg@waterveen.example", cadence="at_once")
    await stranger.open(link_in(await site.letter(to="volg@waterveen.example", about="/follow"), "/follow"))
    await stranger.press("Ja")
    await stranger.open("/sign-in")
    await stranger.press("Stuur mij een link", email="plaats@waterveen.example")
    await _send_in(site, stranger, "Een koelkast voor iedereen bij het dorpshuis.", "koel@waterveen.example")
    await _confirm(site, stranger, "koel@waterveen.example")
    await _decide(moderator, "Een koelkast", "Publiceren")
    stranger.http.cookies = httpx.Cookies()
    await stranger.open(f"/consultations/{SLUG}")
    await stranger.press("Houd mij op de hoogte", email="bijna@waterveen.example", cadence="weekly")
    asked = str(stranger.page.url)
    resident = await site.signed_in("resident")
    await resident.open(f"/ideas/{published['id']}")
    await resident.follow("Meld dit idee")
    await resident.press("Verstuur uw melding", reason="Dit gaat over mijn buurvrouw.", good_faith="1")
    await resident.open("/recommendations")
    await resident.follow("Meld iets op deze pagina")
    await resident.press("Verstuur uw melding", reason="Dit advies noemt een naam.", good_faith="1")
    answered = await _report_in_vain(site, moderator, earlier)
    await _merge(moderator, earlier["id"])
    refused = await site.letter(to="oneens@waterveen.example", about="Dit is een advertentie")
    await stranger.open(re.sub(r"(/receipts/[^/]+).*", r"\1/appeal", link_in(refused, "/receipts/")))
    await stranger.press("Verstuur uw bezwaar", reason="Ik verkoop niets, ik geef ze weg aan het dorpshuis.")
    secretary = await site.signed_in("secretary")
    meetings = (await stranger.http.get("/v1/panels/burgerpanel-waterveen/meetings")).json()
    await secretary.open(f"/desk/meetings/{meetings[1]['id']}")
    await secretary.press("Zet de agenda vast")
    await secretary.press("Publiceer de agenda")
    await secretary.press("Maak de vergaderstukken")
    await secretary.open("/desk/consultations/new")
    day = datetime.fromisoformat(meetings[2]["starts_at"])
    period = {
        "opens_date": f"{day - timedelta(days=40):%Y-%m-%d}",
        "closes_date": f"{day - timedelta(days=15):%Y-%m-%d}",
    }
    await secretary.press("Bewaar het concept", **(QUESTION | period | {"meeting_id": str(meetings[2]["id"])}))
    assert "Bewaar het concept" not in secretary.text
    waited_for = {
        "wacht@waterveen.example": "bevestig",
        "plaats@waterveen.example": "/sign-in/",
        "terug@waterveen.example": "Kies één onderwerp",
        "weg@waterveen.example": "Dit is een advertentie",
        "dreig@waterveen.example": "U schreef dat u de wethouder zou opzoeken.",
        "steun@waterveen.example": "/endorse/",
        "volg@waterveen.example": "koelkast",
        "bijna@waterveen.example": "/follow/",
    }
    found = [asked, f"{site.url}/consultations/{SLUG}/ideas/sent", *await _move(site)]
    await resident.open("/account")
    await resident.press("Verander mijn adres", email="ooit@waterveen.example")
    for address, about in waited_for.items():
        found += LINK.findall(await site.letter(to=address, about=about))
    found += [answered, *LINK.findall(await site.letter(to="plaats@waterveen.example", about="/together"))]
    for visitor in (stranger, resident, moderator, secretary):
        await visitor.close()
    returned = link_in(await site.letter(to="terug@waterveen.example", about="Kies één onderwerp"), "/receipts/")
    found.append(re.sub(r"(/receipts/[^/]+).*", r"\1/revise", returned))
    return [address for address in dict.fromkeys(found) if address.startswith(site.url)]


async def _move(site: Site) -> list[str]:
    """Somebody gets another address, and begins to get a third; what is to be seen of it by the letters alone."""
    mover, addresses = site.visitor(), [f"verhuis{number}@waterveen.example" for number in range(3)]
    links = [f"{site.url}/account/address/changed", f"{site.url}/not-me/done"]
    for old, new in pairwise(addresses):
        await mover.open("/sign-in")
        await mover.press("Stuur mij een link", email=old)
        await mover.press("Aanmelden met de code", code=code_in(await site.letter(to=old, about="/sign-in/")))
        await mover.open("/account")
        await mover.press("Verander mijn adres", email=new)
        letter = await site.letter(to=new, about="/account/address/")
        if new is addresses[-1]:
            links.append(link_in(letter, "/account/address/"))
        else:
            await mover.press("Bevestig mijn nieuwe adres", code=code_in(letter))
            links.append(link_in(await site.letter(to=old, about="/not-me/"), "/not-me/"))
    await mover.close()
    return links


async def _send_in(site: Site, stranger: Visitor, words: str, address: str) -> None:
    stranger.http.cookies = httpx.Cookies()  # somebody else's browser
    await stranger.open(f"/consultations/{SLUG}/ideas/new?kind=idea")
    await stranger.press("Verstuur uw idee", body=words, email=address)


async def _confirm(site: Site, stranger: Visitor, address: str) -> None:
    await stranger.open(link_in(await site.letter(to=address, about="/confirm/"), "/confirm/"))
    await stranger.press("Ja, dit is van mij")


async def _decide(moderator: Visitor, words: str, decision: str) -> None:
    await moderator.open("/moderation")
    await moderator.follow(words[:20])
    told = {
        "Terugsturen": {"ground": "several", "explanation": "Kies één onderwerp, dan kan het panel er iets mee."},
        "Afwijzen": {"ground": "commercial", "explanation": "Dit is een advertentie."},
    }
    await moderator.press(decision, **told.get(decision, {}))


async def _report_in_vain(site: Site, moderator: Visitor, idea: dict[str, Any]) -> str:
    """Somebody's report is answered, and appealed against: the address of the answer."""
    reporter = site.visitor()
    await reporter.open(f"/ideas/{idea['id']}")
    await reporter.follow("Meld dit idee")
    who = {"name": "Wim", "email": "meldt@waterveen.example"}
    await reporter.press("Verstuur uw melding", reason="Dit klopt niet.", good_faith="1", **who)
    await moderator.open("/moderation?show=reports")
    await moderator.follow(idea["title"])
    await moderator.press("Laat het idee staan", answer="Dit is een mening, en die mag.")
    answer = link_in(await site.letter(to=who["email"], about="/answers/"), "/answers/")
    await reporter.open(answer)
    await reporter.press("Verstuur uw bezwaar", reason="Het is geen mening, het is gewoon niet waar.")
    await reporter.close()
    return answer


async def _merge(moderator: Visitor, into: int) -> None:
    """What one of them sent in goes on in another idea."""
    await moderator.open("/moderation?show=today")
    await moderator.follow("Mag er een regenton")
    shown = re.search(r"/ideas/(\d+)", str(moderator.page.url))
    assert shown is not None
    await moderator.open(f"/moderation/ideas/{shown.group(1)}/together?into={into}")
    await moderator.press("Voeg samen", reason="Beide gaan over regenwater.")
    assert "De ideeën gaan samen verder." in moderator.text


async def _block(moderator: Visitor) -> None:
    """Whoever threatens may not take part for a while."""
    await moderator.open("/moderation?show=today")
    await moderator.follow("Ik weet waar de wethouder")
    await moderator.follow("Inzender blokkeren")
    why = {"ground": "threats", "explanation": "U schreef dat u de wethouder zou opzoeken.", "sure": "1"}
    await moderator.press("Blokkeer deze inwoner", **why)
    assert "De inwoner is geblokkeerd" in moderator.text
