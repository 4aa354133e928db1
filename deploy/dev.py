#!/usr/bin/env python3
"""Set the project up in a folder of its own, and run it.

    python3 deploy/dev.py sandbox [...]   the whole bot against a local Slack
    python3 deploy/dev.py run [VERB ...]  the bot, for real, or another verb of its command line
    python3 deploy/dev.py test [...]      all checks and all tests (or pytest with these words)
    python3 deploy/dev.py check           the checks alone
    python3 deploy/dev.py fix             what can be mended by machine
    python3 deploy/dev.py lock            pin the dependencies anew

Needs nothing but Python's standard library. This file also has to parse on Pythons that are too
old for the project (3.6 at least), to say so in words: no newer syntax here.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time

OLDEST = (3, 11)
NEWER = ("3.14", "3.13", "3.12", "3.11")
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STAMP = ".digestbot-setup"
RUNTIME = "deploy/requirements.txt"
DEVELOPMENT = "deploy/requirements-dev.txt"

# The parts of the bot that decide: every branch of them is covered by tests.
WHOLE = ("plan", "publish", "answer")

# What pip says, and what a person can do about it. First match wins.
REMEDIES = (
    (
        ("No space left on device", "Errno 28", "Disk quota exceeded"),
        "The disk is full. Free about 600 MB and run the same command again.",
    ),
    (
        ("DO NOT MATCH THE HASHES", "Hashes are required in --require-hashes"),
        "A package is not the one that was locked. Do not go around this: fetch the project anew, and if "
        "it stays, report it.",
    ),
    (
        ("CERTIFICATE_VERIFY_FAILED", "SSLCertVerificationError", "certificate verify failed"),
        "The package index could not be verified. Behind a company proxy, name its certificate: "
        "PIP_CERT=/path/to/ca.pem.",
    ),
    (
        (
            "Temporary failure in name resolution",
            "Name or service not known",
            "Failed to resolve",
            "nodename nor servname",
            "getaddrinfo failed",
            "NewConnectionError",
            "Network is unreachable",
            "Connection refused",
            "ConnectTimeout",
            "Read timed out",
            "ReadTimeout",
            "ProxyError",
            "Connection reset",
            "RemoteDisconnected",
            "No route to host",
        ),
        "The package index cannot be reached. Check the network (or the proxy: HTTPS_PROXY, "
        "PIP_INDEX_URL) and run the same command again.",
    ),
    (
        ("No matching distribution found", "Could not find a version"),
        "The package index has no build for this Python or machine. Try Python 3.11 to 3.14 on Linux, "
        "macOS or Windows, or another index (PIP_INDEX_URL).",
    ),
    (
        ("Permission denied", "Errno 13", "Access is denied"),
        "A file cannot be written. Check who owns the project's folder, .venv above all.",
    ),
)


class SetupError(Exception):
    """Something is missing that a person has to provide. The message says what."""


def say(text):
    """Tell the person, at once; stdout stays free for the command's own data."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


# ------------------------------------------------------------------ which Python


def version_of(python):
    """Ask an interpreter for its version: (3, 12), or None if it does not start."""
    code = "import sys; print('%d %d' % sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [python, "-I", "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )
        major, minor = answer.stdout.decode().split()
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return int(major), int(minor)


def newest_python(which=None, version=version_of):
    """Find the newest Python on PATH that is new enough and really starts; None if there is none."""
    which = which or getattr(shutil, "which", lambda name: None)
    for name in NEWER:
        path = which("python" + name)
        if path and version(path) == tuple(int(part) for part in name.split(".")):
            return path
    return None


def require_python(argv):
    """Go on with a newer Python if this one is too old, or say that none was found."""
    if sys.version_info >= OLDEST:
        return
    mine = "%d.%d" % sys.version_info[:2]
    other = newest_python()
    if other is None:
        raise SetupError(
            "This is Python %s, and digestbot needs Python 3.11 or newer; none was found on "
            "PATH.\nDebian, Ubuntu: apt install python3.11 python3.11-venv (or newer)\n"
            "macOS: brew install python@3.13\nAnywhere: https://www.python.org/downloads/"
            % mine
        )
    say("This is Python %s; going on with %s." % (mine, other))
    hand_over([other, os.path.abspath(__file__)] + argv)


def base_python():
    """The Python outside any virtual environment, so that .venv never depends on itself."""
    if sys.prefix == sys.base_prefix:
        return sys.executable
    return getattr(sys, "_base_executable", None) or sys.executable


# ------------------------------------------------------------------ running things


