"""Who may arrange the themes of a consultation, and what cannot be arranged so."""

from accounts import access
from accounts.access import Permission
from accounts.actor import Actor
from consultations.models import Consultation
from kernel.errors import ChangedMeanwhile, DomainError
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
    return access.may(actor, Permission.ARRANGE_THEMES, panel_id=consultation.panel_id)


def require_look(actor: Actor, consultation: Consultation) -> None:
    """Let those through who may see the workbench; to others it is not there."""
    access.require(actor, Permission.READ_THEME_WORK, panel_id=consultation.panel_id)


def require_secretary(actor: Actor, consultation: Consultation) -> int:
    """The secretary's person id; who may only look is refused, to others it is not there."""
    return access.require(actor, Permission.ARRANGE_THEMES, panel_id=consultation.panel_id)


def require_current(*themes: Theme) -> None:
    """Raise ChangedMeanwhile for a theme that was merged or dissolved."""
    if any(theme.state is not ThemeState.CURRENT for theme in themes):
        raise ChangedMeanwhile
