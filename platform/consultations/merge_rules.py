"""When ideas may be put together, split, and parted again. Plain functions of values."""

from datetime import datetime, timedelta

from consultations.merge_models import IdeaMerge, IdeaSplit
from consultations.models import Consultation, Idea
from consultations.rules import SUPPORTABLE
from consultations.states import SORTED_BY_MACHINE, IdeaRoute
from kernel.errors import DomainError
from kernel.i18n import N_

UNDO_WITHIN = timedelta(days=14)
MOST_PARTS = 4
MOST_REASON = 500
FREE = SORTED_BY_MACHINE | {IdeaRoute.NEXT_MEETING}
"""Routes on which nobody of the panel did anything with an idea yet."""
AT_ITS_END = frozenset({IdeaRoute.TAKEN_ALONG, IdeaRoute.NOT_TAKEN, IdeaRoute.ANSWERED})


class MergeNeedsTwo(DomainError):
    """An idea with itself, or no other idea chosen."""

    code = "merge_needs_two"
    status = 422
    message = N_("Kies een ander idee van dezelfde consultatie. Een idee kan niet in zichzelf worden opgenomen.")


class NotBothPublic(DomainError):
    """One of them cannot be read by everybody (any more), or is a comment, or its consultation is over."""

    code = "not_both_public"
    message = N_(
        "Dit kan alleen met ideeën die op de site staan, van een consultatie die nog loopt. Misschien is er net een "
        "ingetrokken of verwijderd. Bekijk de ideeën opnieuw."
    )


class MergedBefore(DomainError):
    """It is part of another idea already."""

    code = "merged_before"
    message = N_("Dit idee gaat al verder als deel van een ander idee. Maak dat eerst ongedaan.")


class IntoMerged(DomainError):
    """The other one is itself part of a third."""

    code = "into_merged"
    message = N_("Dat idee gaat zelf verder in ‘%(title)s’. Kies dat idee.")


class PanelHasIt(DomainError):
    """It is on an agenda, or further, or the other one had its outcome."""

    code = "panel_has_it"
    message = N_("Het panel is al met een van deze ideeën bezig, of heeft het beantwoord. Nu kan dit niet meer.")


class AuthorRefuses(DomainError):
    """The author had it undone; it is not done again."""

    code = "author_refuses"
    message = N_("De inzender wilde dit niet en heeft het teruggedraaid. Het kan niet nog een keer.")


class HasOthersInIt(DomainError):
    """Ideas of other people are carried on in it."""

    code = "has_others_in_it"
    message = N_("In dit idee zijn andere ideeën opgenomen. Maak dat eerst ongedaan; daarna kunt u het splitsen.")


class NotToSplit(DomainError):
    """Fewer than two parts, or words that are not its author's."""

    code = "not_to_split"
    status = 422
    message = N_("Zet minstens één zin bij idee 1 en één bij idee 2.")


class TooLateToPart(DomainError):
    """Fourteen days passed, the panel answered, or it was undone before."""

    code = "too_late_to_part"
    message = N_("Dit kunt u niet (meer) ongedaan maken. Dat kan veertien dagen lang, zolang er nog geen antwoord is.")


class RemoveAPart(DomainError):
    """The words of a split submission stand in its parts: there it is decided which of them go."""

    code = "remove_a_part"
    message = N_(
        "Deze inzending is gesplitst. Haal het deel weg waar het om gaat. Dan verdwijnt ook deze hele tekst; de andere "
        "delen blijven staan."
    )


class PartWentOn(DomainError):
    """A part of the split is itself part of another idea now."""

    code = "part_went_on"
    message = N_("Een van de delen gaat verder in een ander idee. Maak dat eerst ongedaan.")


def is_open(consultation: Consultation) -> bool:
    """As long as the consultation goes on, also after the close."""
    return consultation.state in SUPPORTABLE


def require_to_merge(consultation: Consultation, *, idea: Idea, into: Idea, objected: bool) -> None:
    """Raise what stands in the way of carrying `idea` on as part of `into`."""
    if idea.id == into.id or idea.consultation_id != into.consultation_id:
        raise MergeNeedsTwo
    if not (idea.is_public and into.is_public and is_open(consultation)) or idea.is_comment or into.is_comment:
        raise NotBothPublic
    if idea.merged_into_id is not None:
        raise MergedBefore
    if idea.route not in FREE or into.route in AT_ITS_END:
        raise PanelHasIt
    if objected:
        raise AuthorRefuses


def require_to_split(consultation: Consultation, *, idea: Idea, objected: bool, carries: bool) -> None:
    """Raise what stands in the way of making several ideas of this one."""
    if not idea.is_public or idea.is_comment or not is_open(consultation):
        raise NotBothPublic
    if idea.merged_into_id is not None:
        raise MergedBefore
    if idea.route not in FREE:
        raise PanelHasIt
    if carries:
        raise HasOthersInIt
    if objected:
        raise AuthorRefuses


def undo_until(made: IdeaMerge | IdeaSplit) -> datetime:
    """The first instant that is too late."""
    return (made.merged_at if isinstance(made, IdeaMerge) else made.split_at) + UNDO_WITHIN


def may_part(made: IdeaMerge | IdeaSplit, *, consultation: Consultation, idea: Idea, now: datetime) -> bool:
    """Whether it stands and can be undone: within fourteen days, and before its author was answered."""
    ended_at = made.parted_at if isinstance(made, IdeaMerge) else made.undone_at
    return ended_at is None and now < undo_until(made) and idea.answered_at is None and is_open(consultation)


def mark_of(*ideas: Idea) -> str:
    """What somebody had before them who puts these together. A form sends it back."""
    return "-".join(f"{idea.id}.{idea.version}" for idea in ideas)
