"""Marks in texts that not everybody may read: whoever meets with one, was shown the thing."""

import re

MARK = re.compile(r"zq-[a-z0-9_-]+?-qz")


def mark(word: str) -> str:
    """What stands in the text of a thing that not everybody may read."""
    return f"zq-{word.replace(':', '-')}-qz"
