"""Made-up texts to try the signals on: what they must find, in many spellings, and what they must leave alone.

From a seed, always the same. No number here is known to be anybody's; every text is ours.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from consultations.signals import Kind
from consultations.signals.numbers import LENGTHS, bsn_adds_up

FRAMES = (
    "Mijn gegevens zijn {0}, daar kunt u mij op bereiken.",
    "Ik heb dit al eerder gemeld met {0} erbij.",
    "{0}",
    "Volgens mij weet iedereen hier {0} wel te vinden.",
    "De buurman ({0}) klaagt elke dag over de herrie.",
    "Graag zie ik meer groen in de wijk. Groet van {0}",
    "Op het briefje stond {0}; dat lijkt mij niet de bedoeling.",
    "Wij willen een speeltuin, zie ook {0}!",
)
BSN_SHAPES = ("{0}{1}{2}", "{0}.{1}.{2}", "{0} {1} {2}", "{0}-{1}-{2}")
ZONES = (
    "10",
    "13",
    "20",
    "23",
    "30",
    "35",
    "40",
    "50",
    "58",
    "70",
    "78",
    "115",
    "172",
    "229",
    "318",
    "413",
    "527",
    "594",
)
COUNTRIES = ("BE", "DE", "FR", "GB", "PL", "ES", "IT", "TR", "LT", "IE", "CH", "SE")
FIRST = ("jan", "fatima", "j.de.vries", "m_bakker", "p-smit", "sanne82", "o'brien", "k.yilmaz+wijk", "zoë", "info.tuin")
HOSTS = ("example.nl", "mail.example.com", "voorbeeld.org", "kpn.example.net", "post.voorbeeld.eu", "straat-9.nl")
SIDES = (
    *("LL-DD-DD", "DD-DD-LL", "DD-LL-DD", "LL-DD-LL", "LL-LL-DD", "DD-LL-LL", "DD-LLL-D", "D-LLL-DD"),
    *("LL-DDD-L", "L-DDD-LL", "LLL-DD-L", "L-DD-LLL", "D-LL-DDD", "DDD-LL-D"),
)
STREETS = (
    *("Kerkstraat", "Prins Hendriklaan", "Dorpsweg", "Laan van Nieuw Oost-Indië", "Van der Madeweg", "'t Hofplein"),
    *("Noorderkade", "Lange Vijverdijk", "Eikenhof", "Burgemeester Jansensingel", "Molenpad", "De Ruyterplantsoen"),
)
NUMBERS = ("{0}", "{0}a", "{0} b", "{0}-{1}", "nr. {0}", "{0} hs", "{0}-III", "{0} bis")
CLEAN = (
    "De gemeente trekt er {amount} euro voor uit, dat is veel.",
    "Het plan kost € {amount},00 en duurt {small} jaar.",
    "In {year} en {year} stonden hier nog {small} bomen.",
    "Volgens huisregel {small} mag dat niet na {hour} uur.",
    "Mijn ordernummer is {nine}, maar er kwam niets.",
    "Melding {nine} ligt al weken bij de gemeente, zaaknummer {nine}.",
    "Het factuurnummer {ten} klopt niet.",
    "Buslijn {small} en lijn {small} rijden niet meer na {hour}.",
    "Er wonen {amount} mensen in deze stad, in {year} waren het er {amount}.",
    "De weg is {small} meter breed en {amount} meter lang.",
    "In de Kerkstraat {small} km per uur is genoeg.",
    "Op {day}-{month}-{year} om {hour} was er een avond over het plein.",
    "Van {year} tot {year} was dit een park, zie artikel {small} lid {digit}.",
    "De stand was {digit}-{digit} en er kwamen {amount} bezoekers.",
    "Het bestelnummer van de bank is {nine}.",
    "Tussen {hour} en {hour} staan er {small} fietsen op de Markt.",
    "Bel 14 0{zone} of 0800-{four} voor gratis advies van de dienst.",
    "Bel 112 als het brandt, en 0900-{four} als er geen haast is.",
    "De kavel heeft nummer {nine} bij het Kadaster, kadasternummer {nine}.",
    "Ik verzamel eikels en kastanjes met mijn nicht bij de dijk.",
    "Het kankeronderzoek in het ziekenhuis verdient steun, en de kankerpatiënten ook.",
    "De moskee en de kerk kunnen samen een buurthuis beginnen.",
    "Meer bankjes voor ouderen en een rolstoelpad langs het water, graag.",
    "Waarom mag ik hier maar {small} kilometer per uur op de A{digit} of de N{three}?",
    "De temperatuur was {small},{digit} graden op {day} {monthname}.",
    "Dit voorstel kreeg {three} stemmen van de {amount}.",
    "Havo 4 en vwo 5 en groep 8 doen mee, {small} leerlingen per klas.",
    "Zie pagina {three} van het bestemmingsplan {year}-{year}.",
    "Het gebouw uit {year} heeft {three} woningen en {small} parkeerplekken.",
    "NS, OV en GGD moeten beter samenwerken met de VNG.",
    "Het kenmerk is {year}/{nine} en de status is onbekend.",
    "Kies maat {small} of {small}, kleur RAL {four}.",
    "Mijn klantnummer {nine} wist u ook al niet.",
    "We hebben {amount} handtekeningen, streven is {amount}.",
)
MONTHS = ("januari", "april", "mei", "oktober", "december")


@dataclass(frozen=True)
class Made:
    """A text, and what stands in it that must be found: a kind with its words, or nothing at all."""

    text: str
    kind: Kind | None = None
    words: str = ""


def with_identifiers(number: int, *, seed: int) -> Iterator[Made]:
    """So many texts with one identifier each, the kinds in turn."""
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    makers = (
        *((Kind.BSN, _bsn), (Kind.IBAN, _iban), (Kind.PHONE, _telephone), (Kind.EMAIL, _mailbox)),
        *((Kind.PLATE, _plate), (Kind.ADDRESS, _address)),
    )
    for at in range(number):
        kind, make = makers[at % len(makers)]
        called, words = make(chance)
        yield Made(chance.choice(FRAMES).format(f"{called}{words}"), kind, words)


def clean(number: int, *, seed: int) -> Iterator[Made]:
    """So many texts of two or three sentences without anything to find, full of numbers that look like something."""
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    for _ in range(number):
        sentences = chance.sample(CLEAN, chance.randint(2, 3))
        yield Made(" ".join(_filled(one, chance) for one in sentences))


def _filled(sentence: str, chance: random.Random) -> str:
    while "{" in sentence:
        before, _, rest = sentence.partition("{")
        name, _, after = rest.partition("}")
        sentence = f"{before}{_of_clean(name, chance)}{after}"
    return sentence


def _of_clean(name: str, chance: random.Random) -> str:
    amounts = (f"{chance.randint(1, 999)}.{chance.randint(0, 999):03}", f"{chance.randint(1, 9)}.000.000")
    hour = f"{chance.randint(0, 23):02}{chance.choice(':.')}{chance.choice(('00', '15', '30'))}"
    made = {
        "amount": chance.choice((*amounts, str(chance.randint(100, 99_999)))),
        "small": str(chance.randint(2, 99)),
        "digit": str(chance.randint(1, 9)),
        "three": str(chance.randint(100, 999)),
        "four": f"{chance.randint(0, 9999):04}",
        "nine": f"{chance.randint(10**8, 10**9 - 1)}",
        "ten": f"0{chance.randint(10**8, 10**9 - 1)}",
        "year": str(chance.randint(1890, 2030)),
        "hour": hour,
        "day": str(chance.randint(1, 28)),
        "month": str(chance.randint(1, 12)),
        "monthname": chance.choice(MONTHS),
        "zone": chance.choice(ZONES),
    }
    return made[name]


def _bsn(chance: random.Random) -> tuple[str, str]:
    while True:
        digits = f"{chance.randint(1, 999_999_999):09}"
        if bsn_adds_up(digits):
            break
    if chance.random() < 0.05:
        return "", " ".join(digits)
    if chance.random() < 0.1 and digits[0] == "0":
        return "BSN ", digits[1:]
    cuts = chance.choice(((4, 6), (3, 6)))
    written = chance.choice(BSN_SHAPES).format(digits[: cuts[0]], digits[cuts[0] : cuts[1]], digits[cuts[1] :])
    return chance.choice(("", "", "bsn ", "BSN: ", "burgerservicenummer ")), written


def _iban(chance: random.Random) -> tuple[str, str]:
    country = "NL" if chance.random() < 0.6 else chance.choice(COUNTRIES)
    bank = "".join(chance.choices("ABCDEFGHIKLMNPRSTUVWZ", k=4)) if country in {"NL", "GB", "IE"} else ""
    rest = bank + "".join(chance.choices("0123456789", k=LENGTHS[country] - 4 - len(bank)))
    check = 98 - int("".join(str(int(sign, 36)) for sign in f"{rest}{country}00")) % 97
    whole = f"{country}{check:02}{rest}"
    gap = chance.choice(("", " ", " ", ".", "-"))
    written = gap.join(whole[at : at + 4] for at in range(0, len(whole), 4))
    return "", chance.choice((written, written, written.lower()))


def _telephone(chance: random.Random) -> tuple[str, str]:
    zone = "6" if chance.random() < 0.6 else chance.choice(ZONES)
    own = chance.choice("12345678") + "".join(chance.choices("0123456789", k=8 - len(zone)))
    start = chance.choice(
        ("0{0}", "0{0}", "0{0}", "+31{0}", "+31 {0}", "0031{0}", "+31(0){0}", "(0{0})", "+31 (0) {0}")
    )
    gap = chance.choice(("", "-", " ", "."))
    size = chance.choice((8, 4, 3, 2, 1))
    between = chance.choice((" ", ".", "-"))
    return "", f"{start.format(zone)}{gap}{between.join(own[at : at + size] for at in range(0, len(own), size))}"


def _mailbox(chance: random.Random) -> tuple[str, str]:
    first, host = chance.choice(FIRST), chance.choice(HOSTS)
    if chance.random() < 0.75:
        return "", f"{first}@{host}"
    first, host = chance.choice(("jan", "fatima", "sanne82")), chance.choice(("example.nl", "voorbeeld.org"))
    at = chance.choice((" at ", "[at]", " (at) ", " apenstaartje ", " @ ", "(@)"))
    return "", f"{first}{at}{host.replace('.', chance.choice((' punt ', '.', '[dot]', ' dot ')))}"


def _plate(chance: random.Random) -> tuple[str, str]:
    letters = "BDFGHJKLNPRSTVXZ"
    side = chance.choice(SIDES)
    signs = "".join(
        chance.choice(letters) if one == "L" else chance.choice("0123456789") if one == "D" else one for one in side
    )
    shape = chance.choice(("-", "-", "-", "low", " ", ""))
    if shape == "low":
        return "", signs.lower()
    is_loose = shape != "-" and side in {"LL-DD-DD", "DD-DD-LL"}
    return "kenteken " if is_loose else "", signs.replace("-", shape)


def _address(chance: random.Random) -> tuple[str, str]:
    postcode = (
        f"{chance.randint(1000, 9999)}{chance.choice(('', ' '))}{''.join(chance.choices('BCDGHJLNPRTVWXZ', k=2))}"
    )
    number = chance.choice(NUMBERS).format(chance.randint(1, 399), chance.randint(1, 9))
    street = f"{chance.choice(STREETS)} {number}"
    return chance.choice((("", postcode), ("", street), ("", street), ("postcode ", postcode.lower())))
