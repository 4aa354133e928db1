"""The face of the command line: verbs, help, options, and what goes to which stream."""

import os
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
import yaml

from bot.cli.missing import remedy
from bot.cli.sandbox import LANTERNFISH, Community, free_port, on_a_desktop, sources_of
from bot.cli.setup import https_address
from bot.cli.verbs import VERBS
from bot.cli.verbs import digestbot as group
from bot.cli.words import Failed, Misused, progress
from tests.needs import ROOT
from tests.shell import digestbot


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_of_the_table_is_there_and_says_what_it_does(verb: str):
    """Its module loads, and its own help begins as its line in the table does."""
    module, line = VERBS[verb]
    command = getattr(import_module(f"bot.cli.{module}"), verb)

    shown = digestbot(verb, "--help")

    assert isinstance(command, click.Command)
    assert shown.exit_code == 0
    assert " ".join((command.help or "").split()).startswith(line.rstrip("."))
    assert shown.stdout.startswith(f"Usage: digestbot {verb}")
    assert shown.stderr == ""


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_says_what_it_is_for(verb: str):
    """No option stands in a help without words."""
    command = getattr(import_module(f"bot.cli.{VERBS[verb][0]}"), verb)

    options = [one for one in command.params if isinstance(one, click.Option)]

    assert all(option.help for option in options)


def test_the_help_lists_all_verbs_and_loads_none_of_their_libraries():
    """Help is there at once: neither Slack's library nor a database's is loaded for it."""
    code = (
        "import sys\n"
        "from bot.cli.verbs import digestbot\n"
        "digestbot(['--help'], standalone_mode=False)\n"
        "assert not {'slack_bolt', 'sqlalchemy', 'pydantic'} & sys.modules.keys()\n"
    )
    shown = digestbot("--help")
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", code], check=False, cwd=ROOT, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert (shown.exit_code, shown.stderr) == (0, "")
    for verb, (_, line) in VERBS.items():
        assert f"  {verb} " in shown.stdout
        assert line.split()[0] in shown.stdout


def test_a_misspelt_verb_is_answered_with_the_nearest_one():
    """`rendr` is wrong usage, and `render` is what was meant."""
    done = digestbot("rendr", "posts")

    assert done.exit_code == 2
    assert "No verb 'rendr'; did you mean 'render'?" in done.stderr
    assert done.stdout == ""


def test_a_word_like_no_verb_is_answered_with_all_verbs():
    """Where nothing is near, everything is named."""
    done = digestbot("xyzzy")

    assert done.exit_code == 2
    assert all(verb in done.stderr for verb in VERBS)


def test_an_unknown_option_in_front_is_wrong_usage():
    """It is told as an option, not as a verb."""
    done = digestbot("--sandbox")

    assert done.exit_code == 2
    assert "No such option" in done.stderr


def test_an_unknown_verb_has_no_command():
    """Shells that complete words ask for commands without running them."""
    with click.Context(group) as ctx:
        assert group.get_command(ctx, "nothing") is None
        assert group.list_commands(ctx) == list(VERBS)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["events", ".", "--zone", "Nowhere/Town"], "'Nowhere/Town' is no time zone"),
        (["events", ".", "--zone", ""], "is no time zone"),
        (["events", ".", "--zone", "../../etc/passwd"], "is no time zone"),
        (["events", ".", "--zone", "Asia/Shangha"], "did you mean 'Asia/Shanghai'?"),
        (["render", ".", "--out", "never-made", "--zone", "Berlin"], "is no time zone"),
        (
            ["render", ".", "--out", "never-made", "--site", "site.example"],
            "must be an address",
        ),
        (["render", ".", "--out", "never-made", "--site", "http://[bad"], "'--site'"),
        (["render", "no/such/folder", "--out", "never-made"], "does not exist"),
        (["render", ".", "--out", "never-made", "--style", "poster"], "'--style'"),
        (["render", "."], "Missing option '--out'"),
        (["preview", "README.md", "--zone", "Nowhere"], "is no time zone"),
        (["preview", "."], "is a directory"),
        (["sandbox", "--zone", "Asia/Tokyo"], "add --posts"),
        (["sandbox", "--site", "https://site.example"], "add --posts"),
        (["sandbox", "--meetups", "."], "add --posts"),
        (["sandbox", "--posts", ".", "--zone", "Nowhere"], "is no time zone"),
        (["sandbox", "--posts", ".", "--site", "nowhere"], "must be an address"),
        (["sandbox", "--port", "70000"], "'--port'"),
        (["manifest", "--url", "http://bot.example"], "must begin with https://"),
        (["manifest", "--url", "https://"], "must be an address"),
    ],
    ids=" ".join,
)
def test_a_wrong_value_is_wrong_usage_in_words(words, told, monkeypatch):
    """Exit 2, the option and the way out on stderr, nothing on stdout, nothing made."""
    monkeypatch.chdir(ROOT)

    done = digestbot(*words)

    assert done.exit_code == 2
    assert told in done.stderr
    assert done.stdout == ""
    assert isinstance(done.exception, SystemExit)
    assert not (ROOT / "never-made").exists()


