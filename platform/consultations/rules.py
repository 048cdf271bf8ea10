"""Who may do what, when. Plain functions of values; no session, no clock."""

import hashlib
import re
from datetime import datetime, timedelta
from typing import ClassVar

from accounts.access import Permission, may
from accounts.actor import Actor
from consultations.models import Consultation, Idea
from consultations.states import ROUTE_MOVES, SORTED_BY_MACHINE, ConsultationState, IdeaRoute, IdeaState, Timing
from kernel.errors import DomainError
from kernel.i18n import N_

CONFIRM_WITHIN = timedelta(hours=48)
REVISE_WITHIN = timedelta(days=7)
REVIEW_WORKING_DAYS = 2
"""Within so many a moderator reads what came in."""
LETTERS_A_DAY = 3
"""Letters with a link to confirm that one unconfirmed sender can cause in a day."""

MOST_TITLE = 100
MOST_BODY = 5_000
SUPPORTABLE = frozenset({ConsultationState.ANNOUNCED, ConsultationState.PROCESSED, ConsultationState.REPORTED})
REVISABLE = frozenset({ConsultationState.ANNOUNCED, ConsultationState.SUSPENDED})
"""Once it was processed nothing comes in for the moderators any more."""
EDIT_WITHIN = timedelta(days=7)
EDITABLE = frozenset({IdeaState.RECEIVED, IdeaState.IN_REVIEW, IdeaState.PUBLISHED})
WITHDRAWABLE = frozenset(
    {IdeaState.RECEIVED, IdeaState.IN_REVIEW, IdeaState.RETURNED, IdeaState.HELD, IdeaState.PUBLISHED}
)


class NotOpen(DomainError):
    """The consultation takes nothing at this moment."""

    code = "not_open"
    message = N_("Deze consultatie neemt nu geen ideeën aan. Op de pagina van de consultatie leest u waarom.")


class Blocked(DomainError):
    """A moderator blocked this person."""

    code = "blocked"
    status: ClassVar[int] = 403
    message = N_(
        "U kunt nu niet meedoen met dit e-mailadres. Een moderator heeft dat besloten. "
        "In onze e-mail leest u waarom, tot wanneer, en hoe u bezwaar maakt."
    )


class TooManyLetters(DomainError):
    """Too many unconfirmed ideas or endorsements from one address today; confirming one makes room."""

    code = "too_many_letters"
    message = N_(
        "Er staan al %(most)s inzendingen klaar die nog niet zijn bevestigd. "
        "Kijk eerst in uw mail en kies daar de link. Daarna kunt u weer iets insturen."
    )


class NotToRevise(DomainError):
    """Only a returned idea can be changed, once, within seven days."""

    code = "not_to_revise"
    message = N_(
        "U kunt deze tekst niet (meer) aanpassen. Dat kan één keer, binnen zeven dagen nadat u hem terugkreeg."
    )


class StillWithAuthors(DomainError):
    """Texts were sent back, and the seven days in which their authors can change them are not over."""

    code = "still_with_authors"
    message = N_(
        "Er liggen nog %(number)s inzendingen bij de inzender om aan te passen. Dat mag zeven dagen. Verwerk daarna."
    )


class NotToEdit(DomainError):
    """Somebody supports it, the window has passed, or the panel has it."""

    code = "not_to_edit"
    message = N_(
        "U kunt deze tekst niet (meer) veranderen. Dat kan een week lang, tot de sluiting, en zolang niemand uw "
        "inzending steunt."
    )


class NotToCorrect(DomainError):
    """Somebody read it, or the consultation closed since."""

    code = "not_to_correct"
    message = N_("Uw eerdere tekst kunt u hier niet meer veranderen. U kunt deze tekst wel apart insturen.")


class NotToSupport(DomainError):
    """The idea or its consultation takes no support (any more)."""

    code = "not_to_support"
    message = N_("U kunt dit idee nu niet steunen.")


class NotInThisPhase(DomainError):
    """The consultation goes through phases, and takes this in another one."""

    code = "not_in_this_phase"
    message = N_("Dat kan in deze fase niet. Op de pagina van de consultatie leest u wat wanneer kan.")


def timing_of(consultation: Consultation, received_at: datetime) -> Timing:
    """In time means `opens_at <= received_at < closes_at`; late is kept, for the next meeting."""
    if consultation.state is not ConsultationState.ANNOUNCED or received_at < consultation.opens_at:
        return Timing.NOT_NOW
    return Timing.IN_TIME if received_at < consultation.closes_at else Timing.LATE


