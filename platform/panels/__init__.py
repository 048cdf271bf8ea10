"""Panels: who sits, when they meet, and what they did with what came in.

Words: panel, seat, agreement, meeting, agenda item, minutes, recommendation (advice), response, trail.
The feedback loop lives here: theme → agenda item → discussed → recommendation → response, and `trail.py`
reads it back for every author. This room never moderates.
"""
