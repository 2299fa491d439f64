"""By which address strangers are counted, wherever something is limited for each of them."""

from ipaddress import IPv6Address, ip_address


def counted(host: str) -> str:
    """The address somebody is counted by, or "" when nobody is. An IPv6 network, handed out whole, counts as one.

    Whoever is behind a proxy that does not say for whom it asks comes from this machine, and nothing from this machine
    is counted: all its strangers would share one limit.
    """
    try:
        address = ip_address(host)
    except ValueError:  # a Unix socket: whoever listens there is a proxy
        return ""
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if address.is_loopback:
        return ""
    return str(address) if address.version == 4 else address.exploded[:19]
