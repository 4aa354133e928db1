"""Which addresses are this machine only.

Pure: asks no resolver.
"""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether a host name or address can mean nothing but this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def written(host: str) -> str:
    """A host as it stands in a URL."""
    return f"[{host}]" if ":" in host else host
