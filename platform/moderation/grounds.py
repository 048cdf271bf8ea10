"""Grounds for not publishing: fixed and public before a consultation opens, so that nobody is judged afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from consultations.models import Consultation
from kernel.db import WriteSession
from kernel.i18n import N_
from moderation import queries
from moderation.models import Ground
from moderation.rules import GroundsFixed


@dataclass(frozen=True)
class GroundText:
    """One ground as it will be published."""

    code: str
    title: str
    wording: str


DEFAULT_GROUNDS = (
    GroundText(
        "incomprehensible",
        N_("Niet te begrijpen"),
        N_(
            "Wij begrijpen niet wat u bedoelt, ook niet na een tweede keer lezen. "
            "Een taalfout of een andere taal is nooit een reden om af te wijzen."
        ),
    ),
    GroundText(
        "off_topic",
        N_("Gaat niet over de vraag"),
        N_(
            "Uw inzending gaat niet over de vraag van deze consultatie, "
            "of over iets waarover de gemeente en het panel niets kunnen zeggen."
        ),
    ),
    GroundText(
        "insult",
        N_("Beledigend of bedreigend"),
        N_("Uw inzending scheldt mensen uit, bedreigt hen of zet een groep weg. Kritiek mag, ook als die scherp is."),
    ),
    GroundText(
        "commercial",
        N_("Reclame"),
        N_("Uw inzending maakt reclame voor een product, een dienst of een bedrijf."),
    ),
    GroundText(
        "personal_data",
        N_("Gegevens over een ander"),
        N_(
            "Uw inzending noemt gegevens waaraan anderen te herkennen zijn, zoals een naam, een huisnummer, "
            "een telefoonnummer of iemands gezondheid. Zonder die gegevens publiceren wij uw inzending graag."
        ),
    ),
    GroundText(
        "duplicate",
        N_("Dubbel ingestuurd"),
        N_(
            "U hebt precies dezelfde tekst al eerder ingestuurd. De eerste telt mee. "
            "Een idee dat lijkt op dat van iemand anders wijzen wij nooit hierom af."
        ),
    ),
    GroundText(
        "several",
        N_("Meer onderwerpen in één"),
        N_(
            "In uw inzending staan verschillende onderwerpen door elkaar. "
            "Stuur elk onderwerp apart in. Dan krijgt elk onderwerp zijn eigen antwoord."
        ),
    ),
)


async def publish(
    tx: WriteSession,
    *,
    consultation_id: int,
    grounds: Iterable[GroundText] = DEFAULT_GROUNDS,
    now: datetime | None = None,
) -> None:
    """Copy the grounds to a consultation. Until it opens they may be replaced; then they stay as they are.

    Without `now` they can be published once only.
    """
    consultation = await tx.get_one(Consultation, consultation_id)
    has_opened = now is not None and now >= consultation.opens_at
    if has_opened or (now is None and await queries.grounds(tx, consultation_id)):
        raise GroundsFixed
    await tx.execute(delete(Ground).where(Ground.consultation_id == consultation_id))
    tx.add_all(
        Ground(consultation_id=consultation_id, position=position, code=one.code, title=one.title, wording=one.wording)
        for position, one in enumerate(grounds, start=1)
    )
    await tx.flush()
