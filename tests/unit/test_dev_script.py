"""The set-up script: it starts where only Python is, and says plainly what is missing."""

import ast
import importlib.util
import json
import os
import signal
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from coverage.files import GlobMatcher, prep_patterns

SCRIPT = Path(__file__).resolve().parents[2] / "deploy" / "dev.py"
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs POSIX programs")


def load_script():
    """Import the script from its file; importing does nothing else."""
    spec = importlib.util.spec_from_file_location("dev_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


dev = load_script()


@pytest.fixture
def project(tmp_path):
    """Make a small project folder whose name has a space, with lock files and nothing else."""
    root = tmp_path / "my project"
    (root / "deploy").mkdir(parents=True)
    (root / "pyproject.toml").write_text("[project]\n")
    (root / "deploy" / "requirements.txt").write_text("a==1 \\\nb==2 \\\n")
    (root / "deploy" / "requirements-dev.txt").write_text("a==1 \\\n")
    return root


def bare_venv(root):
    """Make a virtual environment without pip, which takes no time."""
    folder = root / ".venv"
    venv.create(folder, with_pip=False, symlinks=os.name == "posix")
    return str(folder)


def stamped(project, **changes):
    """Make a finished set-up; `changes` falsify its stamp."""
    folder = bare_venv(project)
    goal = dev.wanted(str(project), dev.RUNTIME)
    stamp = goal | {"python": dev.spoken(sys.version_info[:2])} | changes
    dev.write_stamp(folder, stamp)
    return folder, goal


def start(*words, **environ):
    """Run the script as a person does, from another folder, and answer what it did."""
    return subprocess.run(  # noqa: S603  # our own script
        [sys.executable, str(SCRIPT), *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(sys.executable).anchor,
        env=dict(os.environ) | environ,
        timeout=30,
    )


# ------------------------------------------------------------------ which Python


def test_old_pythons_can_read_the_script():
    """Python 3.6 has to parse it to be told in words that it is too old."""
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_the_script_needs_only_the_standard_library():
    """Nothing is installed when it runs first."""
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }

    assert names <= sys.stdlib_module_names
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def test_the_newest_python_that_starts_is_chosen():
    """A name on PATH may be a shim that starts nothing, or another version than it says."""
    paths = {
        "python3.14": "/shim",
        "python3.13": "/liar",
        "python3.12": "/good",
        "python3.11": "/older",
    }
    versions = {"/liar": (3, 9), "/good": (3, 12), "/older": (3, 11)}

    assert dev.newest_python(paths.get, versions.get) == "/good"
    assert dev.newest_python({}.get, versions.get) is None


def test_a_too_old_python_without_another_is_told_what_to_install(monkeypatch):
    """The words name the version there is, the one that is needed, and where to get it."""
    monkeypatch.setattr(dev, "OLDEST", (99, 0))
    monkeypatch.setenv("PATH", "")

    with pytest.raises(dev.SetupError, match=r"needs Python 3\.11") as missing:
        dev.require_python(["sandbox"])

    assert f"Python {dev.spoken(sys.version_info[:2])}" in str(missing.value)
    assert "apt install" in str(missing.value)


def test_a_program_that_is_no_python_has_no_version(tmp_path):
    """Neither a missing file nor a text is taken for an interpreter."""
    text = tmp_path / "python3.13"
    text.write_text("no program")
    text.chmod(0o755)

    assert dev.version_of(str(tmp_path / "missing")) is None
    assert dev.version_of(str(text)) is None
    assert dev.version_of(sys.executable) == sys.version_info[:2]


# ------------------------------------------------------------------ what is left to do


def test_nothing_is_left_to_do_after_a_finished_set_up(project):
    """The second run answers at once, with the interpreter of .venv."""
    folder, _ = stamped(project)

    assert dev.set_up(dev.RUNTIME, str(project)) == dev.venv_python(folder)


def test_a_set_up_for_developers_serves_users_too(project):
    """The development lock contains the runtime lock, not the other way round."""
    goal = dev.wanted(str(project), dev.DEVELOPMENT)
    folder, _ = stamped(project, locks=goal["locks"])
    stamp = dev.read_stamp(folder)

    assert dev.is_ready(stamp, dev.wanted(str(project), dev.RUNTIME), folder)
    assert dev.is_ready(stamp, goal, folder)
    dev.write_stamp(folder, stamp | {"locks": dev.wanted(str(project), dev.RUNTIME)["locks"]})
    assert not dev.is_ready(dev.read_stamp(folder), goal, folder)


@pytest.mark.parametrize("name", ["pyproject.toml", "deploy/requirements.txt"])
def test_a_change_of_what_is_installed_is_noticed(project, name):
    """Fetching a new version of the project sets up again, by itself."""
    folder, _ = stamped(project)
    (project / name).write_text("changed==1 \\\n")

    assert not dev.is_ready(
        dev.read_stamp(folder), dev.wanted(str(project), dev.RUNTIME), folder
    )


@pytest.mark.parametrize("content", ["", "{", "[]", "17", "{}"])
def test_a_stamp_that_was_not_finished_vouches_for_nothing(project, content):
    """A set-up that was interrupted is made anew: a half-written package can look whole."""
    folder, goal = stamped(project)
    (Path(folder) / dev.STAMP).write_text(content)
    stamp = dev.read_stamp(folder)

    assert not dev.is_ready(stamp, goal, folder)
    assert dev.fault_of(folder, stamp, goal) == "its set-up did not end"


def test_a_folder_that_was_moved_is_set_up_again(project):
    """Scripts in .venv hold absolute paths."""
    folder, goal = stamped(project, root="/elsewhere")

    assert (
        dev.fault_of(folder, dev.read_stamp(folder), goal) == "it was made for another folder"
    )


def test_a_python_that_was_replaced_below_it_is_noticed(project):
    """After an upgrade of the system, .venv starts a Python that does not see its packages."""
    folder, goal = stamped(project, python="3.2")

    assert not dev.is_ready(dev.read_stamp(folder), goal, folder)
    assert dev.fault_of(folder, dev.read_stamp(folder), goal).startswith("its Python is 3.")


@POSIX
def test_a_python_that_was_removed_below_it_is_noticed(project):
    """The link leads nowhere."""
    folder, goal = stamped(project)
    Path(dev.venv_python(folder)).unlink()
    Path(dev.venv_python(folder)).symlink_to("/nonexistent/python")

    assert not dev.is_ready(dev.read_stamp(folder), goal, folder)
    assert dev.fault_of(folder, dev.read_stamp(folder), goal) == "its Python does not start"


def test_no_environment_and_a_foreign_one_without_pip_are_made(project):
    """Others' tools make .venv too; without pip nothing can be added to it."""
    goal = dev.wanted(str(project), dev.RUNTIME)

    assert dev.fault_of(str(project / ".venv"), None, goal) == "there is none yet"
    folder = bare_venv(project)
    assert dev.fault_of(folder, dev.read_stamp(folder), goal) == "it has no pip"


def test_what_is_no_virtual_environment_is_never_removed(project):
    """A folder or file of that name with something in it belongs to somebody."""
    goal = dev.wanted(str(project), dev.RUNTIME)
    folder = project / ".venv"
    folder.write_text("mine")
    with pytest.raises(dev.SetupError, match="no folder"):
        dev.fault_of(str(folder), None, goal)

    folder.unlink()
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    with pytest.raises(dev.SetupError, match="no virtual environment"):
        dev.fault_of(str(folder), None, goal)


@POSIX
def test_a_link_is_cut_and_not_followed(tmp_path):
    """.venv may be a link into a folder that serves others."""
    target = tmp_path / "target"
    target.mkdir()
    (tmp_path / ".venv").symlink_to(target)

    dev.remove(str(tmp_path / ".venv"))

    assert target.is_dir()
    assert not (tmp_path / ".venv").is_symlink()


def test_the_stamp_is_written_whole(tmp_path):
    """What is read is what was written, and nothing stays beside it."""
    dev.write_stamp(str(tmp_path), {"root": "/x"})

    assert dev.read_stamp(str(tmp_path)) == {"root": "/x"}
    assert [path.name for path in tmp_path.iterdir()] == [dev.STAMP]
    assert dev.read_stamp(str(tmp_path / "nowhere")) is None


# ------------------------------------------------------------------ what is missing


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("NewConnectionError: [Errno -3] Temporary failure in name resolution", "network"),
        ("ReadTimeoutError: Read timed out.", "network"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "PIP_CERT"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "Do not go around",
        ),
        (
            "ERROR: No matching distribution found for comrak==0.0.16",
            "no build for this Python",
        ),
        ("PermissionError: [Errno 13] Permission denied: '/x'", "who owns"),
        ("something new", "last words"),
    ],
)
def test_a_failed_installation_ends_in_what_a_person_can_do(output, words):
    """Pip's own words stand above it."""
    assert words in dev.remedy(output)