def hand_over(command, env=None):
    """Become another program: signals and the exit code are its own from here on."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(command[0], command, os.environ.copy() if env is None else env)
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # the console sends Ctrl-C to the child as well
    sys.exit(subprocess.call(command, env=env))


def clean_environment():
    """The environment without what leads pip or Python out of .venv."""
    env = dict(os.environ)
    for name in (
        "PYTHONHOME",
        "PYTHONPATH",
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_ROOT",
        "PIP_REQUIRE_VIRTUALENV",
        "__PYVENV_LAUNCHER__",
    ):
        env.pop(name, None)
    env.update(PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")
    return env


class Step:
    """One line of what is done, closed with the seconds it took."""

    def __init__(self, text):
        self.text = text
        self.live = sys.stderr.isatty()

    def __enter__(self):
        self.began = time.time()
        sys.stderr.write("  %s ...%s" % (self.text, "" if self.live else "\n"))
        sys.stderr.flush()
        return self

    def note(self, words):
        """Show what is going on, on a terminal only."""
        if self.live:
            room = shutil.get_terminal_size().columns - len(self.text) - 8
            sys.stderr.write("\r\033[K  %s ... %s" % (self.text, words[: max(room, 0)]))
            sys.stderr.flush()

    def __exit__(self, kind, error, trace):
        word = "%.1f s" % (time.time() - self.began) if kind is None else "not done"
        sys.stderr.write("%s  %s: %s\n" % ("\r\033[K" if self.live else "", self.text, word))
        sys.stderr.flush()


def run_quietly(command, step, explain):
    """Run a program of the set-up. Its words are shown only if it fails, with a way out."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # venv and pip start others, which have to end with them
    )
    lines = []
    try:
        for raw in process.stdout:
            line = raw.decode("utf-8", "replace").rstrip()
            lines.append(line)
            step.note(line.strip())
    finally:
        code = ended(process, group=True)
    if code:
        raise SetupError(
            "\n".join(lines[-15:] + ["", explain + " failed. " + remedy("\n".join(lines))])
        )


def ended(process, group=False):
    """Wait for a program whose output was read; stop it if we were interrupted while reading."""
    if sys.exc_info()[0] is not None:
        if group and os.name == "posix":
            os.killpg(process.pid, signal.SIGTERM)
        else:
            process.terminate()
    process.stdout.close()
    return process.wait()


def remedy(output):
    """Say what a person can do about what a program said."""
    for signs, words in REMEDIES:
        if any(sign in output for sign in signs):
            return words
    return "Its last words stand above."


# ------------------------------------------------------------------ the virtual environment


def venv_python(venv):
    """The interpreter of a virtual environment."""
    if os.name == "nt":
        return os.path.join(venv, "Scripts", "python.exe")
    return os.path.join(venv, "bin", "python")


def digest(path):
    """Hash of a file's content."""
    with open(path, "rb") as stream:
        return hashlib.sha256(stream.read()).hexdigest()


def wanted(root, lock):
    """What the stamp says once everything for a lock file is in place."""
    locks = [RUNTIME] if lock == RUNTIME else [RUNTIME, DEVELOPMENT]
    return {
        "root": root,
        "project": digest(os.path.join(root, "pyproject.toml")),
        "locks": dict((name, digest(os.path.join(root, *name.split("/")))) for name in locks),
    }


def read_stamp(venv):
    """What the last set-up wrote; {} if it did not end; None if this is no set-up of ours."""
    try:
        with open(os.path.join(venv, STAMP), encoding="utf-8") as stream:
            stamp = json.load(stream)
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(venv, stamp):
    """Write it whole or not at all."""
    path = os.path.join(venv, STAMP)
    with open(path + ".new", "w", encoding="utf-8") as stream:
        json.dump(stamp, stream)
    os.replace(path + ".new", path)


def is_ready(stamp, goal, venv):
    """Whether nothing is left to do: a second run comes no further than this."""
    if (
        not stamp
        or stamp.get("root") != goal["root"]
        or stamp.get("project") != goal["project"]
    ):
        return False
    return locked(stamp, goal) and stamp.get("python") == spoken(version_of(venv_python(venv)))


def locked(stamp, goal):
    """Whether the packages are those of the lock files."""
    locks = stamp.get("locks")
    return isinstance(locks, dict) and all(
        locks.get(name) == value for name, value in goal["locks"].items()
    )


def spoken(version):
    """A version in words."""
    return "%d.%d" % version if version else "none"


def fault_of(venv, stamp, goal):
    """Why a virtual environment has to be made: a reason in words, or "" if it can be used."""
    if not os.path.lexists(venv):
        return "there is none yet"
    if not os.path.isdir(venv):
        raise SetupError("%s is in the way: it is no folder. Move it away." % venv)
    if (
        stamp is None
        and os.listdir(venv)
        and not os.path.exists(os.path.join(venv, "pyvenv.cfg"))
    ):
        raise SetupError("%s is in the way: it is no virtual environment. Move it away." % venv)
    if stamp == {}:
        return "its set-up did not end"  # a half-written package can look whole to pip
    if stamp and stamp.get("root") != goal["root"]:
        return "it was made for another folder"
    version = version_of(venv_python(venv))
    if version is None:
        return "its Python does not start"
    if version < OLDEST or (stamp and stamp.get("python") != spoken(version)):
        return "its Python is %s now" % spoken(version)
    return "" if stamp or has_pip(venv_python(venv)) else "it has no pip"


