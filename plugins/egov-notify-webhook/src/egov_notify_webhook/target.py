"""Where a channel tells: a URL taken apart and checked, and the addresses it may lead to.

Rules of this room: https, or http to this machine only. A URL is shown as scheme, host and port: its path and its query
may hold what nobody else has to know. Addresses that no receiver has are refused wherever a name leads to them.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

import attrs

from egov_core.errors import Fault

PORTS = {"https": 443, "http": 80}
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")


@attrs.frozen(kw_only=True)
class Target:
    """The receiver: how to reach it, and what to ask it for."""

    scheme: str
    host: str
    port: int
    path: str = attrs.field(repr=False)

    @classmethod
    def of(cls, url: str) -> Target:
        """The target of a URL that has no fault."""
        parts = urlsplit(url)
        assert parts.hostname is not None, "target_faults has looked"
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(scheme=parts.scheme, host=parts.hostname, port=parts.port or PORTS[parts.scheme], path=path)

    @property
    def shown(self) -> str:
        """The target as it may be shown."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == PORTS[self.scheme] else f":{self.port}")

    def may_lead_to(self, address: str) -> bool:
        """Whether a connection to this address may be made for it.

        Never to a link-local one (where clouds keep the credentials of their machines), nor to none or to many; in the
        clear only to this machine.
        """
        found = ipaddress.ip_address(address.partition("%")[0])
        if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        if found.is_link_local or found.is_multicast or found.is_unspecified:
            return False
        return self.scheme == "https" or found.is_loopback


def target_faults(url: str) -> Iterator[Fault]:
    """Everything that is wrong with a URL; none of it is repeated."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        yield Fault("url", "unreadable", "is no URL with a port from 1 to 65535")
        return
    if not _VISIBLE.fullmatch(url):
        yield Fault(
            "url", "characters", "has blanks or characters beyond ASCII: write names in Punycode, the rest in %"
        )
    if parts.scheme not in PORTS or not parts.hostname:
        yield Fault("url", "scheme", "has to begin with https:// and a host")
        return
    if port == 0 or not _HOST.fullmatch(parts.hostname):
        yield Fault("url", "host", "has a host or a port that cannot be")
    if parts.username is not None or parts.password is not None:
        yield Fault("url", "credentials", "has a name or a password before the host: the signature says who tells")
    if parts.fragment or url.endswith("#"):
        yield Fault("url", "fragment", "has a part behind #, which no receiver gets")
    if parts.scheme == "http" and not _is_this_machine(parts):
        yield Fault("url", "clear", "tells in the clear: use https; http is for receivers on this machine only")


def _is_this_machine(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
