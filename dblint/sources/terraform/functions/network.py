"""Functions of network addresses."""

from __future__ import annotations

import ipaddress

from dblint.sources.terraform.functions.registry import Function, plain
from dblint.sources.terraform.values.value import EvaluationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

Network: TypeAlias = "Any"


def _network(text: str) -> Network:
    """The network of a prefix; bits of the host are ignored."""
    address, slash, length = text.partition("/")
    try:
        if not slash or not length.isdecimal() or len(length) > 3:
            raise ValueError
        return ipaddress.ip_network(f"{address}/{length}", strict=False)
    except ValueError:
        raise EvaluationError(f"{text!r} is no network prefix") from None


def _whole(value: Any) -> int:
    if not isinstance(value, int):
        raise EvaluationError("a whole number is required")
    return value


def _host(prefix: str, number: Any) -> str:
    network = _network(prefix)
    size, number = network.num_addresses, _whole(number)
    if not -size <= number < size:
        raise EvaluationError("the prefix has no host of that number")
    return str(network.network_address + (number if number >= 0 else size + number))


def _netmask(prefix: str) -> str:
    network = _network(prefix)
    if network.version != 4:
        raise EvaluationError("only prefixes of IPv4 have a netmask")
    return str(network.netmask)


def _subnet(prefix: str, bits: Any, number: Any) -> str:
    network, bits, number = _network(prefix), _whole(bits), _whole(number)
    length = network.prefixlen + bits
    if not 0 <= length <= network.max_prefixlen:
        raise EvaluationError("the prefix can not be extended by so many bits")
    if number < 0 or (bits >= 0 and number >= 1 << bits):
        raise EvaluationError("there is no subnet of that number")
    start = int(network.network_address) | (number << (network.max_prefixlen - length))
    if start >= 1 << network.max_prefixlen:
        raise EvaluationError("there is no subnet of that number")
    return f"{type(network.network_address)(start)}/{length}"


def _subnets(prefix: str, *all_bits: Any) -> list[str]:
    network = _network(prefix)
    start, end = int(network.network_address), int(network.network_address) + network.num_addresses
    found = []
    for bits in map(_whole, all_bits):
        length = network.prefixlen + bits
        if bits < 1 or length > network.max_prefixlen or (network.version == 6 and bits > 32):
            raise EvaluationError("the prefix can not be extended by so many bits")
        size = 1 << (network.max_prefixlen - length)
        start = -(-start // size) * size
        if start + size > end:
            raise EvaluationError("the prefix has no room for all subnets")
        found.append(f"{type(network.network_address)(start)}/{length}")
        start += size
    return found


def _contains(outer: str, inner: str) -> bool:
    network = _network(outer)
    other = _network(inner if "/" in inner else f"{inner}/{network.max_prefixlen}")
    if network.version != other.version:
        raise EvaluationError("the addresses are of different versions")
    return bool(other.subnet_of(network))


FUNCTIONS: dict[str, Function] = {
    "cidrhost": plain(_host, fallible=True),
    "cidrnetmask": plain(_netmask, fallible=True),
    "cidrsubnet": plain(_subnet, fallible=True),
    "cidrsubnets": plain(_subnets, fallible=True),
    "cidrcontains": plain(_contains, fallible=True),
}
