"""The environment: secrets, files that hold secrets, and silence about both."""

import os
import re
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from config import environment
from config.settings import Settings, SettingsError, load

SECRET = "hush-hush-4711"  # stands in every refused value below and must never come back


def refusal(environ: dict[str, str]) -> str:
    """Load what must be refused; answer the words, with all that a log could show of the error."""
    with pytest.raises(SettingsError) as refused:
        load(None, environ)
    error = refused.value
    shown = f"{error!r} {error} {error.problems!r} {error.__cause__!r} {error.__context__!r}"
    assert SECRET not in shown
    return str(error)


def test_secrets_come_from_variables():
    """Each goes to its place, stripped of the line end that copying brings."""
    settings = load(
        None,
        {
            "SLACK_BOT_TOKEN": "xoxb-1\n",
            "SLACK_SIGNING_SECRET": " abc ",
            "SLACK_APP_TOKEN": "xapp-1",
            "SLACK_API_URL": "http://127.0.0.1:9000/api",
            "PORT": "8080",
            "DIGESTBOT_HOST": "10.0.0.7",
        },
    )

    assert settings.slack.bot_token.get_secret_value() == "xoxb-1"
    assert settings.slack.signing_secret.get_secret_value() == "abc"
    assert settings.slack.app_token.get_secret_value() == "xapp-1"
    assert settings.slack.api_url == "http://127.0.0.1:9000/api/"
    assert (settings.port, settings.host) == (8080, "10.0.0.7")


@pytest.mark.parametrize(
    "name", ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "DATABASE_URL"]
)
def test_every_secret_may_lie_in_a_file(tmp_path, name):
    """NAME_FILE has the path of a file that holds the value."""
    secret = tmp_path / "secret"
    secret.write_text("postgresql://u:hush@db/x\n")

    settings = load(None, {f"{name}_FILE": str(secret)})

    held = [settings.slack.bot_token, settings.slack.signing_secret, settings.slack.app_token]
    assert "hush" in "".join(
        value.get_secret_value() for value in [*held, settings.database_url]
    )


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        (
            "postgresql://u:p@h/d?sslmode=require",
            "postgresql+psycopg://u:p@h/d?sslmode=require",
        ),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("sqlite:////data/x.db", "sqlite+aiosqlite:////data/x.db"),
        ("sqlite+aiosqlite:///x.db", "sqlite+aiosqlite:///x.db"),
    ],
)
def test_a_database_address_names_its_async_driver(given, driver):
    """What hosting services hand out works as it is."""
    assert load(None, {"DATABASE_URL": given}).database_url.get_secret_value() == driver


def test_the_environment_wins_over_the_file(tmp_path):
    """So that one file serves several machines."""
    path = tmp_path / "d.yaml"
    path.write_text("port: 1\nhost: file\ndata: file\n")

    settings = load(path, {"PORT": "2", "DIGESTBOT_HOST": "env", "DIGESTBOT_DATA": "state"})

    assert (settings.port, settings.host) == (2, "env")
    assert settings.data == Path.cwd() / "state"


def test_the_file_can_be_named_by_the_environment(tmp_path):
    """DIGESTBOT_CONFIG counts where no path is given."""
    path = tmp_path / "d.yaml"
    path.write_text("site: {name: Named}\n")

    assert load(None, {"DIGESTBOT_CONFIG": str(path)}).site.name == "Named"


def test_an_empty_app_token_means_http():
    """Compose files pass variables that nobody set."""
    assert load(None, {"SLACK_APP_TOKEN": ""}).slack.app_token.get_secret_value() == ""


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN: is set but empty"),
        ({"SLACK_SIGNING_SECRET": "  "}, "SLACK_SIGNING_SECRET: is set but empty"),
        ({"SLACK_BOT_TOKEN": f"xapp-{SECRET}"}, "begins with xoxb-"),
        ({"SLACK_APP_TOKEN": f"xoxb-{SECRET}"}, "begins with xapp-"),
        ({"SLACK_SIGNING_SECRET": f"{SECRET} {SECRET}"}, "white space"),
        ({"DATABASE_URL": f"mysql://u:{SECRET}@h/d"}, "postgresql://"),
        ({"DATABASE_URL": SECRET}, "postgresql://"),
        ({"SLACK_API_URL": f"ftp://{SECRET}"}, "https://slack.com/api/"),
        ({"PORT": SECRET}, "PORT: must be a port number"),
        ({"PORT": "70000"}, "PORT: must be at most 65535"),
        ({"DIGESTBOT_CONFG": SECRET}, "did you mean DIGESTBOT_CONFIG?"),
        ({"DIGESTBOT_QQQQQQQQQQQQ": SECRET}, "known: DIGESTBOT_CONFIG"),
        ({"SLACK_BOT_TOKEN_FILE": "/nonexistent/token"}, "cannot be read (No such file"),
        ({"SLACK_BOT_TOKEN_FILE": ""}, "is set but empty"),
        ({"SLACK_BOT_TOKEN_FILE": "/x", "SLACK_BOT_TOKEN": SECRET}, "beside SLACK_BOT_TOKEN"),
    ],
)
def test_a_refused_variable_is_named_and_its_value_is_not(environ, words):
    """The words name the thing and the way out; the value may be a secret in the wrong place."""
    assert words in refusal(environ)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "which is empty"),
        (b"\n \n", "which is empty"),
        (b"\xff\xfe", "which is not text"),
        (b"x" * 20_000, "too long"),
        (f"{SECRET}\n{SECRET}".encode(), "white space"),
    ],
)
def test_a_file_without_a_secret_is_named_with_its_variable(tmp_path, content, words):
    """An empty secret would make every signature check fail in silence."""
    secret = tmp_path / "secret"
    secret.write_bytes(content)

    found = refusal({"SLACK_SIGNING_SECRET_FILE": str(secret)})

    assert found.startswith("environment: SLACK_SIGNING_SECRET_FILE: ")
    assert words in found