@pytest.mark.parametrize("verb", ["run", "once", "check"])
def test_missing_settings_are_told_all_at_once(verb, tmp_path):
    """Without any settings, each thing that is missing has a line, and nothing is made."""
    done = digestbot(verb, env={"DIGESTBOT_DATA": str(tmp_path / "data")})

    assert done.exit_code == 2
    assert done.stderr.count("\n- ") == 5
    assert "SLACK_BOT_TOKEN" in done.stderr
    assert "'sources'" in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("verb", ["run", "check"])
def test_without_a_settings_file_its_variable_is_named(verb, tmp_path):
    """Where there is one, it is not spoken of."""
    file = tmp_path / "bot.yaml"
    file.write_text("command: /digest\n", "utf-8")
    where = {"DIGESTBOT_DATA": str(tmp_path / "data")}

    without = digestbot(verb, env=where)
    with_one = digestbot(verb, env=where | {"DIGESTBOT_CONFIG": str(file)})

    assert "DIGESTBOT_CONFIG" in without.stderr
    assert "config/digestbot.example.yaml" in without.stderr
    assert "DIGESTBOT_CONFIG" not in with_one.stderr
    assert without.exit_code == with_one.exit_code == 2


def test_a_plan_without_sources_says_so(tmp_path):
    """Nothing on both streams would look as if nothing were wrong."""
    done = digestbot("plan", env={"DIGESTBOT_DATA": str(tmp_path / "data")})
    assert (done.exit_code, done.stdout) == (0, "")
    assert "no source" in done.stderr


@pytest.mark.parametrize(
    "verb", ["run", "once", "check", "migrate", "manifest", "plan", "status"]
)
def test_wrong_settings_are_told_with_file_and_line(verb, tmp_path):
    """Every fault of the file stands on stderr, with its line; exit 2."""
    file = tmp_path / "bot.yaml"
    file.write_text("site:\n  timezone: Nowhere\nchanels: []\n", "utf-8")

    done = digestbot(verb, env={"DIGESTBOT_CONFIG": str(file)})

    assert done.exit_code == 2
    assert f"{file}:2: site.timezone" in done.stderr
    assert f"{file}:3: chanels" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("verb", ["run", "check", "plan"])
def test_wrong_templates_are_told_with_file_and_line(verb, tmp_path):
    """Before anything starts, as faults of the settings are; exit 2."""
    file = tmp_path / "bot.yaml"
    file.write_text("templates: words\n", "utf-8")
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "header.md").write_text("Hello\n\n{{ titel }}\n", "utf-8")
    (tmp_path / "words" / "words.yaml").write_text("card:\n  reed: Open\n", "utf-8")

    done = digestbot(verb, env={"DIGESTBOT_CONFIG": str(file)})

    assert done.exit_code == 2
    assert "words/header.md:3: there is no 'titel'; did you mean 'title'?" in done.stderr
    assert "words/words.yaml:2: card.reed: is no sentence of a digest" in done.stderr


