"""Structured logs: one line an event, readable or JSON; control characters are escaped."""

import logging

import structlog


def set_up_logs(form: str) -> None:
    """Write logs as `text` (for people) or `json` (for machines) to standard error."""
    renderer = structlog.processors.JSONRenderer() if form == "json" else structlog.processors.LogfmtRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(__import__("sys").stderr),
        cache_logger_on_first_use=False,
    )
