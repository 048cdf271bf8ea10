"""Signed links for one-click unsubscribing: they name a person and what to stop, last for ever, and change nothing
but that."""

from itsdangerous import BadData, URLSafeSerializer

from kernel.errors import LinkSpent
from kernel.settings import Settings
from notify.states import Topic

ALL = "all"
OWN_IDEAS = "own_ideas"
_SCOPES = {ALL: None, OWN_IDEAS: Topic.IDEA}


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(settings.secret, salt="unsubscribe")


def unsubscribe_path(settings: Settings, *, person_id: int, scope: str) -> str:
    """The path of the link for a letter."""
    return f"/unsubscribe/{_signer(settings).dumps([person_id, scope])}"


def read(settings: Settings, signed: str) -> tuple[int, str]:
    """The person and the scope of a link; raises LinkSpent when we did not make it."""
    try:
        person_id, scope = _signer(settings).loads(signed)
        _SCOPES[scope]
    except (BadData, ValueError, TypeError, KeyError) as error:
        raise LinkSpent from error
    return int(person_id), str(scope)


def topic_of(scope: str) -> Topic | None:
    """What the scope silences: None is everything somebody follows."""
    return _SCOPES[scope]
