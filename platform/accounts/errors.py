"""Refusals of this room."""

from kernel.errors import DomainError
from kernel.i18n import N_


class FullSessionFirst(DomainError):
    """Whoever has a task on this site changes the address only in a session that carries that task."""

    code = "full_session_first"
    status = 403
    message = N_("U hebt een taak op deze site. Meld u eerst af en weer aan, en verander daarna uw e-mailadres.")


class AddressTaken(DomainError):
    """The address is another person's. Only ever told to who reads that mailbox, and to an operator."""

    code = "address_taken"
    status = 409
    message = N_("Er is al iemand met dit e-mailadres. Er is niets veranderd.")


class CannotPutBack(DomainError):
    """Somebody else has the old address by now."""

    code = "cannot_put_back"
    status = 409
    message = N_(
        "Met uw oude e-mailadres is intussen een nieuw account gemaakt. Vraag de beheerder om uw adres terug te zetten."
    )


class StillHasTask(DomainError):
    """Somebody with a task or a seat asks to be erased: what they do for the panel would be nobody's."""

    code = "still_has_task"
    status = 409
    message = N_(
        "U hebt nog een taak of een plaats in het panel. Vraag de beheerder om die eerst te beëindigen. "
        "Daarna kunt u uw account verwijderen."
    )
