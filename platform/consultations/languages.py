"""In which language somebody wrote, by the small words that every sentence needs. Pure, and a few microseconds.

Good enough to tell a reader and a screen reader; themes look more closely, in their own process (`themes.languages`).
"""

import re
from collections.abc import Mapping

from kernel.i18n import N_

_SMALL_WORDS = {
    "nl": "de het een en van ik te dat die in is niet zijn op aan met voor er maar om ook als dan wel bij nog naar "
    "heeft hebben wordt worden kunnen kan moet moeten we wij u uw ze zij dit deze over door uit geen meer "
    "veel waar mijn onze hier graag zou",
    "en": "the and of to a is that it for on with are was be this have from they we you not by at or an would "
    "could should there more which their our my when what where can please has been will if so as but",
    "de": "der die das und ist nicht ein eine zu den mit von dem sich auf für im wir ich es sie werden wird auch "
    "als an bei oder aus nach sind war haben hat kann können aber noch mehr dass unsere mein hier wenn",
    "fr": "le la les de des et est un une du que qui dans en pour pas sur avec il elle nous vous je ce cette au "
    "aux par plus sont ont mais ou où on être faire très notre mes ma leur si ne",
    "es": "el la los las de que y en un una es por con para no se su lo como más pero al del está son hay muy mi "
    "nuestro donde cuando este esta también ser hacer nos yo",
    "it": "il lo la gli le di che e è un una per con non si del della nel sono ho ha più ma come anche questo "
    "questa dove quando mio nostra i al dei delle ci da essere",
    "pt": "o a os as de que e em um uma é para com não se do da no na por mais mas ao dos das são muito meu minha "
    "onde quando este esta também nos está há ser pelo",
    "ca": "el la els les de que i en un una és per amb no es del dels al hi ha més però com aquest aquesta també "
    "són molt meu nostra on quan perquè fer ser",
    "pl": "i w na z się nie to jest do że o jak za od po dla tak ale przez przy czy są było może być które który "
    "tego tu mnie nas moja nasz bardzo gdzie kiedy proszę",
    "tr": "ve bir bu için ile da de çok olarak daha var yok gibi ama ne o ben biz siz kadar sonra her mi mı değil "
    "olan burada benim bizim lütfen nerede zaman olsa",
    "ro": "și în de la cu pe un o este nu că se să pentru din mai sunt ce care dar a al ale au foarte fi prin unde "
    "când meu nostru avem fost",
    "ar": "في من على أن إلى هذا هذه التي الذي عن مع لا ما هو هي كان كل أو و ثم لم قد بعد قبل هناك نحن أنا",
    "uk": "і в на не що з до та у це як за від по для але є я ми ви він вона вони так чи ще вже буде дуже де коли мій",
    "ru": "и в на не что с по это как за от для но я мы вы он она они так же уже ещё очень где когда мой есть бы или",
}
LANGUAGE_NAMES: Mapping[str, str] = {
    "nl": N_("het Nederlands"),
    "en": N_("het Engels"),
    "de": N_("het Duits"),
    "fr": N_("het Frans"),
    "es": N_("het Spaans"),
    "it": N_("het Italiaans"),
    "pt": N_("het Portugees"),
    "ca": N_("het Catalaans"),
    "pl": N_("het Pools"),
    "tr": N_("het Turks"),
    "ro": N_("het Roemeens"),
    "ar": N_("het Arabisch"),
    "uk": N_("het Oekraïens"),
    "ru": N_("het Russisch"),
}
FROM_RIGHT = frozenset({"ar"})
_OF_WORD: dict[str, list[str]] = {}
for _code, _words in _SMALL_WORDS.items():
    for _word in _words.split():
        _OF_WORD.setdefault(_word, []).append(_code)
_READ = 2_000
_WORD = re.compile(r"[^\W\d_]+")
_SURE = 1.0
"""Words of one language alone that it takes, beyond those of the expected one: "Little Free Pantry" says nothing."""


def language_of(text: str, expected: str) -> str:
    """A code of two letters; `expected` (the language of the form) unless the text clearly is in another."""
    told: dict[str, float] = {}
    for word in _WORD.findall(text[:_READ].lower()):
        of = _OF_WORD.get(word, ())
        for code in of:
            told[code] = told.get(code, 0.0) + 1 / len(of)
    if not told:
        return expected
    likeliest = max(told, key=lambda code: (told[code], code == expected, code))
    least = told.get(expected, 0.0)
    return likeliest if told[likeliest] >= least * 1.2 + _SURE else expected
