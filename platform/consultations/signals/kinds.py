"""What a text can hold that a moderator should look at, and how that is said. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from kernel.i18n import N_


class Kind(StrEnum):
    """A reason to look. None of them hides anything by itself."""

    BSN = "bsn"
    IBAN = "iban"
    PHONE = "phone"
    EMAIL = "email"
    PLATE = "plate"
    ADDRESS = "address"
    SPECIAL = "special"
    INSULT = "insult"
    SHOUTING = "shouting"
    LINKS = "links"
    DUPLICATE = "duplicate"
    LANGUAGE = "language"


class Cause(StrEnum):
    """Why exactly; the text is in CAUSES."""

    BSN_ADDS_UP = "bsn_adds_up"
    BSN_IS_NAMED = "bsn_is_named"
    IBAN_ADDS_UP = "iban_adds_up"
    DUTCH_PHONE = "dutch_phone"
    FOREIGN_PHONE = "foreign_phone"
    NAMED_PHONE = "named_phone"
    EMAIL = "email"
    SPELLED_EMAIL = "spelled_email"
    PLATE = "plate"
    POSTCODE = "postcode"
    STREET = "street"
    HEALTH = "health"
    BELIEF = "belief"
    INSULT = "insult"
    THREAT = "threat"
    CAPITALS = "capitals"
    EXCLAMATIONS = "exclamations"
    MANY_LINKS = "many_links"
    SELLING = "selling"
    ALIKE = "alike"
    OTHER_LANGUAGE = "other_language"


KIND_NAMES: dict[Kind, str] = {
    Kind.BSN: N_("burgerservicenummer"),
    Kind.IBAN: N_("rekeningnummer"),
    Kind.PHONE: N_("telefoonnummer"),
    Kind.EMAIL: N_("e-mailadres"),
    Kind.PLATE: N_("kenteken"),
    Kind.ADDRESS: N_("adres"),
    Kind.SPECIAL: N_("gezondheid of geloof"),
    Kind.INSULT: N_("scheldwoord of dreiging"),
    Kind.SHOUTING: N_("hoofdletters"),
    Kind.LINKS: N_("links of reclame"),
    Kind.DUPLICATE: N_("lijkt dubbel"),
    Kind.LANGUAGE: N_("andere taal"),
}
CAUSES: dict[Cause, str] = {
    Cause.BSN_ADDS_UP: N_("Dit zijn negen cijfers die samen kloppen als burgerservicenummer (de elfproef)."),
    Cause.BSN_IS_NAMED: N_("De schrijver noemt dit een burgerservicenummer."),
    Cause.IBAN_ADDS_UP: N_("De cijfers en letters kloppen samen als rekeningnummer."),
    Cause.DUTCH_PHONE: N_("Dit heeft de vorm van een Nederlands telefoonnummer."),
    Cause.FOREIGN_PHONE: N_("Dit heeft de vorm van een telefoonnummer met een landnummer."),
    Cause.NAMED_PHONE: N_("De schrijver noemt dit een telefoonnummer."),
    Cause.EMAIL: N_("Dit is een e-mailadres."),
    Cause.SPELLED_EMAIL: N_("Dit is een e-mailadres waarvan een teken is uitgeschreven."),
    Cause.PLATE: N_("Dit heeft de vorm van een Nederlands kenteken."),
    Cause.POSTCODE: N_("Een postcode met letters wijst naar een paar huizen."),
    Cause.STREET: N_("Een straat met een nummer wijst naar een huis. Misschien bedoelt de schrijver alleen de plek."),
    Cause.HEALTH: N_("Dit gaat misschien over iemands gezondheid."),
    Cause.BELIEF: N_("Dit gaat misschien over iemands geloof, afkomst, overtuiging of geaardheid."),
    Cause.INSULT: N_("Dit is meestal een scheldwoord. Lees of het over mensen gaat."),
    Cause.THREAT: N_("Dit leest als een dreiging, of zet mensen weg om wie zij zijn."),
    Cause.CAPITALS: N_("Hier staan veel hoofdletters achter elkaar. Dat leest als schreeuwen."),
    Cause.EXCLAMATIONS: N_("Hier staan veel uitroeptekens of vraagtekens achter elkaar."),
    Cause.MANY_LINKS: N_("Er staan drie of meer links in, of een link waarvan u niet ziet waar hij heen gaat."),
    Cause.SELLING: N_("Er staat een link in de tekst, en woorden uit reclame."),
    Cause.ALIKE: N_("In deze consultatie staat (bijna) dezelfde tekst al."),
    Cause.OTHER_LANGUAGE: N_("De tekst lijkt in een andere taal geschreven. Dat is nooit een reden om af te wijzen."),
}


class Omission(StrEnum):
    """What words that are left out of a text are. Those of the first group are found; names nobody can list."""

    BSN = "bsn"
    IBAN = "iban"
    PHONE = "phone"
    EMAIL = "email"
    PLATE = "plate"
    ADDRESS = "address"
    SPECIAL = "special"
    NAME = "name"
    OTHER = "other"


MASKS: dict[Omission, str] = {
    Omission.NAME: N_("[naam weggelaten]"),
    Omission.BSN: N_("[burgerservicenummer weggelaten]"),
    Omission.IBAN: N_("[rekeningnummer weggelaten]"),
    Omission.PHONE: N_("[telefoonnummer weggelaten]"),
    Omission.EMAIL: N_("[e-mailadres weggelaten]"),
    Omission.PLATE: N_("[kenteken weggelaten]"),
    Omission.ADDRESS: N_("[adres weggelaten]"),
    Omission.SPECIAL: N_("[persoonlijk gegeven weggelaten]"),
    Omission.OTHER: N_("[weggelaten]"),
}
"""What comes in the place of the words, in the language of the site."""
OMISSION_NAMES: dict[Omission, str] = {
    Omission.NAME: N_("naam"),
    Omission.PHONE: N_("telefoonnummer"),
    Omission.ADDRESS: N_("adres"),
    Omission.EMAIL: N_("e-mailadres"),
    Omission.BSN: N_("burgerservicenummer"),
    Omission.IBAN: N_("rekeningnummer"),
    Omission.PLATE: N_("kenteken"),
    Omission.SPECIAL: N_("gezondheid, geloof of iets anders persoonlijks"),
    Omission.OTHER: N_("iets anders"),
}
PERSONAL = frozenset(Kind(one.value) for one in Omission if one not in {Omission.NAME, Omission.OTHER})
"""About a person: these can be left out, and a text with one waits where flagged texts wait."""
INFORMS = frozenset({Kind.SHOUTING, Kind.LANGUAGE})
"""Good to know, and no reason to keep anybody waiting: some type in capitals because they see them better."""
HOLDS = frozenset(Kind) - INFORMS


@dataclass(frozen=True, order=True)
class Finding:
    """Something in a text: from the character at `start`, up to the one at `end`."""

    start: int
    end: int
    kind: Kind
    cause: Cause
