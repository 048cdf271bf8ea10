"""What the gate refuses before a room sees it: each with its code, its HTTP status and its sentence."""

from kernel.errors import DomainError
from kernel.i18n import N_


class TurnedAway(DomainError):
    """Something is wrong with the request itself, whoever sends it."""

    code = "unreadable"
    status = 400
    message = N_(
        "De site kan deze aanvraag niet lezen. Er is niets opgeslagen. Gebruik de links en knoppen van de site."
    )


class UnknownHost(TurnedAway):
    """Asked for under a name that is not this site's: a mistake in a proxy, or somebody who tries something."""

    code = "unknown_host"
    message = N_("Op dit adres is deze site niet. Ga naar %(address)s.")


class FromElsewhere(TurnedAway):
    """The browser says that another site sent this form."""

    code = "from_elsewhere"
    status = 403
    message = N_(
        "Dit formulier kwam van een andere site. Er is niets gedaan. Open de pagina op deze site en vul het formulier "
        "daar in."
    )


class WrongMethod(TurnedAway):
    """A kind of request that this site, or its API, does not take at all."""

    code = "wrong_method"
    status = 405
    message = N_("Deze pagina kan dit niet.")


class TooLarge(TurnedAway):
    """More than fits in one form, or in one field of it."""

    code = "too_large"
    status = 413
    message = N_(
        "Dit is te veel om in één keer te versturen. Er is niets opgeslagen. Ga terug met de knop van uw browser en "
        "maak uw tekst korter."
    )


class TooManyFields(TurnedAway):
    """More fields than any form of this site has."""

    code = "too_many_fields"
    status = 413
    message = N_("Dit formulier heeft te veel velden. Er is niets opgeslagen. Vul het op de site zelf in.")


class AddressTooLong(TurnedAway):
    """A request line that no page of this site makes."""

    code = "address_too_long"
    status = 414
    message = N_("Dit webadres is te lang. Gebruik de links en knoppen van de site.")


class NotAForm(TurnedAway):
    """A file, JSON, or another thing than the fields of a form."""

    code = "not_a_form"
    status = 415
    message = N_("De site neemt alleen formulieren met tekst aan, geen bestanden. Er is niets opgeslagen.")


class HeadTooLarge(TurnedAway):
    """More headers than a browser sends; mostly cookies of another site on the same domain."""

    code = "head_too_large"
    status = 431
    message = N_("Uw browser stuurt te veel mee. Wis de cookies van deze site en probeer het dan opnieuw.")
