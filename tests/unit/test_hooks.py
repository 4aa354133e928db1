"""GitHub's web hook, over a real socket: who may ring, and for which sources."""

import hmac
import io
import json
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.slack.hooks import LARGEST, genuine, github_hook
from bot.slack.web import serving, web_app
from bot.sources.bell import concerned, place_of, push_of
from config.settings import Settings

SECRET = "made-up-secret"
PUSH: dict[str, object] = {
    "ref": "refs/heads/main",
    "repository": {
        "full_name": "Example/Site",
        "clone_url": "https://github.com/Example/Site.git",
        "ssh_url": "git@github.com:Example/Site.git",
        "default_branch": "main",
    },
}


class Bell:
    """Takes down what rang."""

    def __init__(self) -> None:
        self.rung: list[Mapping[str, object]] = []
        self.url = ""

    def ring(self, payload: Mapping[str, object]) -> tuple[str, ...]:
        """Ring."""
        self.rung.append(payload)
        return ("weekly",)

    async def nothing(self) -> list[str]:
        """Nothing is wrong."""
        return []

    async def no_figures(self) -> str:
        """No figures."""
        return ""

    async def post(
        self,
        body: bytes,
        *,
        event: str = "push",
        signature: str | None = None,
        form: bool = False,
    ) -> tuple[int, str]:
        """Send a request as GitHub does; signed unless a signature is given."""
        mac = hmac.new(SECRET.encode(), body, "sha256").hexdigest()
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        headers = {"X-GitHub-Event": event, "Content-Type": kind}
        headers["X-Hub-Signature-256"] = f"sha256={mac}" if signature is None else signature
        async with (
            aiohttp.ClientSession() as client,
            client.post(self.url, data=io.BytesIO(body), headers=headers) as answer,
        ):
            return answer.status, await answer.text()


@pytest.fixture
async def bell() -> AsyncIterator[Bell]:
    """A bell behind the web hook."""
    bell = Bell()
    hook = github_hook(SECRET, bell.ring)
    app = web_app(bolt=None, ready=bell.nothing, metrics=bell.no_figures, hook=hook)
    async with serving(app, host="127.0.0.1", port=0) as port:
        bell.url = f"http://127.0.0.1:{port}/hooks/github"
        yield bell


@pytest.mark.parametrize("form", [False, True], ids=["json", "form"])
async def test_a_signed_push_rings(bell, form):
    """In both of the forms that GitHub's settings offer; the answer says what is looked at."""
    body = json.dumps(PUSH)

    status, words = await bell.post(
        (urlencode({"payload": body}) if form else body).encode(), form=form
    )

    assert (status, words) == (202, "Looking at: weekly\n")
    assert bell.rung == [PUSH]


async def test_a_replay_rings_again_and_does_no_more(bell):
    """A look too many writes nothing; so a request needs no date."""
    body = json.dumps(PUSH).encode()

    answers = [await bell.post(body) for _ in range(2)]

    assert [status for status, _ in answers] == [202, 202]


@pytest.mark.parametrize(
    "signature",
    ["", "sha256=", "sha256=00", "sha1=" + "0" * 40, "sha256=" + "0" * 64, "sha256=\xe9"],
)
async def test_a_wrong_signature_is_refused(bell, signature):
    """With words for whoever set it up, and without a ring."""
    status, words = await bell.post(json.dumps(PUSH).encode(), signature=signature)

    assert (status, bell.rung) == (401, [])
    assert "same on both sides" in words


async def test_other_events_are_answered_without_a_ring(bell):
    """The ping that GitHub sends first, and whatever else was ticked."""
    pong = await bell.post(b"{}", event="ping")
    other = await bell.post(b"{}", event="issues")

    assert [pong[0], other[0], bell.rung] == [200, 200, []]
    assert "Heard" in pong[1]


async def test_what_cannot_be_read_is_told_so(bell):
    """Signed or not: no payload, no form, no JSON, nested without end, too large."""
    assert (await bell.post(b"nothing", form=True))[0] == 400
    assert (await bell.post(b"nothing"))[0] == 400
    assert (await bell.post(b"\xff"))[0] == 400
    assert (await bell.post(b"[" * 200_000))[0] == 400
    assert (await bell.post(b" " * (LARGEST + 1)))[0] == 413
    assert (await bell.post(b"[]"))[0] == 202
    assert bell.rung == [{}]


async def test_without_a_secret_there_is_no_web_hook():
    """What cannot be checked is not listened to."""
    bell = Bell()
    app = web_app(bolt=None, ready=bell.nothing, metrics=bell.no_figures)
    async with serving(app, host="127.0.0.1", port=0) as port:
        bell.url = f"http://127.0.0.1:{port}/hooks/github"
        assert (await bell.post(b"{}"))[0] == 404


def test_the_signature_is_of_the_body_and_the_secret():
    """The example of GitHub's documentation."""
    signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    assert genuine(b"Hello, World!", signature, "It's a Secret to Everybody")
    assert not genuine(b"Hello, World.", signature, "It's a Secret to Everybody")


# ------------------------------------------------------------------ whom it concerns


def ids(payload: Mapping[str, object], *sources: Mapping[str, object]) -> list[str]:
    """The ids of the sources that a payload rings for."""
    rows = [{"id": f"s{place}", **source} for place, source in enumerate(sources)]
    push = push_of(payload)
    return (
        list(concerned(push, Settings.model_validate({"sources": rows}).sources))
        if push
        else []
    )


def test_a_push_concerns_the_sources_that_read_the_branch():
    """However they reach it; capitals and `.git` make no difference."""
    github = {"kind": "github", "repository": "example/site"}
    git = {"kind": "git", "url": "git@github.com:example/site.git"}
    https = {"kind": "git", "url": "https://github.com/Example/Site"}
    other = {"kind": "github", "repository": "example/another"}
    branch = {"kind": "github", "repository": "example/site", "branch": "drafts"}
    main = {"kind": "git", "url": "https://github.com/Example/Site", "branch": "main"}
    folder = {"kind": "folder", "path": "posts"}

    assert ids(PUSH, github, git, https, other, branch, main, folder) == [
        "s0",
        "s1",
        "s2",
        "s5",
    ]
    assert ids(PUSH | {"ref": "refs/heads/drafts"}, github, branch) == ["s1"]
    assert ids(PUSH | {"ref": "refs/tags/main"}, github) == []


@pytest.mark.parametrize(
    "payload",
    [{}, {"ref": "refs/heads/main"}, {"repository": {}}, {"ref": 1, "repository": []}],
)
def test_what_is_no_push_concerns_nobody(payload):
    """Whatever a signed payload holds."""
    assert push_of(payload) is None


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://GitHub.com/a/b.git", "github.com/a/b"),
        ("ssh://git@github.com/a/b", "github.com/a/b"),
        ("git@github.com:a/b.git", "github.com/a/b"),
        ("/srv/git/b.git", "/srv/git/b"),
    ],
)
def test_a_repository_is_where_it_is_however_it_is_written(address, place):
    """Host and path, nothing else."""
    assert place_of(address) == place
