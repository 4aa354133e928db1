"""What is shipped for operators agrees with the program it starts."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from bot.slack.manifest import manifest
from config import environment
from formatters.message import JSONValue

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
OURS = re.compile(r"\b(?:DIGESTBOT|SLACK|DATABASE|PORT)(?:_[A-Z]+)*\b")
PINNED = re.compile(r"^([a-z0-9._-]+)==\S+(?: ; .+)? \\$", re.MULTILINE)


def parsed(name: str) -> dict[str, JSONValue]:
    """Read one of the YAML files."""
    found: dict[str, JSONValue] = yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))
    return found


def variables(text: str) -> set[str]:
    """Find the names of our environment variables in a text."""
    return set(OURS.findall(text)) - {"DIGESTBOT_TEST_REQUIRE"}


def name_of(requirement: str) -> str:
    """Cut a requirement down to the package's normalised name."""
    return re.split(r"[\[<>=!~ ;]", requirement, maxsplit=1)[0].lower().replace("_", "-")


# ------------------------------------------------------------------ locks


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_names_no_host(lock):
    """It works with every package index, also a company's own."""
    text = (DEPLOY / lock).read_text(encoding="utf-8")

    assert "://" not in text
    assert not re.search(r"^\s*-|@ ", text.replace("--hash=sha256:", "hash:"), re.MULTILINE)


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_of_a_lock_has_hashes(lock):
    """Pip refuses the whole file otherwise."""
    for entry in re.split(r"\n(?=\S)", (DEPLOY / lock).read_text(encoding="utf-8").strip()):
        assert PINNED.match(entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry


def test_what_the_project_declares_is_in_the_locks():
    """A dependency that was added without `deploy/dev.py lock` would be missing on a fresh machine."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    runtime = {
        name_of(each) for each in [*project["project"]["dependencies"], *groups["build"]]
    }
    tools = {name_of(each) for each in groups["dev"] if isinstance(each, str)}
    locked = set(PINNED.findall((DEPLOY / "requirements.txt").read_text(encoding="utf-8")))
    locked_tools = set(
        PINNED.findall((DEPLOY / "requirements-dev.txt").read_text(encoding="utf-8"))
    )

    assert runtime - locked == set()
    assert (runtime | tools) - locked_tools == set()
    assert locked - locked_tools == set()


def test_both_locks_pin_the_same_versions():
    """What is tested is what runs."""
    pins = re.compile(r"^([a-z0-9._-]+==\S+)", re.MULTILINE)
    runtime = set(pins.findall((DEPLOY / "requirements.txt").read_text(encoding="utf-8")))
    tools = set(pins.findall((DEPLOY / "requirements-dev.txt").read_text(encoding="utf-8")))

    assert runtime <= tools


# ------------------------------------------------------------------ image, compose, unit


@pytest.mark.parametrize(
    "name", ["Dockerfile", "compose.yaml", "digestbot.service", "runbook.md"]
)
def test_only_variables_that_exist_are_set(name):
    """A misspelt variable would be refused at the start, or worse, ignored."""
    assert variables((DEPLOY / name).read_text(encoding="utf-8")) <= environment.names()


def test_the_image_is_built_from_what_is_locked_and_runs_without_root():
    """Hashes, a numeric user, the signal, a health check, and everything that it copies is there."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    stages = text.split("\nFROM ")
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)

    assert len(stages) == 3
    assert "--require-hashes -r deploy/requirements.txt" in stages[1]
    assert "pip install" not in stages[2]
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", stages[2], re.MULTILINE)
    assert "STOPSIGNAL SIGTERM" in stages[2]
    assert "HEALTHCHECK" in stages[2]
    assert 'ENTRYPOINT ["digestbot"]' in stages[2]
    assert all((ROOT / name).exists() for line in copied for name in line.split())


