"""What some tests need from the machine, and whether it is there.

A missing thing skips its tests visibly; named in DIGESTBOT_TEST_REQUIRE it fails them instead.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def required() -> frozenset[str]:
    """Name the markers whose needs must be met: DIGESTBOT_TEST_REQUIRE=postgres,browser."""
    words = os.environ.get("DIGESTBOT_TEST_REQUIRE", "").split(",")
    return frozenset(word.strip() for word in words if word.strip())


def postgres_server() -> str | None:
    """Answer the URL of a PostgreSQL server (SQLAlchemy's form) where databases may be made."""
    return os.environ.get("DIGESTBOT_TEST_POSTGRES") or None


def seconds_away() -> float:
    """How long the far side stays away in tests of outages: DIGESTBOT_TEST_AWAY=60, else 8."""
    return float(os.environ.get("DIGESTBOT_TEST_AWAY") or 8)


def chromium() -> Path | None:
    """Find an installed Chromium or Chrome; CHROMIUM overrides the search."""
    names = (os.environ.get("CHROMIUM", ""), *_BROWSERS)
    found = (shutil.which(name) for name in names if name)
    return next((Path(path) for path in found if path), None)


def corpus(name: str = "") -> Path | None:
    """Find the shared real posts, or one community's folder of them."""
    folder = SHARED / "corpus" / name
    return folder if folder.is_dir() else None


def missing() -> Mapping[str, str]:
    """Map each marker whose need is not met to what would meet it."""
    lacks = {
        "postgres": (postgres_server(), "set DIGESTBOT_TEST_POSTGRES to a server's URL"),
        "browser": (chromium(), "install Chromium (apt install chromium)"),
        "corpus": (
            corpus(),
            f"put the shared posts at {SHARED.name}/corpus beside the checkout",
        ),
        "live": (
            os.environ.get("DIGESTBOT_TEST_LIVE"),
            "set DIGESTBOT_TEST_LIVE to a bot token of a workspace for tests",
        ),
    }
    return {marker: remedy for marker, (there, remedy) in lacks.items() if not there}