def has_pip(python):
    """Whether an interpreter has pip."""
    code = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is None)"
    return subprocess.call([python, "-I", "-c", code], stderr=subprocess.DEVNULL) == 0


def has_module(name):
    """Whether this Python has a module. Debian parts venv, ensurepip and pip from the rest."""
    code = "import " + name
    return subprocess.call([base_python(), "-I", "-c", code], stderr=subprocess.DEVNULL) == 0


def make_venv(venv):
    """Make a virtual environment; with pip inside, or with the pip outside where that is all there is."""
    if not has_module("venv"):
        raise SetupError(
            "This Python has no venv module. Debian, Ubuntu: apt install python3-venv"
        )
    inside = has_module("ensurepip")
    if not inside and not has_module("pip"):
        raise SetupError(
            "This Python has neither ensurepip nor pip, so nothing can be installed.\n"
            "Debian, Ubuntu: apt install python3-venv (or python%d.%d-venv)"
            % sys.version_info[:2]
        )
    remove(venv)
    os.mkdir(venv)
    write_stamp(venv, {})  # from here on it is ours, also if this ends half-way
    with Step("making .venv with Python %d.%d" % sys.version_info[:2]) as step:
        options = [] if inside else ["--without-pip"]
        run_quietly([base_python(), "-m", "venv"] + options + [venv], step, "Making .venv")


def remove(venv):
    """Remove a virtual environment; a link is cut, not followed."""
    if os.path.islink(venv):
        os.remove(venv)
    elif os.path.isdir(venv):
        shutil.rmtree(venv)


def pip(venv):
    """The command that installs into a virtual environment."""
    if has_pip(venv_python(venv)):
        return [venv_python(venv), "-I", "-m", "pip"]
    return [base_python(), "-m", "pip", "--python", venv_python(venv)]


def set_up(lock, root=ROOT):
    """Bring .venv to what a lock file says, and answer its Python. Does only what is left to do."""
    venv = os.path.join(root, ".venv")
    goal = wanted(root, lock)
    stamp = read_stamp(venv)
    if is_ready(stamp, goal, venv):
        return venv_python(venv)
    began = time.time()
    say("Setting up in %s" % venv)
    fault = fault_of(venv, stamp, goal)
    if fault:
        if os.path.lexists(venv):
            say("  .venv is made anew: %s" % fault)
        make_venv(venv)
        stamp = {}
    install(venv, lock, stamp or {}, goal)
    say("Ready in %.1f s; next time this is skipped." % (time.time() - began))
    return venv_python(venv)


def install(venv, lock, stamp, goal):
    """Install what the stamp does not vouch for, then write the stamp."""
    write_stamp(venv, {})
    if not locked(stamp, goal):
        path = os.path.join(goal["root"], *lock.split("/"))
        with Step("installing %d packages (%s)" % (packages_in(path), lock)) as step:
            run_quietly(
                pip(venv) + ["install", "--require-hashes", "--prefer-binary", "-r", path],
                step,
                "Installing the packages",
            )
    with Step("installing digestbot itself") as step:
        run_quietly(
            pip(venv)
            + ["install", "-q", "--no-deps", "--no-build-isolation", "-e", goal["root"]],
            step,
            "Installing the project",
        )
    locks = dict(stamp.get("locks", {}), **goal["locks"])
    write_stamp(venv, dict(goal, locks=locks, python=spoken(version_of(venv_python(venv)))))


def packages_in(path):
    """How many packages a lock file pins."""
    with open(path, encoding="utf-8") as stream:
        return sum("==" in line for line in stream)


# ------------------------------------------------------------------ commands


def digestbot(arguments):
    """Run one of the bot's commands, in the caller's folder."""
    python = set_up(RUNTIME)
    hand_over(
        [python, "-P", "-m", "bot"] + arguments
    )  # -P: a folder named bot around us is not it


def tool(python, name):
    """A program of the virtual environment."""
    suffix = ".exe" if os.name == "nt" else ""
    return os.path.join(os.path.dirname(python), name + suffix)


def checks(python):
    """The checks, as (name, command)."""
    return (
        ("ruff check", [tool(python, "ruff"), "check", "."]),
        ("ruff format", [tool(python, "ruff"), "format", "--check", "."]),
        ("mypy", [python, "-m", "mypy"]),
        ("import contracts", [tool(python, "lint-imports")]),
        ("deptry", [tool(python, "deptry"), "--no-ansi", "."]),
    )