def test_the_manifest_is_for_socket_mode_unless_there_is_an_address():
    """Without --url nothing has to be reachable; with it Slack is told where to call."""
    dials = digestbot("manifest")
    called = digestbot("manifest", "--url", "https://bot.example/")

    quiet, told = yaml.safe_load(dials.stdout), yaml.safe_load(called.stdout)
    assert (dials.exit_code, dials.stderr, called.stderr) == (0, "", "")
    assert quiet["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in dials.stdout
    assert told["settings"]["socket_mode_enabled"] is False
    assert told["features"]["slash_commands"][0]["url"] == "https://bot.example/slack/events"


def test_the_manifest_for_many_lets_people_come_back_and_tells_of_leaving(tmp_path):
    """Slack sends nobody back to an address that is not written there."""
    file = tmp_path / "bot.yaml"
    file.write_text("address: https://bot.example\n", "utf-8")

    done = digestbot("manifest", "--many", env={"DIGESTBOT_CONFIG": str(file)})
    refused = digestbot("manifest", "--many")

    told = yaml.safe_load(done.stdout)
    assert told["oauth_config"]["redirect_urls"] == ["https://bot.example/slack/oauth_redirect"]
    assert {"app_uninstalled", "tokens_revoked"} <= set(
        told["settings"]["event_subscriptions"]["bot_events"]
    )
    assert (refused.exit_code, "--url" in refused.stderr) == (2, True)


def test_the_manifest_has_the_command_of_the_settings(tmp_path):
    """A community that named its command otherwise gets the manifest for that one."""
    file = tmp_path / "bot.yaml"
    file.write_text("command: /weekly\nsite: {name: 灯笼鱼}\n", "utf-8")

    done = digestbot("manifest", env={"DIGESTBOT_CONFIG": str(file)})

    assert yaml.safe_load(done.stdout)["features"]["slash_commands"][0]["command"] == "/weekly"
    assert "灯笼鱼" in done.stdout


def test_an_address_for_slack_is_https_or_absent():
    """Slack calls https only; no address at all means Socket Mode."""
    assert https_address("") == ""
    assert https_address("https://bot.example/") == "https://bot.example"
    with pytest.raises(ValueError, match="https"):
        https_address("http://bot.example")


def test_the_version_is_told():
    """`--version` names the program's version and ends well."""
    done = digestbot("--version")

    assert done.exit_code == 0
    assert done.stdout.strip()


def test_exit_codes_are_those_of_the_manual():
    """1: the job failed; 2: wrong usage or settings."""
    assert (Failed.exit_code, Misused.exit_code) == (1, 2)


def test_progress_is_silent_in_a_pipe(capsys):
    """Logs of a job have no bars in them."""
    assert list(progress([1, 2, 3], "Counting")) == [1, 2, 3]
    assert capsys.readouterr().err == ""


def test_progress_shows_on_a_terminal(monkeypatch):
    """Somebody who watches sees how far it is; the items are the same."""
    shown: list[str] = []

    class Terminal:
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> int:
            shown.append(text)
            return len(text)

        def flush(self) -> None:
            pass

    monkeypatch.setattr(sys, "stderr", Terminal())

    assert list(progress([1, 2, 3], "Counting")) == [1, 2, 3]
    assert "Counting" in "".join(shown)


def test_a_taken_port_is_told_and_another_is_taken(capsys):
    """Two sandboxes on one machine: the second one says that its page is elsewhere."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert free_port(port) == 0
    assert f"Port {port} cannot be had" in capsys.readouterr().err


def test_a_free_port_is_taken_as_wished(capsys):
    """Nothing is said about a port that can be had."""
    with socket.create_server(("127.0.0.1", 0)) as trial:
        port = trial.getsockname()[1]

    assert free_port(port) == port
    assert free_port(0) == 0
    assert capsys.readouterr().err == ""


def test_no_page_opens_by_itself_in_a_pipe(monkeypatch):
    """Only somebody at a desktop's terminal sees a browser open unasked."""
    monkeypatch.setenv("DISPLAY", ":0")

    assert on_a_desktop() is False


def test_posts_of_somebody_come_without_our_meetups(tmp_path):
    """Who tries their own posts sees no invented meetups beside them."""
    own = Community(tmp_path, None, LANTERNFISH)

    assert [source.id for source in sources_of(own)] == ["weekly"]
    assert [source.id for source in sources_of(Community())] == ["weekly", "meetups"]
    assert "meetups" not in own.folders


@pytest.mark.parametrize(
    ("posts", "meetups", "addresses"),
    [
        ("content/blog", "content/activities", ("blog", "activities")),
        ("a/2026", "b/2026", ("posts", "meetups")),
        ("{odd} name", "api", ("posts", "meetups")),
    ],
    ids=["as their folders", "of one name", "odd names"],
)
def test_posts_of_ones_own_have_addresses_like_their_folders(
    tmp_path, posts, meetups, addresses
):
    """content/blog is /blog/, as on most sites; names that cannot be addresses make way."""
    community = Community(tmp_path / posts, tmp_path / meetups)

    assert tuple(community.folders)[:2] == addresses[::-1]
    assert [source.permalink for source in sources_of(community)] == [
        f"/{address}/{{path}}/" for address in addresses
    ]


# ------------------------------------------------------------------ a package is missing


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """The packages of this Python without a few, as after an update that needs more."""
    there = Path(click.__file__).parents[1]
    for package in there.iterdir():
        (tmp_path / package.name).symlink_to(package)
    return tmp_path


def started(packages: Path, *words: str, at: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the program as its script in .venv does, with these packages alone."""
    code = "from bot.cli import main; main()"
    return subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-S", "-c", code, *words],
        check=False,
        cwd=packages,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": f"{at}{os.pathsep}{packages}", "PATH": os.environ["PATH"]},
    )


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize(
    ("package", "words"),
    [
        ("click", ["--help"]),
        ("typing_extensions.py", ["status"]),
        ("pydantic", ["check"]),
        ("slack_sdk", ["run"]),
        ("aiosqlite", ["migrate"]),  # a driver: loaded by its name, while it works
    ],
)
def test_a_package_that_is_missing_is_named_with_the_command_that_brings_it(
    bare: Path, package: str, words: list[str]
):
    """One sentence, exit 2: no traceback. The set-up of a checkout does what was asked for then."""
    (bare / package).unlink()

    done = started(bare, *words)

    name = package.removesuffix(".py")
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert f"'{name}'" in line
    assert f"python3 {ROOT}/deploy/dev.py run {words[0]}" in line


def test_outside_of_a_checkout_pip_brings_it(tmp_path: Path):
    """There is no set-up beside the code."""
    assert remedy(ModuleNotFoundError(name="click"), ["status"], tmp_path) == (
        "this version needs the package 'click', which is not installed:"
        " run `pip install -U digestbot`"
    )


def test_a_package_that_is_too_old_is_named_and_a_fault_of_ours_is_none():
    """What we did wrong ourselves needs its traceback."""
    words = remedy(ImportError("cannot import name 'x'", name="httpx._client"), [])
    assert words is not None
    assert "'httpx', of which another version is installed" in words
    assert remedy(ModuleNotFoundError(name="bot.nothing"), []) is None
    assert remedy(ImportError("somewhere"), []) is None
