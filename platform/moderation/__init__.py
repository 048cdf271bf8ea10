"""Moderation: what may stand in public, and why not.

Words: queue, claim, moderation decision (publish, reject, remove, return, hold), ground, statement of
reasons, report (a citizen's flag), appeal. `decisions.decide` is the one door: it moves the idea, stores the
decision and records the fact. Grounds are published before a consultation opens. This room never knows panels.
"""
