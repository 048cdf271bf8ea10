"""A trail in words: its steps, and how one is written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

CARRIED_OUT = "carried_out"
REST_OF_DAY = timedelta(hours=13)
"""What follows in a day after the hour that stands for it (`chains.day`)."""
SAID, REASONS = 280, 700
"""Characters of the minutes and of an answer that a step shows; the whole of it is a link away."""


class StepState(StrEnum):
    """Where a step stands; the names are those of the trail macro."""

    DONE = "done"
    CURRENT = "current"
    FUTURE = "future"
    PASSED = "passed"  # skipped, or the trail ended here


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: what, when, in a sentence or two, and where it can be read."""

    kind: str
    title: str
    state: StepState
    at: datetime | None = None
    expected: bool = False
    is_past: bool = False  # it was expected by then, and did not happen
    text: str = ""
    url: str = ""
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Trail:
    """The steps in order, and what happens next in a sentence; `next_at` when it has a date."""

    steps: Sequence[Step]
    what_next: str
    next_at: datetime | None = None
    is_late: bool = False  # that moment passed

    @property
    def is_day(self) -> bool:
        """Whether `next_at` names a day, without an hour that matters."""
        return self.current is not None and self.current.kind == CARRIED_OUT

    @property
    def current(self) -> Step | None:
        """The step it is at, if it is still under way."""
        return next((step for step in self.steps if step.state is StepState.CURRENT), None)


@dataclass
class Telling:
    """A trail being written at a moment: once something is current, all that follows is still to come.

    `expected` has the dates that are known of what is still to come, by kind of step.
    """

    moment: datetime
    expected: Mapping[str, datetime] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    what_next: str = ""
    next_at: datetime | None = None
    is_waiting: bool = False

    def done(
        self, kind: str, title: str, at: datetime | None = None, text: str = "", *, url: str = "", link: str = ""
    ) -> None:
        self.steps.append(Step(kind=kind, title=title, state=StepState.DONE, at=at, text=text, url=url, link=link))

    def passed(
        self, kind: str, title: str, at: datetime | None = None, text: str = "", *, url: str = "", link: str = ""
    ) -> None:
        self.steps.append(Step(kind=kind, title=title, state=StepState.PASSED, at=at, text=text, url=url, link=link))

    def now(
        self, kind: str, title: str, at: datetime | None, *, text: str, then: str, url: str = "", link: str = ""
    ) -> None:
        """The step it waits at; `then` says what happens next, `at` when."""
        self.steps.append(
            Step(
                kind=kind,
                title=title,
                state=StepState.CURRENT,
                at=at,
                expected=at is not None,
                is_past=self._is_past(kind, at),
                text=text,
                url=url,
                link=link,
            )
        )
        self.what_next, self.next_at, self.is_waiting = then, at, True

    def later(self, *steps: tuple[str, str]) -> None:
        for kind, title in steps:
            at = self.expected.get(kind)
            past = self._is_past(kind, at)
            step = Step(kind=kind, title=title, state=StepState.FUTURE, at=at, expected=at is not None, is_past=past)
            self.steps.append(step)

    def _is_past(self, kind: str, at: datetime | None) -> bool:
        """What was promised by a day is not late until that day is over."""
        return at is not None and at + (REST_OF_DAY if kind == CARRIED_OUT else timedelta()) < self.moment

    def ends(self, words: str) -> None:
        self.what_next = words

    def trail(self) -> Trail:
        current = next((step.kind for step in self.steps if step.state is StepState.CURRENT), "")
        is_late = self._is_past(current, self.next_at)
        return Trail(steps=tuple(self.steps), what_next=self.what_next, next_at=self.next_at, is_late=is_late)


def shortened(text: str, most: int) -> str:
    """The beginning of a text, cut at a word."""
    whole = " ".join(text.split())
    return whole if len(whole) <= most else whole[: most - 1].rpartition(" ")[0].rstrip(" ,;:") + "…"