@pytest.mark.parametrize(
    ("modules", "words"),
    [(set(), "no venv module"), ({"venv"}, "neither ensurepip nor pip")],
)
def test_a_python_without_its_parts_is_told_which_package_has_them(
    project, monkeypatch, modules, words
):
    """Debian parts Python into packages."""
    monkeypatch.setattr(dev, "has_module", modules.__contains__)

    with pytest.raises(dev.SetupError, match=words) as missing:
        dev.make_venv(str(project / ".venv"))

    assert "apt install python3-venv" in str(missing.value)
    assert not (project / ".venv").exists()


def test_a_step_that_fails_shows_what_the_program_said(capsys):
    """Not only that it failed."""
    program = [
        sys.executable,
        "-c",
        "import sys; print('No space left on device'); sys.exit(3)",
    ]

    with (
        pytest.raises(dev.SetupError, match="disk is full") as failed,
        dev.Step("trying") as step,
    ):
        dev.run_quietly(program, step, "Trying")

    assert "No space left on device" in str(failed.value)
    assert "trying: not done" in capsys.readouterr().err


@POSIX
def test_what_an_interrupted_step_has_started_ends_with_it(tmp_path):
    """A forgotten pip would go on writing while the next run makes .venv anew."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    grandchild = (
        f"import signal; held = open({str(pipe)!r}, 'w'); print(flush=True); signal.pause()"
    )
    child = f"import subprocess, sys; subprocess.call([sys.executable, '-c', {grandchild!r}])"

    with pytest.raises(KeyboardInterrupt):
        dev.run_quietly([sys.executable, "-c", child], Interrupting(), "Trying")

    os.set_blocking(reader, True)
    assert os.read(reader, 1) == b""  # answers once nobody holds the other end
    os.close(reader)


class Interrupting:
    """A step during which a person presses Ctrl-C."""

    def note(self, words):  # noqa: ARG002  # as dev.Step has it
        """Be shown the first line."""
        raise KeyboardInterrupt


def test_a_step_says_what_is_done_and_how_long_it_took(capsys):
    """Before and after, so that a long step is no silence."""
    with dev.Step("trying") as step:
        dev.run_quietly([sys.executable, "-c", "print('words')"], step, "Trying")

    before, after = capsys.readouterr().err.splitlines()
    assert before == "  trying ..."
    assert after.startswith("  trying: ")
    assert after.endswith(" s")


def test_pip_is_kept_inside_the_environment(monkeypatch):
    """A user's own pip settings must not install elsewhere."""
    for name in ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX"):
        monkeypatch.setenv(name, "/elsewhere")
    monkeypatch.setenv("PIP_USER", "1")

    env = dev.clean_environment()

    assert env["PIP_USER"] == "0"
    assert not {"PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX"} & set(env)


