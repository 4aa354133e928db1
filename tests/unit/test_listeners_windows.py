"""Windows: opened with the trigger of a click, changed where they stand, sent and answered."""

import json
from dataclasses import replace

import pytest

from bot.model.ids import HOME, UserId
from formatters.slack.limits import faults
from tests.answer_fakes import agenda_of
from tests.slack_wire import says
from tests.unit.test_answer_scheduling import SENT
from tests.unit.test_listeners import Bench, bench, interaction

__all__ = ["bench"]  # the fixture


@pytest.fixture(autouse=True)
def _windows(bench: Bench) -> None:
    for method in ("views.open", "views.update"):
        bench.slack.will(method, says(ok=True))


def view_in(bench: Bench, method: str) -> dict[str, object]:
    """The view of the only call of a method."""
    (call,) = bench.slack.calls(method)
    view = call["view"]
    assert isinstance(view, dict)
    assert faults(view["blocks"], surface="modal") == ()
    return view


async def send(bench: Bench, user: str, callback: str = "digest.meetup_save", **fields: str):
    """Send a form; answers what Slack hears."""
    values = {name: {name: {"value": value}} for name, value in fields.items()}
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": callback,
        "private_metadata": "night-dive",
        "state": {"values": values},
    }
    body = interaction(type="view_submission", user={"id": user}, team={"id": "T1"}, view=view)
    response = await bench.hears(body)
    assert response.status == 200
    return json.loads(response.body) if response.body else {}


async def test_a_typed_command_opens_a_window(bench):
    """With its trigger, and no word in the channel."""
    await bench.command("meetup edit night", user="UNOOR")
    view = view_in(bench, "views.open")
    assert bench.slack.calls("views.open")[0]["trigger_id"] == "t.1"
    assert (view["callback_id"], view["private_metadata"]) == (
        "digest.meetup_save",
        "night-dive",
    )
    assert view["submit"]
    assert bench.answers() == []


async def test_a_window_that_slack_does_not_open_any_more_is_a_message(bench):
    """The trigger lives for three seconds."""
    bench.slack.will_only("views.open", says(ok=False, error="expired_trigger_id"))
    await bench.click("digest.meetup_details.x", "night-dive", trigger_id="t.2")
    (answer,) = bench.answers()
    assert "Night dive" in str(answer["text"])


async def test_a_click_in_a_window_changes_that_window(bench):
    """Nothing is opened above it."""
    view = {"type": "modal", "id": "V7"}
    await bench.click("digest.remind_on.x", "night-dive\nmodal", view=view, trigger_id="t.3")
    assert "digest.remind_off" in str(view_in(bench, "views.update"))
    assert bench.slack.calls("views.update")[0]["view_id"] == "V7"
    assert agenda_of(bench.tools).who.keys() == {("UADA", "night-dive")}


async def test_a_click_at_home_shows_home_with_what_has_changed(bench):
    """And details open above it."""
    home = {"type": "home", "id": "VH"}
    await bench.click("digest.remind_on.x", "night-dive\nhome", view=home, response_url="")
    (published,) = bench.slack.calls("views.publish")
    assert "digest.remind_off" in str(published["view"])
    await bench.click(
        "digest.meetup_details.x", "night-dive\nhome", view=home, trigger_id="t.4"
    )
    assert view_in(bench, "views.open")
    assert len(bench.slack.calls("views.publish")) == 1


async def test_home_stays_where_a_window_cannot_be_opened(bench):
    """There is no place for a message at home."""
    bench.slack.will_only("views.open", says(ok=False, error="expired_trigger_id"))
    await bench.click("digest.meetup_details.x", "night-dive\nhome", view={"type": "home"})
    (published,) = bench.slack.calls("views.publish")
    assert "Night dive" in str(published["view"])


async def test_a_window_that_was_closed_meanwhile_is_no_trouble(bench):
    """There is nowhere to answer to."""
    bench.slack.will_only("views.update", says(ok=False, error="not_found"))
    view = {"type": "modal", "id": "V7"}
    await bench.click("digest.remind_on.x", "night-dive\nmodal", view=view, response_url="")
    assert bench.answers() == []


async def test_what_is_wrong_in_a_form_is_said_field_by_field(bench):
    """In the acknowledgement: the window stays open."""
    said = await send(bench, "UNOOR", **SENT | {"zone": "Atlantis", "title": ""})
    assert said["response_action"] == "errors"
    assert set(said["errors"]) == {"zone", "title"}


async def test_a_form_that_is_right_shows_what_it_made(bench):
    """In its own window."""
    said = await send(bench, "UNOOR", **SENT | {"place": "Suzhou"})
    assert said["response_action"] == "update"
    assert "Suzhou" in str(said["view"])
    assert agenda_of(bench.tools).known[0].meetup.place == "Suzhou"


async def test_a_form_of_a_member_is_refused_in_its_window(bench):
    """Not silently."""
    said = await send(bench, "UADA", **SENT)
    assert said["response_action"] == "update"
    assert "maintainers" in str(said["view"])
    assert agenda_of(bench.tools).said == {}


async def test_a_form_that_fails_says_sorry_in_its_window(bench):
    """With the reference that is in the log."""

    async def fails() -> None:
        raise RuntimeError("disk on fire")

    bench.tools = replace(bench.tools, regather=fails)
    bench.start()
    said = await send(bench, "UNOOR", **SENT)
    assert "reference" in str(said["view"])


async def test_a_window_of_nobody_is_closed(bench):
    """It is none of ours."""
    assert await send(bench, "UNOOR", callback="other") == {}


async def test_who_is_interested_is_of_this_workspace(bench):
    """The bot works in one."""
    await bench.click("digest.remind_on.x", "night-dive\nweek")
    (interest,) = await bench.tools.agenda.interests(["night-dive"])
    assert (interest.workspace, interest.user) == (HOME, UserId("UADA"))
    assert "digest.remind_off" in str(bench.answers())
