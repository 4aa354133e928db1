"""The sources that the settings name, each with what discovery has to know of it."""

from dataclasses import dataclass
from datetime import timedelta

from bot.model.posts import Role
from bot.ports.outside import Clock
from bot.sources.choose import source_of
from bot.watch import Watched
from config.environment import process_environment
from config.settings import Settings, SourceSettings, profile
from formatters.document import Profile, SectionKind, Site


@dataclass(frozen=True, slots=True)
class Feed:
    """A source with what discovery has to know of it."""

    source: Watched
    role: Role
    site: Site
    every: timedelta


def feeds_of(settings: Settings, clock: Clock) -> tuple[Feed, ...]:
    """The sources that the settings name, in their order."""
    kinds = {SectionKind(kind): words for kind, words in profile(settings.site.profile).items()}
    known = Profile(name=settings.site.profile, sections=kinds)
    return tuple(feed_of(source, settings, known, clock) for source in settings.sources)


def feed_of(source: SourceSettings, settings: Settings, known: Profile, clock: Clock) -> Feed:
    """One source, ready to be looked at."""
    site = Site(
        name=settings.site.name,
        url=settings.site.url,
        zone=settings.site.timezone,
        language=settings.site.language,
        permalink=source.permalink,
        profile=known,
    )
    looked_at = source_of(source, settings, clock, process_environment())
    return Feed(Watched(looked_at), Role(source.role), site, source.every)