def test_a_lock_counts_its_packages(project):
    """The number that is shown while they are installed."""
    assert dev.packages_in(str(project / "deploy" / "requirements.txt")) == 2


# ------------------------------------------------------------------ as a person runs it


@pytest.mark.parametrize("words", [(), ("sandbix",), ("check", "more")])
def test_wrong_usage_shows_the_commands_and_ends_with_2(words):
    """Nothing is set up for a command that does not exist."""
    done = start(*words)

    assert done.returncode == 2
    assert "deploy/dev.py sandbox" in done.stderr
    assert "Setting up" not in done.stderr


def test_help_is_no_fault():
    """It ends with 0."""
    assert start("--help").returncode == 0


def test_the_verdict_names_what_failed(capsys):
    """The last line says whether all is fine; the exit code agrees."""
    assert dev.verdict(["mypy", "tests"], 0.0) == 1
    assert "mypy, tests" in capsys.readouterr().err
    assert dev.verdict([], 0.0) == 0
    assert "All fine" in capsys.readouterr().err


def test_a_check_speaks_only_if_it_fails(capsys):
    """Silence is the sign of health; a failing check shows all it said."""
    fine = [sys.executable, "-c", "print('chatter')"]
    broken = [sys.executable, "-c", "print('reason'); raise SystemExit(1)"]

    assert dev.failures([("fine", fine), ("broken", broken)]) == ["broken"]

    shown = capsys.readouterr()
    assert shown.out == "reason\n"
    assert "ok       fine" in shown.err
    assert "FAILED   broken" in shown.err


@POSIX
def test_the_bot_gets_the_signals_itself():
    """The script becomes the bot: its process id is the bot's, so SIGTERM stops it in order."""
    code = (
        "import importlib.util as u, sys;"
        f"s = u.spec_from_file_location('dev', {str(SCRIPT)!r});"
        "d = u.module_from_spec(s); s.loader.exec_module(d);"
        "d.hand_over([sys.executable, '-c', 'import os, signal;"
        "signal.signal(signal.SIGTERM, lambda *_: os._exit(7));"
        "print(os.getpid(), flush=True); signal.pause()'])"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603  # as above
        assert process.stdout is not None
        assert int(process.stdout.readline()) == process.pid
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=20) == 7


def test_the_stamp_is_json_that_names_what_it_vouches_for(project):
    """A person can read why a set-up was skipped."""
    folder, goal = stamped(project)

    assert (
        json.loads((Path(folder) / dev.STAMP).read_text())["root"]
        == goal["root"]
        == str(project)
    )


def test_the_gate_sees_modules_and_packages_at_every_depth(tmp_path):
    """A pattern that misses a file would let its uncovered branches through."""
    (_, command), _ = dev.gates("python")
    patterns = next(word for word in command if word.startswith("--include="))[10:].split(",")
    seen = GlobMatcher(prep_patterns(str(tmp_path / pattern) for pattern in patterns))

    for name in (
        "formatters/html.py",
        "formatters/slack/split.py",
        "bot/plan/posts.py",
        "bot/publish.py",
        "bot/answer/deeper/verbs.py",
    ):
        assert seen.match(str(tmp_path / name)), name
    assert not seen.match(str(tmp_path / "bot/planet.py"))
