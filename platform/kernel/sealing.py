"""What must be read again later and by nobody else: sealed with a key that is made from KLANKBORD_SECRET.

Who has the database alone reads nothing of it. What is sealed says what it is about, so that it cannot be put in
somebody else's place. With another KLANKBORD_SECRET it stays shut.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


class Unreadable(Exception):
    """It was sealed with another key, about something else, or was changed since."""


def key_for(purpose: str, *, secret: str) -> bytes:
    """The key of one purpose: no two purposes share one, and none tells the secret. HKDF-SHA256, 256 bits."""
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"klankbord\0" + purpose.encode())
    return made.derive(secret.encode())


def seal(text: str, *, key: bytes, about: str) -> bytes:
    """AES-256-GCM with a nonce of its own in front; `about` must be said again to open it."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), about.encode())


def opened(sealed: bytes, *, key: bytes, about: str) -> str:
    """What was sealed; raises Unreadable."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode()).decode()
    except (InvalidTag, ValueError):
        raise Unreadable from None
