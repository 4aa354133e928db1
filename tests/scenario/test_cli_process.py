"""The command line as a process: streams, signals, and starts that fail."""

import asyncio
import json
import logging
import os
import re
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from typing_extensions import override

from bot.cli.sandbox import Community, play
from bot.cli.serve import go, serve
from bot.cli.stop import Stop, until_told
from bot.cli.words import Failed
from bot.model.deliveries import DeliveryState
from bot.sandbox import server
from bot.sandbox.faults import Rule
from tests.needs import ROOT
from tests.shell import digestbot, office, own_log, said, start
from tests.stage import WEEKLY, staged, until

EXAMPLES = ROOT / "bot" / "examples"
unix = pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes as Unix has them")


class Ear(logging.Handler):
    """Hears events by name, and may do something at the first one of a kind."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.at: dict[str, signal.Signals] = {}

    @override
    def emit(self, record: logging.LogRecord) -> None:
        event = record.getMessage().partition(" ")[0]
        self.heard.append(event)
        if event in self.at:
            signal.raise_signal(self.at.pop(event))


@contextmanager
def listening() -> Iterator[Ear]:
    """An ear that setting up the log does not take away."""
    ear = Ear()
    logger = logging.getLogger("bot")
    level = logger.level
    logger.addHandler(ear)
    logger.setLevel(logging.INFO)
    try:
        with own_log():
            yield ear
    finally:
        logger.removeHandler(ear)
        logger.setLevel(level)


@contextmanager
def sandbox_elsewhere() -> Iterator[dict[str, str]]:
    """A local Slack in a thread of its own; gives the variables that lead there."""
    ready: Future[dict[str, str]] = Future()
    over = threading.Event()

    async def play_slack() -> None:
        async with server.running(pace=False, seed=7) as slack:
            ready.set_result(
                {
                    "SLACK_BOT_TOKEN": slack.bot_token,
                    "SLACK_SIGNING_SECRET": slack.signing_secret,
                    "SLACK_API_URL": slack.api_url,
                }
            )
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(play_slack()))
    thread.start()
    try:
        yield ready.result(10)
    finally:
        over.set()
        thread.join()


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    """Wait for the end; answers exit code, stdout and what was not yet read of stderr."""
    async with asyncio.timeout(40):
        out, err = await process.communicate()
    return process.returncode, (out or b"").decode(), (err or b"").decode()


async def test_python_m_bot_is_digestbot():
    """Both ways to start are the same, and the help names the one to type."""
    code, out, _ = await ended(await start("--help"))

    assert code == 0
    assert out.startswith("Usage: digestbot ")


@unix
async def test_a_closed_pipe_ends_it_quietly():
    """`digestbot events ... | head -1`: no traceback, no word; the shell sees a cut pipe."""
    reading, writing = os.pipe()
    os.close(reading)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "events", str(EXAMPLES),
        cwd=ROOT, stdout=writing, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    os.close(writing)

    code, _, err = await ended(process)

    assert (code, err) == (141, "")


@unix
async def test_data_is_utf_8_whatever_the_locale():
    """In a cron job without a locale, Chinese titles arrive whole."""
    plain = {"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    process = await start(
        "events", EXAMPLES / "meetups", env={**plain, "PYTHONIOENCODING": "ascii"}
    )

    code, out, err = await ended(process)

    assert (code, err) == (0, "")
    assert "灯笼鱼" in json.loads(out.splitlines()[0])["title"]


@unix
async def test_ctrl_c_while_rendering_ends_it_quietly(tmp_path: Path):
    """Exit 130, not one word; what was written is whole."""
    posts = tmp_path / "posts"
    posts.mkdir()
    text = (EXAMPLES / "weekly" / "lanternfish-weekly-20261120" / "index.md").read_text("utf-8")
    for number in range(3000):
        (posts / f"{number}.md").write_text(text, "utf-8")
    out = tmp_path / "out"
    process = await start("render", posts, "--out", out)
    await until(lambda: out.is_dir() and any(out.iterdir()))

    process.send_signal(signal.SIGINT)
    code, _, err = await ended(process)

    assert (code, err) == (130, "")
    assert 0 < len(list(out.iterdir())) < 3000


@unix
async def test_progress_is_drawn_on_a_terminal_only(tmp_path: Path):
    """Who watches sees a bar on stderr; stdout has data alone."""
    import pty  # noqa: PLC0415  # Windows has none

    master, slave = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "events", str(EXAMPLES / "meetups"),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=slave,
    )  # fmt: skip
    os.close(slave)
    out, _ = await process.communicate()
    drawn = os.read(master, 100_000).decode()
    os.close(master)

    assert "Reading" in drawn
    assert "100%" in drawn
    assert all(json.loads(line) for line in out.decode().splitlines())


async def test_a_database_that_cannot_be_opened_ends_the_start_in_words(tmp_path: Path):
    """Exit 1, the file and the way out, no traceback; Slack was not spoken to."""
    async with office(tmp_path) as desk:
        desk.settings["data"] = "digestbot.yaml/data"
        desk.save()
        code, out, err = await ended(await start("run", env=desk.env))

    assert (code, out) == (1, "")
    assert "Error: the folder " in err
    assert "Traceback" not in err
    assert "slack.connected" not in err


async def test_a_file_that_is_no_database_ends_the_start_in_words(tmp_path: Path):
    """Somebody else's file is told and left as it is."""
    async with office(tmp_path) as desk:
        desk.data.mkdir()
        file = desk.data / "digestbot.db"
        file.write_text("a shopping list, and a rather long one at that\n" * 99, "utf-8")
        before = file.read_bytes()
        done = [await desk.call(verb) for verb in ("once", "plan", "status", "migrate")]

    assert [one.exit_code for one in done] == [1, 1, 1, 1]
    assert all("not a database" in one.stderr for one in done)
    assert not any("Traceback" in one.stderr for one in done)
    assert file.read_bytes() == before


