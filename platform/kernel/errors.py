"""Refusals. Each knows its code, its HTTP status and the sentence a person gets to see.

Sentences are Dutch msgids (translated when shown) and say what the person can do. Every code stands in
docs/errors.md; a house test holds them together.
"""

from datetime import timedelta
from math import ceil
from typing import ClassVar

from kernel.i18n import N_, gettext


class DomainError(Exception):
    """A refusal of the domain. Raised in a request it rolls the transaction back and becomes a page."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    message: ClassVar[str] = N_("Dit kan nu niet.")

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.message % values if values else self.message)

    @property
    def sentence(self) -> str:
        """What happened and what can be done, in the reader's language."""
        translated = gettext(self.message)
        return translated % self.values if self.values else translated


class NotFound(DomainError):
    """It is not there, or not for this reader: the two must look the same."""

    code = "not_found"
    status = 404
    message = N_("Deze pagina bestaat niet, of is niet voor u te zien.")


class NotAllowed(DomainError):
    """The reader is known but may not do this."""

    code = "not_allowed"
    status = 403
    message = N_("U mag dit niet doen. Meld u aan met het e-mailadres waarmee u deze taak hebt gekregen.")


class SignInFirst(DomainError):
    """Only a signed-in person can do this; the edge sends people to the sign-in page."""

    code = "sign_in_first"
    status = 401
    message = N_("Meld u eerst aan.")


class ChangedMeanwhile(DomainError):
    """Somebody else changed it between reading and writing."""

    code = "changed_meanwhile"
    status = 409
    message = N_("Iemand anders heeft dit net veranderd. Bekijk de nieuwe versie en probeer het opnieuw.")


class IllegalMove(DomainError):
    """The state table does not allow this step."""

    code = "illegal_move"
    status = 409
    message = N_("Deze stap kan niet (meer) vanuit de huidige stand. Bekijk de pagina opnieuw.")


class LinkSpent(DomainError):
    """A one-use link that was used, has run out, or never existed."""

    code = "link_spent"
    status = 410
    message = N_("Deze link is al gebruikt of verlopen. Vraag een nieuwe aan.")


class TooSlow(DomainError):
    """What was sent did not arrive whole in time; its moment of receipt cannot be held for longer."""

    code = "too_slow"
    status = 408
    message = N_("Wat u verstuurde, kwam niet op tijd helemaal aan. Er is niets opgeslagen. Verstuur het opnieuw.")


class TooOften(DomainError):
    """Done too many times in a while, by one person or from one network. `wait` is how long it takes to be free."""

    code = "too_often"
    status = 429
    message = N_("U deed dit te vaak achter elkaar. Er is nu niets opgeslagen. Wacht even en probeer het dan opnieuw.")

    def __init__(self, *, wait: timedelta = timedelta(minutes=1)) -> None:
        self.seconds = max(1, ceil(wait.total_seconds()))
        super().__init__()


class Busy(DomainError):
    """The database is writing for others and did not get round to this in time; nothing was kept."""

    code = "busy"
    status = 503
    message = N_("Het is nu erg druk. Wat u deed, is nog niet opgeslagen. Probeer het over een halve minuut opnieuw.")


class Away(DomainError):
    """The database cannot be reached just now. What was being stored may or may not be there: nothing was promised."""

    code = "away"
    status = 503
    message = N_(
        "We kunnen nu even niet bij onze gegevens. Dat duurt meestal maar kort. Wat u net verstuurde, is misschien nog "
        "niet opgeslagen."
    )
