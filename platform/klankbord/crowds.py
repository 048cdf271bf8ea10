"""How often each network may ask: a bucket that fills again with time, in this process's memory alone.

It is looked at before anything is read or looked up, so whoever asks too often costs next to nothing. The table of
allowances (kernel/allowances.py) is for what must be counted exactly, over all processes.
"""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

MOST_NETWORKS = 20_000
"""Networks that are remembered; of more the least recently seen are forgotten, and begin anew."""

FORMS_GIVEN_BACK = 20
"""Forms a minute that are still read for a network that asks too often, so that the page can give the text back."""


class Crowds:
    """A bucket for each network: `a_minute` at once, and as many again in each minute. 0: no limit."""

    def __init__(self, a_minute: int, *, clock: Callable[[], float] = monotonic) -> None:
        self.a_minute = a_minute
        self.clock = clock
        self._seen: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._seen)

    def wait_of(self, network: str) -> float:
        """Take one from the network's bucket; 0.0, or when there is none left the seconds until there is."""
        if not self.a_minute:
            return 0.0
        now, rate = self.clock(), self.a_minute / 60
        left, at = self._seen.pop(network, (float(self.a_minute), now))
        left = min(float(self.a_minute), left + max(0.0, now - at) * rate)
        is_free = left >= 1
        self._seen[network] = (left - 1 if is_free else left, now)
        if len(self._seen) > MOST_NETWORKS:
            self._seen.popitem(last=False)
        return 0.0 if is_free else (1 - left) / rate
