"""Figures for Prometheus, read from the archive at the moment of asking.

Counts live in the database, so that a restart resets nothing and replicas agree.
"""

from collections.abc import Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.model.deliveries import DeliveryState, Replica
from bot.ports.reading import Desk


async def exposition(desk: Desk, now: datetime, replicas: Sequence[Replica] = ()) -> str:
    """The text of `/metrics` (Prometheus text format 0.0.4).

    `digestbot_source_age_seconds` is -1 for a source that never answered.
    """
    registry = CollectorRegistry()
    rows = Gauge("digestbot_deliveries", "Delivery rows by state", ["state"], registry=registry)
    failures = Gauge(
        "digestbot_source_failures", "Failed looks in a row", ["source"], registry=registry
    )
    problems = Gauge(
        "digestbot_source_problems", "Posts that cannot be read", ["source"], registry=registry
    )
    age = Gauge(
        "digestbot_source_age_seconds",
        "Since the last good look",
        ["source"],
        registry=registry,
    )
    polls = Gauge(
        "digestbot_polls",
        "Processes on this database: 1 for the one that looks at the sources",
        ["replica"],
        registry=registry,
    )
    for replica in replicas:
        polls.labels(replica.name).set(replica.polls)
    counts = await desk.counts()
    for state in DeliveryState:
        rows.labels(state.value).set(counts.get(state, 0))
    for health in await desk.health():
        failures.labels(health.source).set(health.failures)
        problems.labels(health.source).set(len(health.problems))
        since = (now - health.last_ok).total_seconds() if health.last_ok else -1
        age.labels(health.source).set(since)
    return generate_latest(registry).decode()
