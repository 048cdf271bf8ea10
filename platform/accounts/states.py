"""The roles a person can hold, why sessions end, and what second factors there are."""

from enum import StrEnum

from kernel.i18n import N_


class Role(StrEnum):
    """What somebody may be here. A grant without a panel holds for the whole installation."""

    RESIDENT = "resident"
    BLOCKED = "blocked"
    MEMBER = "member"
    MODERATOR = "moderator"
    SECRETARY = "secretary"
    CHAIR = "chair"
    COMMISSIONER = "commissioner"
    AUDITOR = "auditor"
    OPERATOR = "operator"


class Ended(StrEnum):
    """Why all sessions of somebody ended at once."""

    ASKED = "asked"
    ROLE_CHANGED = "role_changed"
    ADDRESS_CHANGED = "address_changed"
    NOT_ME = "not_me"
    BLOCKED = "blocked"
    ERASED = "erased"
    OPERATOR = "operator"
    EVERYBODY = "everybody"
    SECOND_FACTOR = "second_factor"


class FactorKind(StrEnum):
    """What somebody shows beside their mailbox."""

    TOTP = "totp"


WITHOUT_TASK = frozenset({Role.RESIDENT, Role.BLOCKED})
STAFF = frozenset({Role.MODERATOR, Role.SECRETARY, Role.CHAIR, Role.COMMISSIONER, Role.AUDITOR, Role.OPERATOR})

ROLE_NAMES = {
    Role.RESIDENT: N_("inwoner"),
    Role.BLOCKED: N_("geblokkeerd"),
    Role.MEMBER: N_("panellid"),
    Role.MODERATOR: N_("moderator"),
    Role.SECRETARY: N_("secretaris"),
    Role.CHAIR: N_("voorzitter"),
    Role.COMMISSIONER: N_("opdrachtgever"),
    Role.AUDITOR: N_("controleur"),
    Role.OPERATOR: N_("beheerder"),
}