def gates(python):
    """The coverage gates, as (name, command). The pure middle and its callers leave no branch out."""
    whole = ",".join(
        ["formatters/**"]
        + ["bot/%s%s" % (name, rest) for name in WHOLE for rest in (".py", "/**")]
    )
    report = [python, "-m", "coverage", "report", "--precision=1"]
    return (
        (
            "coverage 100 % of formatters, plan, publish, answer",
            report + ["--show-missing", "--include=" + whole, "--fail-under=100"],
        ),
        ("coverage 90 % overall", report + ["--fail-under=90"]),
    )


def passes(name, command):
    """Run a check in the project's folder; print what it says only if it fails."""
    began = time.time()
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    fine = done.returncode == 0
    if not fine:
        sys.stdout.write(done.stdout.decode("utf-8", "replace"))
        sys.stdout.flush()
    say("  %-8s %s (%.1f s)" % ("ok" if fine else "FAILED", name, time.time() - began))
    return fine


def failures(steps):
    """Run all, and answer the names of those that failed."""
    return [name for name, command in steps if not passes(name, command)]


def run_tests(python, words):
    """Run pytest under coverage, all of it side by side, and answer (fine, its last line)."""
    env = dict(os.environ, PYTHONUNBUFFERED="1")
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    coverage = [python, "-m", "coverage"]
    subprocess.call(coverage + ["erase"], cwd=ROOT)
    process = subprocess.Popen(
        coverage + ["run", "-m", "pytest"] + colour + (words or ["-n", "auto"]),
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    last = b""
    try:
        for raw in iter(lambda: process.stdout.read1(4096), b""):
            sys.stdout.buffer.write(raw)
            sys.stdout.flush()
            last = (last + raw)[-2000:]
    finally:
        code = ended(process)
        subprocess.call(coverage + ["combine", "--quiet"], cwd=ROOT)
    lines = last.decode("utf-8", "replace").strip().splitlines()
    return code == 0, lines[-1] if lines else "no tests were run"


def test(words):
    """All checks, all tests, the gates; the last lines are pytest's summary and the verdict."""
    python = set_up(DEVELOPMENT)
    began = time.time()
    say("Checks")
    failed = failures(checks(python))
    say("Tests")
    fine, summary = run_tests(python, words)
    if not fine:
        failed.append("tests")
    elif not words:  # a part of the tests cannot cover the whole
        say("Gates")
        failed += failures(gates(python))
    sys.stdout.write("\n" + summary + "\n")
    sys.stdout.flush()
    return verdict(failed, began)


def check():
    """The checks alone."""
    python = set_up(DEVELOPMENT)
    began = time.time()
    return verdict(failures(checks(python)), began)


def verdict(failed, began):
    """Say how it ended, and answer the exit code."""
    seconds = time.time() - began
    if failed:
        say("FAILED after %.0f s: %s" % (seconds, ", ".join(failed)))
        return 1
    say("All fine after %.0f s." % seconds)
    return 0


def fix():
    """Mend by machine what can be."""
    ruff = tool(set_up(DEVELOPMENT), "ruff")
    mended = subprocess.call([ruff, "check", "--fix", "."], cwd=ROOT)
    formatted = subprocess.call([ruff, "format", "."], cwd=ROOT)
    return 1 if mended or formatted else 0


def lock():
    """Pin the dependencies anew: hashed, for every system and Python, naming no package host."""
    uv = tool(set_up(DEVELOPMENT), "uv")
    recipe = [
        uv,
        "pip",
        "compile",
        "pyproject.toml",
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-header",
        "--no-annotate",
        "--system-certs",
        "-q",
    ]
    for words in (
        ["--group", "build", "-o", RUNTIME],
        ["--group", "dev", "-c", RUNTIME, "-o", DEVELOPMENT],
    ):
        say("  writing %s" % words[-1])
        if subprocess.call(recipe + words, cwd=ROOT):
            return 1
    return 0


def main(argv):
    """Do what the first word says and answer the exit code: 2 = wrong usage or something missing."""
    name, words = (argv[0], argv[1:]) if argv else ("", [])
    alone = {"check": check, "fix": fix, "lock": lock}
    if name not in ("sandbox", "run", "test") and (name not in alone or words):
        say(__doc__.strip())
        return 0 if name in ("-h", "--help", "help") else 2
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # ends our children as Ctrl-C does
    try:
        require_python(argv)
        if name == "test":
            return test(words)
        if name in alone:
            return alone[name]()
        digestbot([name] + words if name == "sandbox" else words or [name])
    except SetupError as error:
        say("\n%s" % error)
        return 2
    except OSError as error:
        say("\n%s. %s" % (error, remedy(str(error))))
        return 2
    except KeyboardInterrupt:
        say("\nInterrupted. Run the same command again: it mends what is half done.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
