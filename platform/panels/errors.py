"""What this room refuses, each with what the person can do about it."""

from kernel.errors import DomainError
from kernel.i18n import N_


class NoNextMeeting(DomainError):
    """A point can only be kept or postponed to a meeting that is planned."""

    code = "no_next_meeting"
    message = N_("Er is nog geen volgende bijeenkomst gepland. Plan die eerst; dan kan dit punt erheen.")


class AgendaSettled(DomainError):
    """The agenda does not take changes in the meeting's present state."""

    code = "agenda_settled"
    message = N_("De agenda is vastgezet. Maak de agenda eerst weer open als u iets wilt wijzigen.")


class AgendaEmpty(DomainError):
    """There is nothing to settle or publish."""

    code = "agenda_empty"
    message = N_("Er staat nog geen punt op de agenda. Zet er eerst een punt op.")


class AlreadyOnAgenda(DomainError):
    """A theme stands on a meeting's agenda once."""

    code = "already_on_agenda"
    message = N_("Dit thema staat al op de agenda van deze bijeenkomst.")


class NotThisOrder(DomainError):
    """The new order does not name exactly the points that are on the agenda."""

    code = "not_this_order"
    message = N_("De agenda is intussen veranderd. Bekijk de nieuwe volgorde en probeer het opnieuw.")


class PointsOpen(DomainError):
    """Minutes are published once every point has an outcome."""

    code = "points_open"
    message = N_("Nog niet elk agendapunt heeft een uitkomst. Leg eerst vast wat er besproken is bij: %(titles)s.")


class ClosesAfterDeadline(DomainError):
    """A consultation that is bound to the meeting would close after the agenda is settled."""

    code = "closes_after_deadline"
    message = N_(
        "De consultatie ‘%(title)s’ sluit pas nadat de agenda van deze bijeenkomst vaststaat. "
        "Kies een latere datum voor de bijeenkomst."
    )


class NobodyVoted(DomainError):
    """A vote without votes decides nothing."""

    code = "nobody_voted"
    status = 422
    message = N_("Vul in hoeveel leden voor en tegen stemden. Samen is dat minstens één stem.")


class ReasonsMissing(DomainError):
    """Every response and every outcome that disappoints somebody has its reasons."""

    code = "reasons_missing"
    status = 422
    message = N_("Schrijf de redenen erbij. Inzenders lezen ze.")


class PromiseIncomplete(DomainError):
    """What is taken over has somebody who does it, and a date."""

    code = "promise_incomplete"
    status = 422
    message = N_("Wie iets overneemt, noemt ook wie het doet en wanneer het klaar is.")


class AlreadySeated(DomainError):
    """Somebody sits in a panel once at a time."""

    code = "already_seated"
    message = N_("Deze persoon zit al in het panel.")