async def test_a_database_server_that_is_away_ends_the_start_in_words(tmp_path: Path):
    """Exit 1 with the server's name; the password is nowhere."""
    async with office(tmp_path, database="postgresql://bot:s3cr3tpass@127.0.0.1:9/x") as desk:
        done = [await desk.call(verb) for verb in ("once", "plan", "status", "check")]

    assert [one.exit_code for one in done] == [1, 1, 1, 1]
    assert all("x at 127.0.0.1" in one.stderr + one.stdout for one in done)
    assert not any("s3cr3tpass" in one.stderr + one.stdout for one in done)
    assert not any("Traceback" in one.stderr for one in done)


async def test_a_token_that_slack_refuses_ends_the_start_in_words(tmp_path: Path):
    """Exit 1, what Slack said and what to do; the token is nowhere."""
    async with office(tmp_path) as desk:
        desk.env["SLACK_BOT_TOKEN"] = "xoxb-wrong-0123456789"
        code, out, err = await ended(await start("run", env=desk.env))

    assert (code, out) == (1, "")
    assert "refuses the bot (invalid_auth)" in err
    assert "SLACK_BOT_TOKEN" in err
    assert "Traceback" not in err
    assert "xoxb-wrong" not in err


async def test_a_slack_that_cannot_be_reached_ends_the_start_in_words(tmp_path: Path):
    """Exit 1 and where it was looked for."""
    async with office(tmp_path) as desk:
        desk.env["SLACK_API_URL"] = "http://127.0.0.1:9/api/"
        done = await desk.call("once")

    assert done.exit_code == 1
    assert "http://127.0.0.1:9/api/" in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_taken_port_ends_the_start_in_words(tmp_path: Path):
    """Exit 1, the port and the variables that choose another; nothing was posted."""
    async with office(tmp_path) as desk:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            code, out, err = await ended(
                await start("run", env={**desk.env, "PORT": str(port)})
            )

    assert (code, out) == (1, "")
    assert str(port) in err
    assert "set another PORT or DIGESTBOT_HOST" in err
    assert "Traceback" not in err
    assert desk.cards() == []


