"""Notify: who hears of it, and how.

Words: event (a fact), notice (who hears), message (one person, one e-mail), outbox, digest, briefing letter,
subscription, occurrence (one planned run), nudge (a live signal). Facts come in by `relay.py`, letters leave by
`outbox.py`; sockets carry topics, never content. This room decides nothing about ideas or panels.
"""
