"""Who may arrange the themes of a consultation, and what cannot be arranged so."""

from accounts.actor import Actor
from accounts.states import Role
from consultations.models import Consultation
from kernel.errors import ChangedMeanwhile, DomainError, NotAllowed, SignInFirst
from kernel.i18n import N_
from themes.models import Theme
from themes.states import ThemeState

NAME_LENGTH = 120


class ThemeNameTaken(DomainError):
    """Two themes of one consultation would be called the same."""

    code = "theme_name_taken"
    status = 409
    message = N_("Er is al een thema met deze naam. Kies een andere naam, of voeg de twee thema's samen.")


class ThemeWouldBeEmpty(DomainError):
    """A split that leaves nothing behind is a new name, not a split."""

    code = "theme_would_be_empty"
    status = 409
    message = N_("U hebt alle ideeën van dit thema aangevinkt. Geef het thema dan een andere naam.")


class SameTheme(DomainError):
    """A theme cannot go into itself, or into a theme of another consultation."""

    code = "same_theme"
    status = 409
    message = N_("Kies een ander thema van dezelfde consultatie om mee samen te voegen.")


def may_arrange(actor: Actor, consultation: Consultation) -> bool:
    """Whether this person is secretary of the consultation's panel."""
    return actor.is_signed_in and actor.has(Role.SECRETARY, panel_id=consultation.panel_id)


def may_look(actor: Actor, consultation: Consultation) -> bool:
    """Whether this person may see the workbench: who may arrange, and who audits."""
    return may_arrange(actor, consultation) or actor.has(Role.AUDITOR, panel_id=consultation.panel_id)


def require_secretary(actor: Actor, consultation: Consultation) -> int:
    """The person's id; raises when this is not a secretary of the consultation's panel."""
    if actor.person_id is None:
        raise SignInFirst
    if not may_arrange(actor, consultation):
        raise NotAllowed
    return actor.person_id


def require_current(*themes: Theme) -> None:
    """Raise ChangedMeanwhile for a theme that was merged or dissolved."""
    if any(theme.state is not ThemeState.CURRENT for theme in themes):
        raise ChangedMeanwhile