def test_errors_of_the_system_become_words_but_a_closed_pipe_stays_one():
    """A full disk is told; a pipe that nobody reads any more is left to the face."""

    async def full() -> None:
        raise OSError(28, "No space left on device")

    async def cut() -> None:
        raise BrokenPipeError

    with pytest.raises(Failed, match=r"the bot cannot go on: .*No space left"):
        go(full())
    with pytest.raises(BrokenPipeError):
        go(cut())


@unix
async def test_a_running_bot_is_asked_whether_it_is_ready(tmp_path: Path):
    """`check --running` follows the bot: not there, ready, stopped in order by SIGTERM, gone."""
    async with office(tmp_path) as desk:
        with socket.create_server(("127.0.0.1", 0)) as trial:
            desk.env["PORT"] = str(trial.getsockname()[1])
        before = await desk.call("check", "--running")
        process = await start("run", env=desk.env)
        heard = await said(process, b"bot.started")
        while_ready = await desk.call("check", "--running")
        everywhere = dict(desk.env) | {"DIGESTBOT_HOST": "0.0.0.0"}  # noqa: S104
        desk.env, env = everywhere, desk.env
        from_anywhere = await desk.call("check", "--running")
        desk.env = env
        process.send_signal(signal.SIGTERM)
        code, out, rest = await ended(process)
        after = await desk.call("check", "--running")

    assert (before.exit_code, after.exit_code) == (1, 1)
    assert f"no bot answers at http://127.0.0.1:{env['PORT']}/readyz" in before.stderr
    assert (while_ready.exit_code, from_anywhere.exit_code) == (0, 0)
    assert (code, out) == (0, "")
    assert "Stopping: what is under way is finished first." in rest
    assert "bot.stopping" in rest
    assert "Traceback" not in heard.decode() + rest


async def test_a_bot_that_is_not_ready_is_told_with_its_reasons(tmp_path: Path):
    """`check --running` repeats what /readyz says, and fails."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        words = b"database: it is away\n"
        head = f"HTTP/1.1 503 -\r\nContent-Length: {len(words)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + words)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server, office(tmp_path) as desk:
        desk.env["PORT"] = str(server.sockets[0].getsockname()[1])
        done = await desk.call("check", "--running")

    assert done.exit_code == 1
    assert done.stderr == "Error: database: it is away\n"


@unix
async def test_a_second_signal_ends_it_at_once(tmp_path: Path):
    """A delivery that hangs keeps the first SIGTERM waiting; the second one does not wait."""
    async with office(tmp_path) as desk:
        assert (await desk.call("once")).exit_code == 0
        desk.publish("weekly-2")
        desk.slack.faults.add(Rule("delay", method="chat.postMessage", delay_ms=9000))
        process = await start("run", env=desk.env)
        heard = await said(process, b"bot.started")
        assert b"state=announced" in heard, heard.decode()
        while "sending    1" not in (await desk.call("status")).stdout:
            await asyncio.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        await said(process, b"bot.stopping")
        started = asyncio.get_running_loop().time()
        process.send_signal(signal.SIGTERM)
        code, _, _ = await ended(process)
        took = asyncio.get_running_loop().time() - started

    assert code == -signal.SIGTERM
    assert took < 5


@unix
async def test_a_signal_during_the_first_look_undoes_the_start_in_order(tmp_path: Path):
    """SIGTERM while it decides: what is in flight is finished; the next start goes on from there."""
    async with staged(tmp_path) as stage:
        stage.write("weekly-0", date="2026-11-01")
        async with stage.bot() as first:
            await stage.round(first)
            stage.write("weekly-1", date="2026-11-19")
            await first.discover_all()
            await first.discover_all()
        for number in range(2, 40):
            stage.write(f"weekly-{number}", date="2026-11-20")
        stage.slack.faults.add(Rule("delay", method="chat.postMessage", delay_ms=300))

        with listening() as ear:
            ear.at["post.decided"] = signal.SIGTERM
            await until_told(partial(serve, stage.settings))
        async with stage.bot() as second:
            counts = await second.archive.desk.counts()
            waiting = await second.archive.register.undecided("weekly")
            stage.slack.faults.clear()
            await stage.round(second)

    assert "bot.started" not in ear.heard
    assert "bot.stopping" in ear.heard
    assert "post.decided" not in ear.heard[ear.heard.index("bot.stopping") :]
    assert counts.get(DeliveryState.SENDING, 0) == 0
    assert counts.get(DeliveryState.UNKNOWN, 0) == 0
    assert waiting
    assert stage.titles(WEEKLY) == ["Weekly weekly-1"]  # the others are too many at once


@unix
async def test_the_sandbox_takes_another_port_and_says_so():
    """Port taken: the page is elsewhere, and that is said before the address."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = await start("sandbox", "--no-browser", "--port", str(port))
        heard = await said(process, b"Ctrl-C")
    process.send_signal(signal.SIGINT)
    code, out, rest = await ended(process)
    found = re.search(rb"open at  http://127\.0\.0\.1:(\d+)", heard)

    assert f"Port {port} cannot be had".encode() in heard
    assert found is not None
    assert int(found[1]) != port
    assert (code, out) == (0, "")
    assert "Stopping." in rest
    assert "Traceback" not in rest