def stage_of(consultation: Consultation, now: datetime) -> str:
    """One word for where it stands, for people: the stored state, or `open` or `closed` by the clock."""
    words = {Timing.IN_TIME: "open", Timing.LATE: "closed", Timing.NOT_NOW: consultation.state.value}
    return words[timing_of(consultation, now)]


def may_see(consultation: Consultation, actor: Actor) -> bool:
    """Drafts are for those who prepare them, and for who audits."""
    is_draft = consultation.state is ConsultationState.DRAFT
    return not is_draft or may(actor, Permission.READ_CONSULTATION_WORK, panel_id=consultation.panel_id)


def may_see_idea(idea: Idea, actor: Actor) -> bool:
    """Published ideas are for all, the others for their author."""
    return idea.is_public or (actor.is_signed_in and actor.person_id == idea.author_id)


def was_public(idea: Idea) -> bool:
    """Whether it is withdrawn now, but people may have read it before."""
    return idea.state is IdeaState.WITHDRAWN and idea.published_at is not None


def takes_support(consultation: Consultation, idea: Idea) -> bool:
    """Support can be given as long as the consultation goes on, also after the close; to what stands by itself."""
    is_idea = not idea.is_comment and idea.merged_into_id is None
    return idea.is_public and is_idea and consultation.state in SUPPORTABLE


def takes_comments(consultation: Consultation, idea: Idea) -> bool:
    """Comments stand under a public idea, not under another comment, and not under what went into another idea."""
    is_idea = not idea.is_comment and idea.merged_into_id is None
    return idea.is_public and is_idea and consultation.state in SUPPORTABLE


def revise_until(idea: Idea) -> datetime | None:
    """Until when a returned idea can be changed; None when it was not returned."""
    if idea.state is not IdeaState.RETURNED or idea.returned_at is None:
        return None
    return idea.returned_at + REVISE_WITHIN


def may_revise(consultation: Consultation, idea: Idea, *, revisions: int, now: datetime) -> bool:
    """Once, within seven days after it was returned, while somebody is there to read the new text."""
    until = revise_until(idea)
    return consultation.state in REVISABLE and until is not None and now < until and revisions == 0


def may_correct(consultation: Consultation, idea: Idea, *, now: datetime) -> bool:
    """Until a moderator reads it, and not after the close what came in time: no text of later counts as in time."""
    is_unread = idea.state in {IdeaState.SUBMITTED, IdeaState.RECEIVED} and idea.returned_at is None
    return is_unread and timing_of(consultation, now) is (Timing.LATE if idea.is_late else Timing.IN_TIME)


def edit_until(consultation: Consultation, idea: Idea) -> datetime:
    """Until when the author can change it: a week, and not after the close what came in time; a comment also then."""
    a_week = idea.received_at + EDIT_WITHIN
    return a_week if idea.is_late or idea.is_comment else min(a_week, consultation.closes_at)


def may_edit(consultation: Consultation, idea: Idea, *, is_bound: bool, now: datetime) -> bool:
    """While it waits or is public, and nobody has supported it, sent it back or taken it further."""
    is_with_panel = idea.route not in SORTED_BY_MACHINE and not (idea.is_late and idea.route is IdeaRoute.NEXT_MEETING)
    is_free = idea.state in EDITABLE and idea.returned_at is None and idea.merged_into_id is None and not is_with_panel
    takes = timing_of(consultation, now) is (Timing.LATE if idea.is_late else Timing.IN_TIME)
    takes = consultation.state in SUPPORTABLE if idea.is_comment else takes
    return is_free and takes and not is_bound and now < edit_until(consultation, idea)


def may_route(idea: Idea, route: IdeaRoute) -> bool:
    """Only published ideas that stand by themselves, and only to where the table lets them go from here."""
    stands = idea.is_public and not idea.is_comment and idea.merged_into_id is None
    return stands and route in ROUTE_MOVES[idea.route] - {IdeaRoute.MERGED}


def title_from(text: str) -> str:
    """A title for a text without one: its first sentence, cut at a word, at most 100 characters."""
    first = re.split(r"(?<=[.!?…])\s|\n", text.strip(), maxsplit=1)[0]
    words = re.sub(r"(?<![.\d])\.$", "", " ".join(first.split()))  # a title has no full stop
    if len(words) <= MOST_TITLE:
        return words
    cut = words[: MOST_TITLE - 1]
    whole = cut.rpartition(" ")[0] if " " in cut[MOST_TITLE // 2 :] else cut
    return whole.rstrip(" ,;:-–") + "…"


def sha256_of(*, title: str, body: str, service: str = "", stuck: str = "") -> str:
    """The fingerprint that a moderation decision binds to."""
    return hashlib.sha256("\x1f".join((title, body, service, stuck)).encode()).hexdigest()
