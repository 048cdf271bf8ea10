"""Ideas of residents, written for these tests: three subjects, and what does not fit."""

from themes.findings import Text

PLAY = (
    "Een speeltuin met een waterbaan voor kleine kinderen",
    "Nieuwe schommels en een glijbaan in de speeltuin",
    "De speeltuin aan het plein opknappen voor de kinderen",
    "Schaduwbomen en banken bij de speeltuin",
    "Een klimtoestel voor oudere kinderen in de speeltuin",
    "De zandbak in de speeltuin schoonmaken",
    "Een omheinde speeltuin voor peuters en kinderen",
    "Kinderen zelf een speeltuin laten ontwerpen",
    "Speeltoestellen voor kinderen met een beperking in de speeltuin",
    "Een voetbalkooi naast de speeltuin",
)
BIKES = (
    "Een breder fietspad langs de vaart",
    "Fietspad met rood asfalt naar het station",
    "Meer fietsenstallingen bij het station",
    "Verlichting langs het fietspad door het bos",
    "Een veilige oversteek voor fietsers op de rotonde",
    "Fietsers voorrang geven bij het stoplicht",
    "Het fietspad sneeuwvrij houden in de winter",
    "Gratis bewaakte fietsenstalling in het centrum",
    "Losse tegels op het fietspad vervangen",
    "Een fietsstraat waar auto's te gast zijn",
)
OLD = (
    "Samen koffie drinken tegen eenzaamheid bij ouderen",
    "Een wandelclub voor ouderen in de ochtend",
    "Belrondje voor alleenstaande ouderen",
    "Computerles voor ouderen in de bibliotheek",
    "Ouderen en studenten koken samen een maaltijd",
    "Een maatje voor eenzame ouderen",
    "Muziekmiddag voor senioren en ouderen",
    "Vervoer voor ouderen naar het ziekenhuis",
    "Een ontmoetingsplek waar ouderen kunnen biljarten",
    "Huisbezoek aan ouderen die weinig buiten komen",
)
ALL = PLAY + BIKES + OLD


def texts(*words: str, start: int = 1) -> list[Text]:
    return [Text(start + at, idea) for at, idea in enumerate(words)]


def ids_of(subject: tuple[str, ...]) -> set[int]:
    return {ALL.index(idea) + 1 for idea in subject}
