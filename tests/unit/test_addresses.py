"""Which addresses may be dialled."""

from ipaddress import ip_address

import pytest

from bot.sources.addresses import Rules, is_public
from bot.sources.trouble import TroubleError


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",  # noqa: S104 - not to listen there
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.0.8",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "2001:0:a00:1:0:0:f5ff:fffe",
        "64:ff9b::a00:1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::7f00:1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
    ],
)
def test_what_is_not_the_open_internet_is_not_public(address):
    """Also where an IPv4 address is wrapped in an IPv6 one."""
    assert not is_public(ip_address(address))
    with pytest.raises(TroubleError, match=r"fetch\.allow"):
        Rules().dialled("host.example", [address])


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "140.82.121.4", "2606:4700::1111", "64:ff9b::101:101", "2002:101:101::1"],
)
def test_the_open_internet_is_public(address):
    """Wrapped or not."""
    assert is_public(ip_address(address))
    assert Rules().dialled("host.example", [address]) == (address,)


def test_of_several_addresses_only_the_public_ones_are_dialled():
    """A name that has one of each is no way in."""
    found = ["10.0.0.1", "1.1.1.1", "::1", "fe80::1%eth0", "2606:4700::1111"]

    assert Rules().dialled("host.example", found) == ("1.1.1.1", "2606:4700::1111")


@pytest.mark.parametrize(
    ("allow", "host", "address"),
    [
        ("git.lan", "git.lan", "10.0.0.1"),
        ("git.lan", "GIT.lan.", "10.0.0.1"),
        ("10.0.0.0/8", "any.example", "10.9.9.9"),
        ("10.0.0.0/8", "any.example", "::ffff:10.9.9.9"),
        ("127.0.0.1", "any.example", "127.0.0.1"),
        ("fd00::/8", "any.example", "fd00::1"),
    ],
)
def test_an_operator_may_allow_hosts_and_networks(allow, host, address):
    """Just these."""
    assert Rules([allow]).dialled(host, [address]) == (address,)
    with pytest.raises(TroubleError):
        Rules([allow]).dialled("other.example", ["192.168.1.1"])


def test_nothing_is_dialled_where_there_is_no_address():
    """An empty answer is no permission."""
    with pytest.raises(TroubleError, match=r"host\.example is at no address"):
        Rules().dialled("host.example", [])
