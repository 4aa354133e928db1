"""How git reaches a repository over the network: checked, with a token, and no further."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from aiohttp import web

from bot.model.posts import Scan
from bot.sources.addresses import Rules
from bot.sources.fetch import Fetch
from bot.sources.git import GitPlace
from bot.sources.lsrefs import packet, refs_in
from bot.sources.pace import Pace
from bot.sources.process import Git, surroundings
from bot.sources.reach import way_to
from bot.sources.remote import RemoteSource
from bot.sources.trouble import TroubleError
from config.settings import GitSettings
from tests.fakes import FixedClock
from tests.far_side import Page, git_over_http, serving
from tests.repository import ENVIRON, a_repository

NEAR = Rules(["127.0.0.1"])


async def here(_: str, __: int) -> Sequence[str]:
    """Every name is this machine's."""
    return ["127.0.0.1"]


def a_source(tmp_path: Path, url: str, *, token: str = "", fetch: Fetch | None = None):
    """A git source over HTTP."""
    place = GitPlace(
        GitSettings(id="weekly", kind="git", url=url),
        token=token,
        cache=tmp_path / "cache.git",
        fetch=fetch or Fetch(NEAR, resolve=here),
        clock=FixedClock(),
        environ=surroundings(ENVIRON),
    )
    return RemoteSource("weekly", place, Pace(FixedClock()))


def told(scan: Scan) -> str:
    """The one problem of the whole source."""
    (problem,) = scan.problems
    return problem.words


async def test_a_repository_is_read_over_http_at_the_address_that_was_checked(tmp_path):
    """Its name is known to nobody but us: git asks no resolver. The token comes along."""
    a_repository(tmp_path / "site", {"one.md": "One"})
    page = Page(answer=git_over_http(tmp_path))
    async with serving(page) as url:
        port = url.rpartition(":")[2]
        address = f"http://site.example:{port}/site/.git"
        source = a_source(tmp_path, address, token="hush-hush")
        first = await source.scan()
        asked = len(page.asked)
        second = await source.scan()

    assert [one.text for one in first.found] == ["One"]
    assert (second.found, second.problems) == ((), ())
    assert {request.headers["Host"] for request in page.asked} == {f"site.example:{port}"}
    assert {request.headers["Authorization"] for request in page.asked} == {
        "Basic eC1hY2Nlc3MtdG9rZW46aHVzaC1odXNo"
    }
    assert len(page.asked) - asked == 1
    kept = [file.read_bytes() for file in (tmp_path / "cache.git").rglob("*") if file.is_file()]
    assert b"hush" not in b"".join(kept)


async def test_a_server_of_old_is_asked_by_git(tmp_path):
    """One that knows no protocol 2 answers our question with everything, or not at all."""
    a_repository(tmp_path / "site", {"one.md": "One"})
    page = Page(answer=git_over_http(tmp_path, old=True))
    async with serving(page) as url:
        source = a_source(tmp_path, f"{url}/site/.git")
        first, second = await source.scan(), await source.scan()

    assert [one.text for one in first.found] == ["One"]
    assert (second.found, second.problems) == ((), ())


@pytest.mark.parametrize(
    "body",
    [b"", b"0000", b"zzzz", b"0006a", b"0008\xff\xfe\xfd\xfc", b"00000", b"0030" + b"0" * 44],
)
def test_an_answer_that_cannot_be_read_has_no_refs(body):
    """Whatever a server sends."""
    assert dict(refs_in(body)) == {}


def test_the_refs_of_an_answer_are_read():
    """Names with their commits; attributes behind a name are left out."""
    body = packet(f"{'a' * 40} HEAD symref-target:refs/heads/main\n")
    body += packet(f"{'b' * 40} refs/heads/main\n") + b"0000" + packet(f"{'c' * 40} later\n")

    assert dict(refs_in(body)) == {"HEAD": "a" * 40, "refs/heads/main": "b" * 40}


async def test_a_name_in_the_address_goes_with_the_token(tmp_path):
    """Some servers want to know whose token it is."""
    page = Page()
    page.status(404)
    async with serving(page) as url:
        await a_source(tmp_path, f"http://ada@{url[7:]}/site.git", token="hush-hush").scan()

    assert {request.headers["Authorization"] for request in page.asked} == {
        "Basic YWRhOmh1c2gtaHVzaA=="
    }


