"""What people type in the tests of setting up, and how they sign in."""

from datetime import datetime

from sqlalchemy import select

from accounts import people, sessions, sign_in
from accounts.models import SignInRequest
from kernel.db import Database
from tests.visitor import Visitor

PANEL = {
    "name": "Klankbord Centrum Óost",
    "aim": "Meedenken over het centrum.",
    "tasks": "Adviezen geven.",
    "term": "Twee jaar.",
    "meeting_cycle": "Vier keer per jaar.",
    "reporting": "Een openbaar verslag.",
    "confidentiality": "Namen van bewoners.",
    "contact_name": "Secretariaat",
    "contact_email": "panel@waterveen.example",
}
AGREEMENT = {
    "partner": "Gemeente Waterveen",
    "agreed_on": "2026-11-01",
    "how_treated": "Binnen een half jaar een antwoord met redenen.",
    "council_role": "De raad krijgt elk advies.",
    "size": "Dertig leden.",
    "duration": "Twee jaar.",
    "set_up": "Vier avonden.",
    "funding": "Betaald door de gemeente.",
    "draw_method": "Loting uit het bevolkingsregister.",
    "draw_seed": "48-17-03",
}
QUESTION = {
    "title": "Een groener centrum",
    "question": "Waar in het centrum mist u schaduw?",
    "summary": "Het centrum wordt warm in de zomer.",
    "asked": "Ideeën en ervaringen.",
    "can_change": "De plaats van bomen.",
    "is_fixed": "Het geld.",
    "how_used": "Het panel bespreekt alles.",
    "who_decides": "Het college.",
    "effort": "Vijf minuten.",
    "results_when": "In maart.",
}


async def comes_in(visitor: Visitor, database: Database, email: str, *, now: datetime) -> None:
    """Ask for a link at the door and use it."""
    await visitor.open("/sign-in")
    await visitor.press("Stuur mij een link", email=email)
    async with database.write() as tx:
        wanted = select(SignInRequest).where(SignInRequest.mailbox == people.mailbox_of(email))
        request = (await tx.scalars(wanted.order_by(SignInRequest.id.desc()))).first()
        assert request is not None
        link = await sign_in.link_for(tx, request_id=request.id, now=now)
    await visitor.open(link)
    await visitor.press("Aanmelden")


async def is_known(visitor: Visitor, database: Database, email: str, *, now: datetime) -> None:
    """Begin a session for somebody there is."""
    async with database.write() as tx:
        person = await people.by_email(tx, email)
        assert person is not None
        secret, _lasts = await sessions.begin(tx, person=person, carries_grants=True, now=now)
    visitor.http.cookies.set("session", secret)
