"""Where a visitor comes from: believed only from our own proxies, kept only as a fingerprint."""

import pytest

from kernel.networks import UNKNOWN, client_address, fingerprint, network_of, proxies_from

PROXIES = proxies_from("127.0.0.1, 10.0.0.0/8 2001:db8:ffff::/48")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", UNKNOWN),
        ("/run/klankbord.sock", UNKNOWN),
        ("192.0.2.7\r\nevil", UNKNOWN),
    ],
)
def test_a_network_is_an_address_or_a_whole_64(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "found"),
    [
        ("192.0.2.7", [], "192.0.2.7"),
        ("192.0.2.7", ["198.51.100.9"], "192.0.2.7"),  # not from a proxy of ours: not believed
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.9"], "198.51.100.9"),
        ("127.0.0.1", ["203.0.113.66, 198.51.100.9"], "198.51.100.9"),  # the visitor wrote the first one
        ("127.0.0.1", ["203.0.113.66", "198.51.100.9", "10.1.2.3"], "198.51.100.9"),  # two proxies of ours
        ("127.0.0.1", ["203.0.113.66, 198.51.100.9:4711, 10.1.2.3"], "198.51.100.9"),
        ("::ffff:127.0.0.1", ["[2001:db8:1:2::9]:443"], "2001:db8:1:2::9"),
        ("2001:db8:ffff::1", ["2001:db8:1:2::9"], "2001:db8:1:2::9"),
        ("127.0.0.1", ["10.1.2.3"], "10.1.2.3"),
        ("127.0.0.1", ["198.51.100.9, garbage"], "127.0.0.1"),
        ("127.0.0.1", [""], "127.0.0.1"),
        ("", ["198.51.100.9"], ""),
    ],
)
def test_only_our_proxies_are_believed_and_each_only_about_whom_it_saw(
    peer: str, forwarded_for: list[str], found: str
) -> None:
    assert client_address(peer, forwarded_for, PROXIES) == found


def test_without_proxies_nobody_is_believed() -> None:
    assert client_address("127.0.0.1", ["198.51.100.9"], proxies_from("")) == "127.0.0.1"


def test_a_proxy_that_is_no_address_is_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"proxy\.example"):
        proxies_from("127.0.0.1, proxy.example")


def test_a_fingerprint_needs_the_secret_and_holds_no_address() -> None:
    here = fingerprint("192.0.2.7", "one secret")

    assert (len(here), here == fingerprint("192.0.2.7", "one secret")) == (64, True)
    assert here != fingerprint("192.0.2.7", "another secret")
    assert here != fingerprint("192.0.2.8", "one secret")
