"""The ways in which an idea reaches us that was not sent by its author. Pure."""

from enum import StrEnum

from kernel.i18n import N_


class IntakeWay(StrEnum):
    """How somebody told it who did not send it in themself."""

    PAPER = "paper"
    PHONE = "phone"
    COUNTER = "counter"


WAY_NAMES = {
    IntakeWay.PAPER: N_("op papier"),
    IntakeWay.PHONE: N_("aan de telefoon"),
    IntakeWay.COUNTER: N_("aan de balie"),
}
