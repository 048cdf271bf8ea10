"""What product.md says of agendas: points, the ideas behind them, and where each idea goes. Knows no table."""

from dataclasses import dataclass, field
from datetime import datetime

TAKES_POINTS = {"planned", "convened", "agenda_open", "agenda_published"}
STILL_TO_COME = {"planned", "convened", "agenda_open", "agenda_frozen", "agenda_published"}
TAKES_NOTES = {"agenda_published", "held", "minutes_drafted"}
GONE = {"withdrawn", "declined"}


@dataclass
class Meeting:
    """As far as its agenda goes."""

    starts_at: datetime
    state: str = "convened"
    order: list[int] = field(default_factory=list)


@dataclass
class Point:
    """A point, and the ideas it rests on with the outcome of their own, if they have one."""

    meeting: int
    theme: int | None
    state: str = "scheduled"
    ideas: dict[int, str] = field(default_factory=dict)
    carried_from: int | None = None


@dataclass
class Idea:
    """Where it stands, in which theme, and where it went."""

    theme: int | None
    is_late: bool = False
    is_public: bool = True
    route: str = "in_theme"

    def go(self, route: str) -> bool:
        """An answer is the end; themes take nothing back that the panel did; what is not public goes nowhere."""
        by_theme = {"unrouted", "in_theme"}
        may = route not in by_theme or self.route in by_theme
        if not self.is_public or self.route in {"answered", route} or not may:
            return False
        self.route = route
        return True


class Book:
    """All of it; `own` is the meeting that the consultation feeds."""

    def __init__(self, own: int, meetings: dict[int, Meeting], ideas: dict[int, Idea], themes: list[int]) -> None:
        self.own, self.meetings, self.ideas = own, meetings, ideas
        self.points: dict[int, Point] = {}
        self.themes = dict.fromkeys(themes, True)

    def on_it(self, meeting: int, theme: int | None, *, or_left_out: bool = False) -> bool:
        """Whether a theme has its point on this agenda."""
        gone = GONE - ({"declined"} if or_left_out else set())
        return any(
            one.meeting == meeting and one.theme == theme for one in self.points.values() if one.state not in gone
        )

    def rests(self, idea: int) -> bool:
        """Whether it stands behind a point that did not leave its agenda."""
        return any(idea in point.ideas for point in self.points.values() if point.state not in GONE)

    def waiting(self, theme: int | None, meeting: int) -> list[int]:
        """Ideas of a theme that a point here would rest on; late ones go to a later meeting than their own."""
        return [
            key
            for key, idea in self.ideas.items()
            if idea.theme == theme and theme is not None and idea.is_public and not self.rests(key)
            if (not idea.is_late if meeting == self.own else idea.route != "not_taken")
        ]

    def next_after(self, meeting: int) -> int | None:
        """The first meeting after this one that is still to come."""
        later = [
            (one.starts_at, key)
            for key, one in self.meetings.items()
            if one.state in STILL_TO_COME and one.starts_at > self.meetings[meeting].starts_at
        ]
        return min(later)[1] if later else None

    def put(self, key: int, point: Point, *, route: str | None) -> None:
        """A point on the agenda, and its ideas under way."""
        self.points[key] = point
        self.meetings[point.meeting].order.append(key)
        self.send(point, route)

    def send(self, point: Point, route: str | None) -> None:
        """Where the ideas behind a point go, but for those with an outcome of their own."""
        for key, apart in point.ideas.items():
            if not apart and route:
                self.ideas[key].go(route)

    def carry(self, key: int, to: int, *, as_key: int, state: str) -> None:
        """Kept and postponed: made once in the next meeting, with the ideas that have no outcome of their own."""
        point = self.points[key]
        point.state = state
        ideas = {one: "" for one, apart in point.ideas.items() if not apart}
        self.put(as_key, Point(to, point.theme, ideas=ideas, carried_from=key), route=None)
        self.send(point, "postponed")
