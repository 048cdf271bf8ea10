"""The ledger: received = in review + published + rejected + held + returned + withdrawn + removed. Pure.

True at every instant. What is published is at the same time the sum over its routes. Ideas, experiences, late
ones and those entered on somebody's behalf all count alike; an unconfirmed one does not count yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from consultations.states import IdeaKind, IdeaRoute, IdeaState

COUNTED_AS: Mapping[IdeaState, str] = MappingProxyType(
    {
        IdeaState.RECEIVED: "in_review",
        IdeaState.IN_REVIEW: "in_review",
        IdeaState.PUBLISHED: "published",
        IdeaState.REJECTED: "rejected",
        IdeaState.HELD: "held",
        IdeaState.RETURNED: "returned",
        IdeaState.WITHDRAWN: "withdrawn",
        IdeaState.REMOVED: "removed",
    }
)
PARTS = ("in_review", "published", "rejected", "held", "returned", "withdrawn", "removed")


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """How many ideas of one consultation stand where."""

    in_review: int = 0
    published: int = 0
    rejected: int = 0
    held: int = 0
    returned: int = 0
    withdrawn: int = 0
    removed: int = 0
    late: int = 0
    experiences: int = 0
    routes: Mapping[IdeaRoute, int] = field(default_factory=dict)

    @property
    def received(self) -> int:
        """Everything that came in and was confirmed."""
        return sum(self.parts.values())

    @property
    def parts(self) -> dict[str, int]:
        """The parts whose sum is `received`, in the order they are told."""
        return {name: getattr(self, name) for name in PARTS}

    def plus(self, *, state: IdeaState, route: IdeaRoute, is_late: bool, kind: IdeaKind, number: int) -> "Ledger":
        """The ledger with so many more ideas of one sort; a state that is not counted changes nothing."""
        name = COUNTED_AS.get(state)
        if name is None:
            return self
        routes = dict(self.routes)
        if state is IdeaState.PUBLISHED:
            routes[route] = routes.get(route, 0) + number
        more = {name: getattr(self, name) + number, "routes": routes}
        more["late"] = self.late + (number if is_late else 0)
        more["experiences"] = self.experiences + (number if kind is IdeaKind.EXPERIENCE else 0)
        return replace(self, **more)