def test_the_build_context_lets_through_what_the_image_copies():
    """Everything else, secrets and databases above all, stays outside."""
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    copied = re.findall(
        r"^COPY (?!--from)(.+) \S+$", (DEPLOY / "Dockerfile").read_text("utf-8"), re.MULTILINE
    )

    assert rules[0] == "*"
    assert {name for line in copied for name in line.split()} <= {
        rule.lstrip("!") for rule in rules
    }


def test_compose_hands_over_secrets_as_files_that_exist_for_the_service():
    """Each NAME_FILE points to a secret that the service is given; no secret stands in the file."""
    compose = parsed("compose.yaml")
    services, secrets = compose["services"], compose["secrets"]
    assert isinstance(services, dict)
    assert isinstance(secrets, dict)
    for service in services.values():
        files = {
            Path(value).name
            for key, value in service["environment"].items()
            if key.endswith("_FILE")
        }
        assert files == set(service["secrets"]) <= set(secrets)
        assert not any(
            "PASSWORD" in key and not key.endswith("_FILE") for key in service["environment"]
        )


def test_compose_gives_each_service_as_little_as_it_can():
    """Read-only roots, no capabilities by default, no new privileges, named volumes, waiting for health."""
    compose = parsed("compose.yaml")
    services, volumes = compose["services"], compose["volumes"]
    assert isinstance(services, dict)
    assert isinstance(volumes, dict)
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        named = {volume.split(":")[0] for volume in service["volumes"]}
        assert {name for name in named if not name.startswith(".")} <= set(volumes)
    assert services["bot"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert "healthcheck" in services["database"]
    assert all(port.startswith("127.0.0.1:") for port in services["bot"]["ports"])


def test_the_unit_says_why_for_every_protection():
    """A line without a comment somewhere above it, in its own paragraph, would be a spell."""
    paragraphs = (DEPLOY / "digestbot.service").read_text(encoding="utf-8").split("\n\n")

    assert "NoNewPrivileges=yes" in "".join(paragraphs)
    assert all("#" in paragraph for paragraph in paragraphs if "Protect" in paragraph)
    assert all(
        line == line.strip() for paragraph in paragraphs for line in paragraph.splitlines()
    )


# ------------------------------------------------------------------ manifest, versions, scripts


def test_the_shipped_manifest_is_the_one_the_bot_prints():
    """One app, told twice: as a file to paste, and by `digestbot manifest`."""
    assert parsed("manifest.yaml") == manifest(name="", command="/digest", url="")


def test_the_http_lines_of_the_manifest_are_the_ones_that_differ():
    """Uncommenting what is marked, and turning Socket Mode off, gives the HTTP form."""
    text = (DEPLOY / "manifest.yaml").read_text(encoding="utf-8")
    http = re.sub(r"# (\S+: \S+) +# HTTP only", r"\1", text)
    http = http.replace("socket_mode_enabled: true", "socket_mode_enabled: false")

    assert yaml.safe_load(http) == manifest(
        name="", command="/digest", url="https://bot.example.org"
    )


def test_changelog_and_image_have_the_projects_version():
    """The top heading, or the one below Unreleased, is what pyproject.toml says."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    headings = re.findall(
        r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )

    assert headings[:2] == ["Unreleased", version]
    assert f"image: digestbot:{version}" in (DEPLOY / "compose.yaml").read_text(
        encoding="utf-8"
    )


def test_the_run_that_requires_everything_can_be_executed():
    """It is a program, and bash can read it."""
    script = ROOT / ".ci" / "run"

    assert script.stat().st_mode & 0o111
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("needs bash")
    assert subprocess.run([bash, "-n", script], check=False).returncode == 0  # noqa: S603  # our own file


@pytest.mark.parametrize(
    "name",
    ["CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "README.md", "deploy/runbook.md"],
)
def test_links_between_our_pages_lead_somewhere(name):
    """Relative links only; others, and examples in code, are none of a test's business."""
    page = ROOT / name
    prose = re.sub(r"(`+).*?\1", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", prose)

    assert [link for link in links if not (page.parent / link).exists()] == []
