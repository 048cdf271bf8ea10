"""What moderators do in a browser in more than one story, and somebody who gives them work."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.hands import Hands
from tests.browser.letters import SLUG
from tests.browser.test_every_page import STANDARD
from tests.journeys.site import Site, link_in


async def sent_in(site: Site, body: str, address: str) -> str:
    """An idea of somebody whose address is confirmed; the address of its receipt."""
    async with site.visitor() as author:
        await author.open(f"/consultations/{SLUG}/ideas/new?kind=idea")
        await author.press("Verstuur uw idee", body=body, email=address)
        await author.open(link_in(await site.letter(to=address, about="/confirm/"), "/confirm/"))
        await author.press("Ja, dit is van mij")
        return re.sub(r"(/receipts/[^/?]+).*", r"\1", str(author.page.url))


def open_row(hands: Hands, site: Site, asked: str, words: str) -> None:
    """Look something up in the queue, and open its row: of this site's many stories one alone may hold the words."""
    hands.page.goto(f"{site.url}/moderation?{asked}")
    expect(hands.page.locator(".queue-row > a").filter(has_text=words)).to_have_count(1)
    hands.press(re.compile(words), role="link")


def refuse(hands: Hands, site: Site, words: str, *, how: str, ground: str, why: str) -> None:
    """Find it in the queue, and decide with a ground and an explanation."""
    open_row(hands, site, f"q={words}", words)
    hands.choose(ground)
    hands.write("Uitleg aan de inzender", why)
    hands.press(how)


def seen_to(page: Page) -> list[str]:
    """What is wrong with a page as it is now, for whoever cannot see it well or holds a phone."""
    found = Axe().run(page, options=STANDARD).response["violations"]
    wrong = [f"{one['id']} – {one['help']}: {one['nodes'][0]['html'][:160]}" for one in found]
    is_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return wrong + ["wider than the screen"] * is_wide
