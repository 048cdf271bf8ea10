"""Consultations: what the panel asks its fellow citizens, and what they answer.

Words: consultation (time-boxed, bound to a meeting), idea, experience, receipt, endorsement, ledger.
Open and closed are functions of the clock and of the moment of receipt, never stored. Every idea that came
in stays counted. This room never decides on moderation or themes: upper rooms call its verbs.
"""
