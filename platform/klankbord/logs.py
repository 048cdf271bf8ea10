"""Structured logs: one line an event, readable or JSON; control characters are escaped, people and secrets veiled."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter

from klankbord.veils import veiled

_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


class Standard:
    """Standard error as it is at this moment: tests put another in its place."""

    def write(self, text: str) -> int:
        """At once."""
        return sys.stderr.write(text)

    def flush(self) -> None:
        """As files do."""
        sys.stderr.flush()


_HANDLER: logging.Handler = logging.StreamHandler(Standard())


def visible(_logger: Any, _method: str, told: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What somebody sent moves no cursor and turns no text around: `\\r`, `\\x1b`, `\\u202e`."""
    return {name: _UNSEEN.sub(_escaped, value) if isinstance(value, str) else value for name, value in told.items()}


def _escaped(found: re.Match[str]) -> str:
    return found.group().encode("unicode_escape").decode()


def set_up_logs(form: str) -> None:
    """Write logs as `text` (for people) or `json` (for machines) to standard error; those of libraries too."""
    begun: list[Any] = [structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    written: list[Any] = [structlog.processors.format_exc_info, veiled]
    if form == "json":
        written.append(structlog.processors.JSONRenderer(ensure_ascii=True))
    else:
        written += [visible, structlog.processors.LogfmtRenderer()]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *begun, *written],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(Standard()),  # type: ignore[arg-type]  # all it does is write
        cache_logger_on_first_use=False,
    )
    _HANDLER.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=begun,
            processors=[ProcessorFormatter.remove_processors_meta, *written],
        )
    )
    _HANDLER.setLevel(logging.WARNING)
    root = logging.getLogger()
    if _HANDLER not in root.handlers:
        root.addHandler(_HANDLER)