@unix
def test_the_sandbox_shows_the_posts_that_somebody_brings(tmp_path: Path):
    """`sandbox --posts FOLDER`: the newest post is in the channel; SIGTERM ends it with exit 0."""
    (tmp_path / "mine.md").write_text("---\ntitle: Mine\ndate: 2026-11-20\n---\n\nHello.\n")
    words: list[str | Path] = [
        "sandbox",
        "--posts",
        tmp_path,
        "--site",
        "https://site.example",
        "--port",
        "0",
    ]

    with listening() as ear:
        ear.at["delivery.sent"] = signal.SIGTERM
        done = digestbot(*words)

    assert (done.exit_code, done.stdout) == (0, "")
    assert "The sandbox is open at  http://127.0.0.1:" in done.stderr
    assert f"Drop a post into {tmp_path}" in done.stderr
    assert "Stopping." in done.stderr


async def test_the_sandbox_shows_the_shipped_digest(tmp_path: Path):
    """Within one process: the page answers, and the end comes in order."""
    stop = Stop(None)
    with listening() as ear:
        playing = asyncio.create_task(play(Community(), tmp_path, 0, stop, browser=False))
        await until(lambda: "delivery.sent" in ear.heard)
        stop.tell()
        await playing

    assert "bot.started" in ear.heard
    assert "bot.stopping" in ear.heard


@unix
def test_run_ends_well_when_it_is_told(tmp_path: Path):
    """SIGINT right after the start: exit 0, and nothing on stdout."""
    config = tmp_path / "bot.yaml"
    (tmp_path / "posts").mkdir()
    config.write_text("sources: [{id: weekly, path: posts}]\nchannels: [{id: C00WEEKLY}]\n")
    env = {"DIGESTBOT_CONFIG": str(config), "DIGESTBOT_DATA": str(tmp_path), "PORT": "0"}

    with sandbox_elsewhere() as slack, listening() as ear:
        ear.at["bot.started"] = signal.SIGINT
        done = digestbot("run", env=env | slack)

    assert (done.exit_code, done.stdout) == (0, "")
    assert "Stopping: what is under way is finished first." in done.stderr
    assert ear.heard[-1] == "bot.stopping"


async def test_the_running_bot_serves_until_it_is_told(tmp_path: Path):
    """Within one process: a post goes out, then the bot ends in order."""
    async with staged(tmp_path) as stage:
        stop = Stop(None)
        with listening() as ear:
            serving = asyncio.create_task(serve(stage.settings, stop))
            await until(lambda: "bot.started" in ear.heard)
            stage.write("weekly-2")
            await until(lambda: stage.titles(WEEKLY) == ["Weekly weekly-2"])
            stop.tell()
            await serving

    assert ear.heard.index("bot.started") < ear.heard.index("bot.stopping")
