"""The rows of the outbox that a post becomes, one for each channel and message.

Pure. The same post, channel, part and occasion always give the same id: that is what makes
writing them twice harmless.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, tzinfo
from uuid import UUID, uuid5

from bot.model.deliveries import DeliveryState, Draft
from bot.model.ids import ChannelId, DeliveryId, WorkspaceId
from bot.model.posts import Decision, Entry, PostState
from bot.plan.moments import due
from bot.reasons import reason
from config.settings import ChannelSettings, Settings
from formatters.compose import compose
from formatters.document import Post, SectionKind, Site
from formatters.message import Composition, Style
from formatters.read import read_post
from formatters.standing import standing_in, without_standing
from formatters.wording import OURS, Wording, wording_of

PUBLISH = "publish"
"""The occasion of a post's first way into the channels; every other one is a repost."""
NAMESPACE = UUID("5d0c8a52-94b6-5f0e-8f6a-3b6c1a7d2e90")
"""Never change it: ids made with another one would post everything again."""
APPROVAL = reason("approval")


def subscribers(
    channels: Iterable[ChannelSettings], *, source: str
) -> tuple[ChannelSettings, ...]:
    """The channels that take what a source of issues publishes. No sources named = all."""
    return tuple(one for one in channels if not one.sources or source in one.sources)


def addressed(decision: Decision, channels: Iterable[ChannelSettings]) -> Decision:
    """A decision to announce, unless nobody listens: later subscribers get no old news."""
    if decision.state is not PostState.ANNOUNCED or any(True for _ in channels):
        return decision
    return replace(decision, state=PostState.SKIPPED, reason=reason("nobody"))


def wording(settings: Settings) -> Wording:
    """What the community says in the place of our own words.

    Raises:
        WordingError: its templates are at fault.
    """
    return wording_of(settings.templates, settings.site.name)


def post_of(entry: Entry, site: Site) -> Post:
    """An archived post, read again, with what is known to stand in every issue.

    Raises:
        PostError: it cannot be read.
    """
    post = read_post(entry.text, path=entry.path, site=site)
    return replace(post, standing=standing_in(entry.prints))


def composition_of(
    post: Post, channel: ChannelSettings, *, language: str, wording: Wording = OURS
) -> Composition:
    """The messages of a post as a channel wants them; `language` is for a channel without one."""
    return compose(
        post if channel.sections.standing else without_standing(post),
        style=Style(channel.style),
        language=channel.language or language,
        only=tuple(map(SectionKind, channel.sections.only)),
        without=tuple(map(SectionKind, channel.sections.without)),
        wording=wording,
    )


def drafts(
    entry: Entry,
    composition: Composition,
    channel: ChannelSettings,
    *,
    occasion: str,
    now: datetime,
    zone: tzinfo,
) -> tuple[Draft, ...]:
    """The rows of a post for one channel.

    Args:
        entry: the post.
        composition: its messages as this channel wants them; none = no rows.
        channel: with its moment, quiet hours and approval.
        occasion: "publish", or the name of a repost: what a maintainer asked for goes out at
            once and needs no further approval.
        now: aware, UTC.
        zone: in which the channel's times are meant.
    """
    publishes = occasion == PUBLISH
    held = publishes and channel.approval
    return tuple(
        Draft(
            id=delivery_id(entry, channel.id, part, occasion),
            post=entry.id,
            revision=entry.revision,
            channel=ChannelId(channel.id),
            part=part,
            occasion=occasion,
            message=message,
            due_at=due(channel, now=now, zone=zone) if publishes else now,
            state=DeliveryState.HELD if held else DeliveryState.PLANNED,
            reason=APPROVAL if held else "",
            urgent=not publishes,
            workspace=WorkspaceId(channel.workspace),
        )
        for part, message in enumerate(composition.messages)
    )


def delivery_id(entry: Entry, channel: str, part: int, occasion: str) -> DeliveryId:
    """The id of a row, the same wherever and whenever it is made."""
    name = "|".join((entry.id, entry.revision, channel, str(part), occasion))
    return DeliveryId(uuid5(NAMESPACE, name).hex)


def skipped(entry: Entry) -> Decision:
    """The decision of a maintainer that a held post stays out."""
    return Decision(entry.id, PostState.SKIPPED, reason("skipped"), was=PostState.HELD)


def reposted(entry: Entry) -> Decision | None:
    """What a repost makes of a post: one that stayed out is announced, and kept up to date.

    One that waits for its time goes on waiting: the other channels still get it then.
    """
    if entry.state not in {PostState.HELD, PostState.SKIPPED}:
        return None
    return Decision(entry.id, PostState.ANNOUNCED, reason("reposted"), was=entry.state)
