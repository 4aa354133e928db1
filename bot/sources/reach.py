"""How git reaches a repository: at an address that was checked, with a token that nobody sees."""

import re
import shlex
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from bot.sources.fetch import Fetch
from bot.sources.process import Git, GitError
from bot.sources.trouble import TroubleError

OLDEST = (2, 37)
"""The first git that can be told which address to dial (`http.curloptResolve`)."""
ALWAYS = {
    "http.followRedirects": "false",  # a redirect would lead past the check
    "http.lowSpeedLimit": "500",
    "http.lowSpeedTime": "60",
    "core.hooksPath": "/dev/null",
    "fetch.recurseSubmodules": "false",
    "gc.autoDetach": "false",  # no process outlives ours
    "maintenance.autoDetach": "false",
}
PORTS = {"https": 443, "http": 80}
_SHORT = re.compile(r"[^/:@]+@([^/:]+):")
_VERSION = re.compile(rb"(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class Way:
    """What git needs to know beside the address: settings and variables."""

    config: Mapping[str, str]
    variables: Mapping[str, str]


async def way_to(url: str, token: str, fetch: Fetch, git: Git) -> Way:
    """Find the way to a repository, its address checked now.

    Args:
        url: as in the settings.
        token: for https; "" = none.
        fetch: what may be dialled.
        git: asked how it uses ssh, and how old it is.

    Raises:
        TroubleError: it may not be dialled.
    """
    config = dict(ALWAYS)
    variables = {"GIT_ALLOW_PROTOCOL": "https:http:ssh:file"}
    parts = urlsplit(url)
    short = _SHORT.match(url)
    if parts.scheme in PORTS:
        config |= await _over_http(parts, token, fetch, git)
    elif parts.scheme == "ssh" or short:
        host = short[1] if short else parts.hostname or ""
        port = None if short else parts.port
        variables["GIT_SSH_COMMAND"] = await _over_ssh(host, port, fetch, git)
    return Way(config, variables)


async def _over_http(parts: SplitResult, token: str, fetch: Fetch, git: Git) -> dict[str, str]:
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    config = {"http.proxy": fetch.proxy}
    if token:
        config[f"http.{parts.scheme}://{parts.netloc}/.extraHeader"] = (
            f"Authorization: {authorization(parts.username, token)}"
        )
    if not fetch.proxy:
        found = _VERSION.search(await git.run("version"))
        if found and (int(found[1]), int(found[2])) < OLDEST:
            words = "git is too old to be told which address to dial"
            raise TroubleError(f"{words}: {OLDEST[0]}.{OLDEST[1]} or newer is needed")
        addresses = await fetch.addresses(host, port)
        written = ",".join(f"[{one}]" if ":" in one else one for one in addresses)
        config["http.curloptResolve"] = f"{host}:{port}:{written}"
    return config


def authorization(user: str | None, token: str) -> str:
    """What git servers want of a token: the name before it means nothing to most of them."""
    pair = f"{user or 'x-access-token'}:{token}"
    return f"Basic {b64encode(pair.encode()).decode()}"


async def _over_ssh(host: str, port: int | None, fetch: Fetch, git: Git) -> str:
    """The ssh that dials an address and still knows the host by its name."""
    addresses = await fetch.addresses(host, port or 22)
    known_as = f"[{host}]:{port}" if port and port != 22 else host  # noqa: PLR2004 - ssh's own
    options = {
        "BatchMode": "yes",
        "ConnectTimeout": "10",
        "HostName": addresses[0],
        "HostKeyAlias": known_as,
    }
    said = " ".join(f"-o {shlex.quote(f'{name}={value}')}" for name, value in options.items())
    return f"{await _ssh_of(git)} {said}"


async def _ssh_of(git: Git) -> str:
    """The ssh that the operator has told git to use."""
    if "GIT_SSH_COMMAND" in git.environ:
        return git.environ["GIT_SSH_COMMAND"]
    try:
        return (await git.run("config", "--get", "core.sshCommand")).decode().strip() or "ssh"
    except GitError:
        return "ssh"
