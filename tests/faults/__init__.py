"""Kills, cuts and refusals against real processes. Each suite prints its seed and how to play it again."""
