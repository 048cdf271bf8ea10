"""A one-time pad, for what only the holder of a random key reads again: SHAKE-256 of salt, what it is for, and key.

Not to be read without the key, of which only the hash is stored.
"""

import hashlib
import secrets

_SALT = 16


def sealed(text: bytes, about: str, key: str) -> bytes:
    """With a salt of its own in front; `about` must be said again to open it."""
    salt = secrets.token_bytes(_SALT)
    return salt + _under_pad(text, salt, about, key)


def opened(text: bytes, about: str, key: str) -> bytes:
    """What was sealed; rubbish under another key."""
    return _under_pad(text[_SALT:], text[:_SALT], about, key)


def _under_pad(text: bytes, salt: bytes, about: str, key: str) -> bytes:
    pad = hashlib.shake_256(b"\0".join((salt, about.encode(), key.encode()))).digest(len(text))
    return (int.from_bytes(text) ^ int.from_bytes(pad)).to_bytes(len(text))
