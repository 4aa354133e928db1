"""The running process: what Slack, a person and an operator meet."""

import asyncio
import hashlib
import hmac
import os
import re
import signal
import sys
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot import app
from bot.model.deliveries import DeliveryState
from bot.sandbox.faults import Rule
from bot.sandbox.shapes import obj, objs
from tests.needs import ROOT
from tests.stage import ADA, LIN, MEI, WEEKLY, ZH, Stage, staged, until

BODY = "command=%2Fdigest&text=help&user_id=U00000ADA&channel_id=C00WEEKLY&team_id=T0LANTERN"


def signed(secret: str, at: datetime) -> dict[str, str]:
    """Headers of a slash command that Slack sent at a moment."""
    stamp = str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), f"v0:{stamp}:{BODY}".encode(), hashlib.sha256)
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={mac.hexdigest()}",
        "Content-Type": "application/x-www-form-urlencoded",
    }


@pytest.mark.parametrize(
    ("secret", "age", "status"),
    [("", timedelta(), 200), ("", timedelta(minutes=6), 401), ("another", timedelta(), 401)],
    ids=["genuine", "old", "forged"],
)
async def test_only_fresh_requests_signed_by_slack_are_taken(tmp_path, secret, age, status):
    """A wrong signature, or one older than five minutes, is answered 401 and nothing else."""
    async with staged(tmp_path) as stage, stage.serving() as bot, httpx.AsyncClient() as client:
        at = datetime.now(UTC) - age
        answer = await client.post(
            f"http://127.0.0.1:{bot.port}/slack/events",
            content=BODY,
            headers=signed(secret or stage.slack.signing_secret, at),
        )

    assert answer.status_code == status


async def test_a_command_is_answered_in_time_while_deliveries_hang(stage: Stage):
    """Every delivery is held up for longer than Slack waits for a command; the command is not."""
    stage.slack.faults.add(Rule("delay", method="chat.postMessage", delay_ms=4000))
    async with stage.serving() as bot:
        stage.write("weekly-1")
        async with asyncio.timeout(10):
            while not (await bot.archive.desk.counts()).get(DeliveryState.SENDING):
                await asyncio.sleep(0.02)
        ack = await stage.slack.control.slash(ADA, WEEKLY, "/digest latest")
        await until(lambda: bool(stage.told(ADA)))
        hanging = (await bot.archive.desk.counts()).get(DeliveryState.SENDING)

    assert ack.code == ""
    assert hanging
    assert "Weekly weekly-1" in str(stage.told(ADA)[0]["text"])


async def test_socket_mode_answers_without_an_address(tmp_path):
    """With an app token the bot dials out; nothing has to reach it."""
    async with staged(tmp_path, socket=True) as stage:
        stage.write("weekly-1")
        async with stage.bot() as first:
            await stage.round(first)
        async with app.serving(stage.settings, clock=stage.clock):
            ack = await stage.slack.control.slash(LIN, WEEKLY, "/digest 最新")
            await until(lambda: bool(stage.told(LIN)))

    assert ack.code == ""
    assert "Weekly weekly-1" in str(stage.told(LIN)[0])


async def test_a_confirmed_repost_goes_out_once_however_often_it_is_clicked(stage: Stage):
    """A maintainer asks, sees the question, clicks twice: the channel gets one card."""
    stage.write("weekly-1")
    async with stage.serving():
        await stage.slack.control.slash(MEI, WEEKLY, "/digest repost weekly-1 #zh")
        await until(lambda: len(stage.told(MEI)) == 2)  # the card, then the question
        question = stage.told(MEI)[-1]
        yes = next(
            string
            for block in objs(question["blocks"])
            if obj(block)["type"] == "actions"
            for element in objs(obj(block)["elements"])
            if "confirm" in (string := str(obj(element)["action_id"]))
        )
        ts = str(question["ts"])
        await asyncio.gather(
            stage.slack.control.click(MEI, WEEKLY, ts, yes),
            stage.slack.control.click(MEI, WEEKLY, ts, yes),
        )
        await until(lambda: bool(stage.titles(ZH)))
        await asyncio.sleep(0.3)

    assert stage.titles(ZH) == ["Weekly weekly-1"]


async def test_health_readiness_and_figures_are_served(tmp_path):
    """An operator's probes: alive, ready, and counts of deliveries by state."""
    async with staged(tmp_path) as stage, stage.serving() as bot, httpx.AsyncClient() as client:
        at = f"http://127.0.0.1:{bot.port}"
        health, ready, figures, calendar, nothing = [
            await client.get(f"{at}/{page}")
            for page in ("healthz", "readyz", "metrics", "calendar.ics", "nowhere")
        ]

    assert (health.status_code, ready.status_code, nothing.status_code) == (200, 200, 404)
    assert calendar.text.startswith("BEGIN:VCALENDAR")
    assert 'digestbot_deliveries{state="sent"} 0.0' in figures.text
    assert 'digestbot_source_failures{source="weekly"} 0.0' in figures.text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
async def test_the_sandbox_delivers_and_stops_in_order(tmp_path):
    """`digestbot sandbox`: the shipped digest is in the channel; SIGTERM ends it with exit 0."""
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith("SLACK_")
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "sandbox", "--no-browser", "--port", "0",
        cwd=ROOT, env=environ, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    said = b""
    async with asyncio.timeout(30):
        while b"Ctrl-C" not in said or b"part=1" not in said:
            line = await process.stderr.readline()
            assert line, said.decode()
            said += line
    found = re.search(rb"http://127\.0\.0\.1:\d+", said)
    assert found is not None
    async with httpx.AsyncClient() as client:
        page = await client.get(found[0].decode())
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(20):
        _, rest = await process.communicate()

    assert page.status_code == 200
    assert process.returncode == 0
    assert b"bot.stopping" in rest
    assert b"Traceback" not in said + rest
