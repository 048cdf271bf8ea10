"""Codes that stand in a letter beside its link, to be typed by who reads mail on another device. Pure.

Six signs of which no two look alike (no 0 and O, 1 and I, 2 and Z, 5 and S, 6 and G, 8 and B, U and V), without vowels,
so that no words come of them: 113 million codes. Read aloud in two groups of three.
"""

import hmac
import re
import secrets
from datetime import timedelta
from hashlib import sha256

ALPHABET = "BCDFGHJKMNPQRTVWXZ3479"
LENGTH = 6
TRIES = 5
VALID = timedelta(minutes=15)
_NOT_TYPED = re.compile(r"[\s.\-\u2010-\u2015\u2212]+")


def new_code() -> str:
    """Six random signs."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """In two groups, as a letter shows it."""
    return f"{code[:3]}-{code[3:]}"


def read(typed: str) -> str:
    """What was typed, without spaces and hyphens, in capitals; empty when it cannot be a code."""
    code = _NOT_TYPED.sub("", typed).upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def keyed(code: str, *, about: str, secret: str) -> str:
    """All that is stored of a code: so short a thing needs a key that is not in the database. As hex."""
    return hmac.new(secret.encode(), f"typed-code\0{about}\0{code}".encode(), sha256).hexdigest()


def is_it(code: str, stored: str | None, *, about: str, secret: str) -> bool:
    """Whether this is the code, in a time that tells nothing."""
    return hmac.compare_digest(keyed(code, about=about, secret=secret), stored or "")
