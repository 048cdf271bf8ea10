"""What stands in the record, in words that its reader knows."""

from collections.abc import Mapping

from accounts.states import ROLE_NAMES
from kernel.i18n import N_, gettext
from kernel.trace import COMMAND, LINK, Act

SUBJECTS: dict[str, str] = {
    "advice": N_("Advies %(which)s"),
    "answer_appeal": N_("Bezwaar tegen een antwoord, %(which)s"),
    "appeal": N_("Bezwaar %(which)s"),
    "block": N_("Blokkade %(which)s"),
    "blocks": N_("Lijst met blokkades"),
    "briefing": N_("Vergaderstuk van bijeenkomst %(which)s"),
    "consultation": N_("Consultatie %(which)s"),
    "consultations": N_("Lijst met consultaties"),
    "conversations": N_("Gesprekken met inzenders"),
    "desk": N_("Overzicht van de werkruimte"),
    "digest": N_("Nieuwsoverzicht %(which)s"),
    "endorsement": N_("Steun %(which)s"),
    "file": N_("Bestand %(which)s bij een idee"),
    "files": N_("Lijst met bestanden bij ideeën"),
    "idea": N_("Idee %(which)s"),
    "meeting": N_("Bijeenkomst %(which)s"),
    "meetings": N_("Lijst met bijeenkomsten"),
    "on_behalf": N_("Lijst met wat namens anderen is opgeschreven"),
    "page_report": N_("Melding van pagina %(which)s"),
    "panel": N_("Inrichting van panel %(which)s"),
    "people": N_("Lijst met mensen en taken"),
    "person": N_("Persoon %(which)s"),
    "point": N_("Agendapunt %(which)s"),
    "queue": N_("Wachtrij"),
    "reader": N_("Alles wat persoon %(which)s las"),
    "receipt": N_("Ontvangstpagina van idee %(which)s"),
    "report": N_("Melding %(which)s"),
    "merge": N_("Samenvoeging %(which)s"),
    "split": N_("Splitsing %(which)s"),
    "response": N_("Reactie %(which)s"),
    "responses": N_("Lijst met adviezen om te beantwoorden"),
    "support": N_("Steun van één verbinding, %(which)s"),
    "support_list": N_("Steun per verbinding"),
    "theme": N_("Vragen aan de inzenders van thema %(which)s"),
    "themes": N_("Lijst met thema's"),
    "trace": N_("Wie las wat"),
}
ACTS = {Act.READ: N_("gelezen"), Act.EXPORTED: N_("meegenomen als bestand")}
OTHERS = {COMMAND: N_("opdracht op de server"), LINK: N_("houder van een link uit een brief")}


def subject_in_words(subject: str, numbers: Mapping[int, str]) -> str:
    """As `Idee 2026-00012`; `numbers` are those that ideas go by."""
    kind, _, key = subject.partition(":")
    which = numbers.get(int(key), key) if key.isdecimal() and kind in {"idea", "receipt"} else key
    return gettext(SUBJECTS.get(kind, kind)) % {"which": which}


def roles_in_words(roles: str) -> str:
    """As `moderator, secretaris`."""
    known: dict[str, str] = {**{role.value: name for role, name in ROLE_NAMES.items()}, **OTHERS}
    return ", ".join(gettext(known.get(one, one)) for one in roles.split(","))