async def test_a_private_address_is_not_dialled(tmp_path):
    """Unless the operator allows it."""
    page = Page()
    async with serving(page) as url:
        scan = await a_source(tmp_path, f"{url}/site.git", fetch=Fetch(resolve=here)).scan()

    assert "fetch.allow" in told(scan)
    assert page.asked == []


async def test_a_redirect_is_not_followed(tmp_path):
    """It would lead past the check; people are told instead."""
    page, other = Page(), Page()
    async with serving(page) as url, serving(other) as there:

        async def away(request: web.Request) -> web.StreamResponse:
            return web.Response(status=301, headers={"Location": f"{there}{request.path_qs}"})

        page.answer = away
        scan = await a_source(tmp_path, f"{url}/site.git").scan()

    assert "has moved" in told(scan)
    assert other.asked == []


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "`token`"), (404, "private"), (403, "403"), (500, "500")],
)
async def test_a_refusal_is_told_in_words(tmp_path, status, words):
    """With the way out, and without the token."""
    page = Page()
    page.status(status)
    async with serving(page) as url:
        scan = await a_source(tmp_path, f"{url}/site.git", token="hush-hush").scan()

    assert words in told(scan)
    assert "hush" not in told(scan)


async def test_ssh_dials_the_address_and_knows_the_host_by_name():
    """With the operator's own ssh, and without ever asking a person."""
    git = Git(Path("/nowhere"), {"GIT_SSH_COMMAND": "ssh -i key"})
    fetch = Fetch(NEAR, resolve=here)

    short = await way_to("git@site.example:a/b.git", "", fetch, git)
    long = await way_to("ssh://git@site.example:2222/a/b.git", "", fetch, git)

    for way, name in ((short, "site.example"), (long, "'HostKeyAlias=[site.example]:2222'")):
        command = way.variables["GIT_SSH_COMMAND"]
        assert command.startswith("ssh -i key -o BatchMode=yes")
        assert "-o HostName=127.0.0.1" in command
        assert name in command
    with pytest.raises(TroubleError):
        await way_to("git@site.example:a/b.git", "", Fetch(resolve=here), git)


async def test_the_ssh_of_gits_own_settings_is_kept(tmp_path):
    """Deploy keys are set there."""
    repository = a_repository(tmp_path / "site")
    git = Git(repository.root / ".git", surroundings(ENVIRON))
    fetch = Fetch(NEAR, resolve=here)

    plain = await way_to("git@site.example:a/b.git", "", fetch, git)
    repository.git("config", "core.sshCommand", "ssh -i deploy")
    chosen = await way_to("git@site.example:a/b.git", "", fetch, git)

    assert plain.variables["GIT_SSH_COMMAND"].startswith("ssh -o")
    assert chosen.variables["GIT_SSH_COMMAND"].startswith("ssh -i deploy -o")


async def test_a_git_that_cannot_be_told_where_to_dial_is_too_old(tmp_path):
    """It would ask a resolver by itself; with a proxy it does not."""
    script = tmp_path / "git"
    script.write_text("#!/bin/sh\necho git version 2.34.1\n")
    script.chmod(0o755)
    git = Git(tmp_path, {"PATH": os.environ["PATH"]}, program=str(script))

    with pytest.raises(TroubleError, match=r"2\.37 or newer"):
        await way_to("https://site.example/a.git", "", Fetch(NEAR, resolve=here), git)
    proxied = Fetch(NEAR, proxy="http://127.0.0.1:1", resolve=here)
    way = await way_to("https://site.example/a.git", "", proxied, git)

    assert way.config["http.proxy"] == "http://127.0.0.1:1"


async def test_a_local_repository_needs_no_way(tmp_path):
    """Nothing is dialled for it."""
    way = await way_to("/srv/site.git", "", Fetch(resolve=here), Git(tmp_path, {}))

    assert way.variables == {"GIT_ALLOW_PROTOCOL": "https:http:ssh:file"}
    assert way.config["http.followRedirects"] == "false"
