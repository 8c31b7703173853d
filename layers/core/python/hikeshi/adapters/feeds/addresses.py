"""Which network addresses a feed may lie at: public unicast ones, and what the deployer names."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from hikeshi.domain.errors import ConfigError, FetchError, ForbiddenAddressError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

# Python's own ``is_private`` and ``is_global`` changed between patch releases; this is the registry
# of special-purpose addresses as it stands, so that the answer is the same on every machine.
_NEVER_IPV4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
# Outside 2000::/3 lie mapped, compatible and translated IPv4, NAT64, unique local, link-local and
# multicast; inside it these carry or stand for another address, or for none.
_NEVER_IPV6 = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)


def is_public(address: Address) -> bool:
    """Tell whether an address is public unicast and stands for nothing but itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _NEVER_IPV4)
    return address in _PUBLIC_IPV6 and not any(address in network for network in _NEVER_IPV6)


def networks_in(text: str) -> tuple[Network, ...]:
    """Read networks from a list with commas: ``127.0.0.1/32,10.1.0.0/16``.

    Raises
    ------
    ConfigError
        If one of them is none.
    """
    try:
        return tuple(ipaddress.ip_network(each.strip()) for each in text.split(",") if each.strip())
    except ValueError as error:
        raise ConfigError(
            "HIKESHI_FEED_NETWORKS が読めません。127.0.0.1/32,10.1.0.0/16 の形で書いてください"
            f" / HIKESHI_FEED_NETWORKS: {error}"
        ) from None


def checked(addresses: Sequence[str], *, host: str, allowed: Sequence[Network]) -> tuple[str, ...]:
    """Return the addresses of a host, IPv4 first, if we may connect to every one of them.

    Raises
    ------
    ForbiddenAddressError
        If any is not public and not in a network that was allowed: a name that points at one such
        address is not to be trusted with the others either.
    """
    found = [ipaddress.ip_address(address) for address in addresses]
    for address in found:
        if not is_public(address) and not any(address in network for network in allowed):
            raise ForbiddenAddressError(f"{host} points at an address that is not public")
    if not found:
        raise FetchError(f"{host} has no address")
    return tuple(str(address) for address in sorted(found, key=lambda each: each.version))


def look_up(host: str, port: int, *, resolve: Resolve, seconds: float) -> Sequence[str]:
    """Resolve a name, waiting no longer than that: the system's own resolver knows no time-out.

    Raises
    ------
    FetchError
        If there is no answer.
    """
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        return pool.submit(resolve, host, port).result(timeout=seconds)
    except TimeoutError:
        raise FetchError(f"the name {host} was not resolved in time") from None
    except (OSError, UnicodeError) as error:
        raise FetchError(f"the name {host} does not resolve") from error
    finally:
        pool.shutdown(wait=False)


def ask_system(host: str, port: int) -> Sequence[str]:
    """Ask the operating system; link-local answers keep their address and lose their zone."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(answer[4][0]).partition("%")[0] for answer in answers))