def test_secrets_in_the_file_are_refused_and_not_repeated(tmp_path):
    """The file is reviewed, copied and committed."""
    path = tmp_path / "d.yaml"
    path.write_text(
        f"slack:\n  bot_token: {SECRET}\ndatabase_url: postgresql://u:{SECRET}@h/d\n"
    )

    with pytest.raises(SettingsError) as refused:
        load(path, {})

    assert [(found.line, found.key) for found in refused.value.problems] == [
        (1, "slack"),
        (3, "database_url"),
    ]
    assert "SLACK_BOT_TOKEN" in str(refused.value)
    assert SECRET not in repr(refused.value) + str(refused.value)


def test_a_broken_file_does_not_hide_the_environments_faults(tmp_path):
    """All problems at once, also where the file cannot even be parsed."""
    path = tmp_path / "d.yaml"
    path.write_text("a: [")

    with pytest.raises(SettingsError) as refused:
        load(path, {"PORT": "x"})

    assert [found.file for found in refused.value.problems] == [str(path), "environment"]


def test_settings_never_show_a_secret():
    """Neither repr nor str nor a dump has them."""
    settings = load(
        None,
        {
            "SLACK_BOT_TOKEN": f"xoxb-{SECRET}",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_APP_TOKEN": f"xapp-{SECRET}",
            "DATABASE_URL": f"postgresql://u:{SECRET}@h/d",
        },
    )

    assert (
        SECRET
        not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    )


def test_other_programs_variables_are_none_of_our_business():
    """Only names that begin with ours are checked, and the test suite's own switches are known."""
    environ = {"SLACK_CLI_XOXB": "x", "PATH": "/bin", "DIGESTBOT_TEST_REQUIRE": "postgres"}

    assert load(None, environ) == Settings()


def test_the_process_environment_is_a_copy(monkeypatch):
    """What is read is what was there, not what changes later."""
    monkeypatch.setenv("DIGESTBOT_DATA", "before")
    found = environment.process_environment()
    monkeypatch.setenv("DIGESTBOT_DATA", "after")

    assert found["DIGESTBOT_DATA"] == "before"
    assert dict(found) != dict(os.environ)


def test_only_one_module_reads_the_environment():
    """Everything else is handed a mapping."""
    rooms = Path(environment.__file__).resolve().parents[1]
    readers = [
        path.relative_to(rooms).as_posix()
        for room in ("bot", "config", "formatters")
        for path in (rooms / room).rglob("*.py")
        if re.search(r"\bos\.(environ|getenv)\b", path.read_text(encoding="utf-8"))
    ]

    assert [name for name in readers if name != "config/environment.py"] == []


def test_keys_are_taken_with_commas_or_lines_between_them():
    """A file of keys may have one a line; the first one encrypts."""
    one, two = (urlsafe_b64encode(bytes([n]) * 32).decode() for n in (1, 2))

    settings = load(None, {"DIGESTBOT_ENCRYPTION_KEY": f"{one}, {two}\n"})

    assert settings.encryption_keys == (one, two)
    assert one not in repr(settings)


@pytest.mark.parametrize("key", ["hunter2", "c2hvcnQ=", "*" * 44, "ключ"])
def test_what_is_no_key_is_refused_without_being_repeated(key):
    """The words say how to get one."""
    with pytest.raises(SettingsError, match="digestbot key") as caught:
        load(None, {"DIGESTBOT_ENCRYPTION_KEY": key})

    assert key not in str(caught.value)
