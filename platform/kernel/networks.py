"""The network that a visitor comes from: whom a limit is about when nobody signed in.

A home or a phone has a whole /64 of IPv6 addresses to choose from, so there the /64 counts as one. No address is
stored or logged: what is kept of a network is its `fingerprint`.
"""

import hashlib
import hmac
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

UNKNOWN = "unknown"
"""The network of whoever comes from no address: a socket in a folder, or garbage."""
_HOME = 64
"""Bits of an IPv6 address that name a network; whoever is behind it chooses the rest."""

Proxies = tuple[IPv4Network | IPv6Network, ...]


def proxies_from(listed: str) -> Proxies:
    """Addresses and networks, with commas or spaces between them; raises ValueError for what is neither."""
    return tuple(ip_network(one) for one in listed.replace(",", " ").split())


def network_of(address: str) -> str:
    """IPv6 as its /64, IPv4 whole (also when written as IPv6), UNKNOWN when it is no address."""
    known = _address(address)
    if known is None:
        return UNKNOWN
    return str(ip_network((known, _HOME), strict=False)) if isinstance(known, IPv6Address) else str(known)


def client_address(peer: str, forwarded_for: Sequence[str], proxies: Proxies) -> str:
    """Who asks: the nearest address that is not one of our proxies. Only proxies of ours are believed about others.

    `forwarded_for` holds the X-Forwarded-For headers in their order. Each proxy adds whom it saw to the end, so what
    a visitor wrote there stands before what our proxies wrote, and is never reached.
    """
    seen = _address(peer)
    found = peer
    for told in reversed(",".join(forwarded_for).split(",")):
        if seen is None or not any(seen in proxy for proxy in proxies):
            break
        seen = _address(_without_port(told.strip()))
        if seen is None:
            break
        found = str(seen)
    return found


def fingerprint(network: str, secret: str) -> str:
    """What is stored instead of a network (or of an address of any kind): an HMAC that only this site can make."""
    return hmac.new(secret.encode(), b"network\0" + network.encode(), hashlib.sha256).hexdigest()


def _address(written: str) -> IPv4Address | IPv6Address | None:
    try:
        known = ip_address(written.partition("%")[0])
    except ValueError:
        return None
    return getattr(known, "ipv4_mapped", None) or known


def _without_port(told: str) -> str:
    """`[2001:db8::1]:443` and `192.0.2.1:443` are how some proxies write it."""
    if told.startswith("["):
        return told[1:].partition("]")[0]
    return told.partition(":")[0] if told.count(":") == 1 else told
