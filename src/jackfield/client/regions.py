"""The cloud's regions, and how a region's name, a host or a URL becomes the two addresses of an API.

The table is the one that the official SDKs carry (Python SDK 269, `PureCloudRegionHosts`).
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import SplitResult, urlsplit

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused

REGIONS: Mapping[str, str] = MappingProxyType(
    {
        "us-east-1": "mypurecloud.com",
        "us-east-2": "use2.us-gov-pure.cloud",
        "us-west-2": "usw2.pure.cloud",
        "ca-central-1": "cac1.pure.cloud",
        "mx-central-1": "mxc1.pure.cloud",
        "sa-east-1": "sae1.pure.cloud",
        "eu-central-1": "mypurecloud.de",
        "eu-central-2": "euc2.pure.cloud",
        "eu-west-1": "mypurecloud.ie",
        "eu-west-2": "euw2.pure.cloud",
        "eusc-de-east-1": "edee1.eusc-pure.cloud",
        "me-central-1": "mec1.pure.cloud",
        "ap-northeast-1": "mypurecloud.jp",
        "ap-northeast-2": "apne2.pure.cloud",
        "ap-northeast-3": "apne3.pure.cloud",
        "ap-south-1": "aps1.pure.cloud",
        "ap-southeast-1": "apse1.pure.cloud",
        "ap-southeast-2": "mypurecloud.com.au",
    }
)
_CLOUD_PREFIXES = ("api.", "login.", "apps.")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Base URLs without a slash at the end; paths begin with `/oauth/` and `/api/v2/`."""

    api: str
    login: str


def locate(region: str) -> Addresses:
    """Return the addresses that a region's name, a host or a URL stands for.

    Args:
        region: `eu-west-1` (or with underscores), `mypurecloud.ie`, `api.mypurecloud.ie`, `127.0.0.1:8080`
            or a URL. A URL is taken as it is, so that an unknown host can be named only on purpose.

    Raises:
        OperationRefused: it is none of these, or looks like a misspelt host of the cloud.
    """
    text = region.strip()
    if "://" in text:
        return _from_url(text, region)
    name = text.lower().replace("_", "-")
    if name in REGIONS:
        return _cloud(REGIONS[name])
    if _bare_domain(name) in REGIONS.values():
        return _cloud(_bare_domain(name))
    if is_loopback(_host(name)):
        return _same(f"http://{name}")
    if "." not in name or "/" in name or _resembles_cloud(name):
        raise _unknown(region)
    return _same(f"https://{name}")


def is_loopback(host: str) -> bool:
    """Tell if a host name or numeric address is this machine's loopback."""
    bare = host.strip("[]").lower()
    return bare in ("localhost", "::1") or bare.startswith("127.")


def _from_url(text: str, region: str) -> Addresses:
    try:
        parts = urlsplit(text)
        odd = parts.port == 0
    except ValueError as error:
        raise _unknown(region) from error
    if odd or parts.scheme not in ("http", "https") or not parts.hostname or _has_extras(parts):
        raise _unknown(_without_userinfo(text))
    if _bare_domain(parts.hostname) in REGIONS.values():
        return _cloud(_bare_domain(parts.hostname))
    path = parts.path.rstrip("/").removesuffix("/api/v2").removesuffix("/api")
    return _same(f"{parts.scheme}://{parts.netloc}{path}")


def _has_extras(parts: SplitResult) -> bool:
    return bool(parts.username or parts.password or parts.query or parts.fragment)


def _without_userinfo(text: str) -> str:
    scheme, _, rest = text.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _cloud(domain: str) -> Addresses:
    return Addresses(api=f"https://api.{domain}", login=f"https://login.{domain}")


def _same(url: str) -> Addresses:
    return Addresses(api=url, login=url)


def _bare_domain(host: str) -> str:
    for prefix in _CLOUD_PREFIXES:
        if host.startswith(prefix):
            return host.removeprefix(prefix)
    return host


def _host(name: str) -> str:
    if name.startswith("["):
        return name.partition("]")[0]
    return name if name.count(":") > 1 else name.partition(":")[0]


def _resembles_cloud(name: str) -> bool:
    return bool(difflib.get_close_matches(_bare_domain(name), REGIONS.values(), n=1, cutoff=0.8))


def _unknown(region: str) -> OperationRefused:
    wanted = region.lower().replace("_", "-")
    near = difflib.get_close_matches(wanted, [*REGIONS, *REGIONS.values()], n=1, cutoff=0.6)
    return OperationRefused(
        found(
            "REGION_UNKNOWN",
            region=region,
            seen=region,
            regions=", ".join(REGIONS),
            nearest=f"Did you mean `{near[0]}`?" if near else "Give a region, a host or a whole URL.",
        )
    )
