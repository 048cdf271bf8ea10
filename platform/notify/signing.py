"""Signed links for one-click unsubscribing: they name a person and what to stop, last for ever, and change nothing
but that."""

import re
from collections.abc import Mapping
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from kernel.errors import LinkSpent
from kernel.settings import Settings
from notify.states import Topic

ALL = "all"
OWN_IDEAS = "own_ideas"
CONSULTATION = "consultation"
_ONE_CONSULTATION = re.compile(rf"{CONSULTATION}:([0-9]{{1,9}})")


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(settings.secret, salt="unsubscribe")


def unsubscribe_path(settings: Settings, *, person_id: int, scope: str) -> str:
    """The path of the link for a letter."""
    return f"/unsubscribe/{_signer(settings).dumps([person_id, scope])}"


def read(settings: Settings, signed: str) -> tuple[int, str]:
    """The person and the scope of a link; raises LinkSpent when we did not make it."""
    try:
        person_id, scope = _signer(settings).loads(signed)
        target_of(scope)
    except (BadData, ValueError, TypeError, KeyError) as error:
        raise LinkSpent from error
    return int(person_id), str(scope)


def scope_of(kind: str, facts: Mapping[str, Any]) -> str:
    """What a letter of this kind with these facts stops: a letter about one consultation, that one."""
    return f"{CONSULTATION}:{facts['consultation_id']}" if kind == CONSULTATION else kind


def target_of(scope: str) -> tuple[Topic | None, int]:
    """What the scope silences; without a topic everything somebody follows. Raises ValueError for no scope of ours."""
    if scope in {ALL, OWN_IDEAS}:
        return (None if scope == ALL else Topic.IDEA), 0
    found = _ONE_CONSULTATION.fullmatch(scope)
    if found is None:
        raise ValueError(scope)
    return Topic.CONSULTATION, int(found[1])
