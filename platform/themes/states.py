"""States and kinds around themes. Pure."""

from enum import StrEnum

from kernel.i18n import N_


class ThemeState(StrEnum):
    """Whether a theme is in use."""

    CURRENT = "current"
    MERGED = "merged"
    DISSOLVED = "dissolved"


THEME_MOVES: dict[ThemeState, frozenset[ThemeState]] = {
    ThemeState.CURRENT: frozenset({ThemeState.MERGED, ThemeState.DISSOLVED}),
    ThemeState.MERGED: frozenset(),
    ThemeState.DISSOLVED: frozenset(),
}


class PlacedBy(StrEnum):
    """Who put an idea in its theme; what people placed, the machine never moves."""

    MACHINE = "machine"
    PERSON = "person"


class DecisionKind(StrEnum):
    """What people can decide."""

    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    MOVE = "move"
    LOCK = "lock"
    UNLOCK = "unlock"


class WhyInRest(StrEnum):
    """Why a published idea stands in no theme. NOT_YET is never stored: the idea has no placement so far."""

    NOT_YET = "not_yet"
    NO_WORDS = "no_words"
    STANDS_ALONE = "stands_alone"
    NO_SHARED_SUBJECT = "no_shared_subject"
    THEME_IS_LOCKED = "theme_is_locked"
    BY_PEOPLE = "by_people"


WHY_IN_REST_NAMES = {
    WhyInRest.NOT_YET: N_("Nieuw: nog niet ingedeeld. De thema's worden regelmatig opnieuw gemaakt."),
    WhyInRest.NO_WORDS: N_("In dit idee staan geen woorden waarmee het te vergelijken is."),
    WhyInRest.STANDS_ALONE: N_("Niemand anders schreef iets wat hier genoeg op lijkt."),
    WhyInRest.NO_SHARED_SUBJECT: N_("Dit idee leek op andere, maar samen hadden ze geen duidelijk onderwerp."),
    WhyInRest.THEME_IS_LOCKED: N_("Dit idee lijkt op een thema dat al vaststaat. De secretaris kijkt of het past."),
    WhyInRest.BY_PEOPLE: N_("De secretaris heeft dit idee hier gezet, omdat het in geen thema past."),
}
