"""Which addresses a fetch may go to: public ones, and what the operator allows.

Pure. An address is judged as what it reaches: IPv4 inside IPv6 by the IPv4.
"""

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TypeAlias

from bot.sources.trouble import TroubleError

Address: TypeAlias = IPv4Address | IPv6Address

_NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
"""RFC 6052 and RFC 8215: the last 32 bits are an IPv4 address."""
_SPECIAL = (ip_network("192.0.0.0/24"), ip_network("192.88.99.0/24"))
"""RFC 6890 and RFC 7526; the standard library learnt of them late."""
_COMPATIBLE = IPv6Network("::/96")
"""RFC 4291, 2.5.5.1, deprecated: some stacks still dial the IPv4 address inside."""


class Rules:
    """What may be dialled.

    Args:
        allow: hosts and networks that may be private, as in the settings.
    """

    def __init__(self, allow: Iterable[str] = ()) -> None:
        places = [(place, _network(place)) for place in allow]
        self._networks = tuple(network for _, network in places if network is not None)
        self._hosts = frozenset(place for place, network in places if network is None)

    def dialled(self, host: str, found: Sequence[str]) -> tuple[str, ...]:
        """The addresses of a host that may be dialled, in their order.

        Args:
            host: its name.
            found: the addresses that it has, as the resolver answered just now.

        Raises:
            TroubleError: there is none.
        """
        if host.lower().rstrip(".") in self._hosts:
            return tuple(found)
        good = tuple(address for address in found if self._good(address))
        if not good:
            raise TroubleError(
                f"{host} is at {', '.join(found) or 'no address'}, which is not public; if it"
                " is meant, name the host or its network in fetch.allow"
            )
        return good

    def _good(self, written: str) -> bool:
        address = ip_address(written.partition("%")[0])
        return is_public(address) or any(
            one in network
            for one in (address, *_inside(address))
            for network in self._networks
            if one.version == network.version
        )


def is_public(address: Address) -> bool:
    """Whether an address is one of the open internet, and all that it stands for too."""
    inner = tuple(_inside(address))
    if inner:
        return all(is_public(one) for one in inner)
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not (isinstance(address, IPv6Address) and address.is_site_local)
        and not any(address in network for network in _SPECIAL)
    )


def _inside(address: Address) -> Iterator[Address]:
    """The IPv4 addresses that an IPv6 address leads to."""
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    elif address.sixtofour:
        yield address.sixtofour
    elif address.teredo:
        yield from address.teredo
    elif any(address in network for network in _NAT64) or (
        address in _COMPATIBLE and int(address) > 1  # not :: and ::1
    ):
        yield IPv4Address(int(address) & 0xFFFF_FFFF)


def _network(place: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(place)
    except ValueError:
        return None
