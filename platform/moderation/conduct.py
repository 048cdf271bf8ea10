"""For what somebody can be blocked: what they did, never what they think. Fixed, the same for everybody; pure.

Each kind is about conduct that keeps others from taking part. An opinion, an unwelcome idea or a sharp tone is none of
these. All of them stop ideas and support; only unfounded reports stop reports, and nothing else (DSA art. 23): who may
send no ideas can still point at what should not stand here.
"""

from dataclasses import dataclass

from kernel.i18n import N_
from moderation.states import Conduct


@dataclass(frozen=True)
class ConductText:
    """One kind of conduct as people read it, and its category in the European database of statements of reasons."""

    title: str
    wording: str
    category: str


CONDUCT: dict[Conduct, ConductText] = {
    Conduct.THREATS: ConductText(
        N_("Bedreigen of intimideren"),
        N_("U bedreigt iemand, of u schrijft zo dat een ander niet meer durft mee te doen."),
        "ILLEGAL_OR_HARMFUL_SPEECH",
    ),
    Conduct.HATE: ConductText(
        N_("Haat of discriminatie"),
        N_("U zet mensen weg om wie zij zijn, of u roept op tot haat. Ook nadat wij uw tekst hadden weggehaald."),
        "ILLEGAL_OR_HARMFUL_SPEECH",
    ),
    Conduct.SPAM: ConductText(
        N_("Reclame of spam"),
        N_("U stuurt steeds opnieuw reclame, of heel vaak hetzelfde."),
        "SCAMS_AND_FRAUD",
    ),
    Conduct.IMPERSONATION: ConductText(
        N_("Zich voordoen als een ander"),
        N_("U doet alsof u iemand anders bent, bijvoorbeeld een buurvrouw, een bedrijf of de gemeente."),
        "SCAMS_AND_FRAUD",
    ),
    Conduct.PERSONAL_DATA: ConductText(
        N_("Steeds gegevens over anderen"),
        N_("U stuurt steeds opnieuw gegevens waaraan anderen te herkennen zijn, ook nadat wij dat hadden uitgelegd."),
        "DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
    ),
    Conduct.FAKED_SUPPORT: ConductText(
        N_("Steun nabootsen"),
        N_("U steunt ideeën onder meer dan één adres, of laat een programma dat doen. Elke inwoner telt één keer."),
        "SCAMS_AND_FRAUD",
    ),
    Conduct.UNFOUNDED_REPORTS: ConductText(
        N_("Steeds meldingen zonder grond"),
        N_(
            "U meldt steeds opnieuw ideeën waar duidelijk niets mis mee is, ook nadat wij dat hadden uitgelegd. "
            "U kunt geen meldingen doen. Ideeën insturen en steunen kan wel."
        ),
        "OTHER_VIOLATION_TC",
    ),
}
