"""Which posts readers can see, as conditions on rows of `posts`."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from bot.archive.tables import posts
from bot.model.posts import Role


def readable(now: datetime) -> ColumnElement[bool]:
    """Issues that readers of the site can see."""
    return and_(
        posts.c.gone_at.is_(None),
        posts.c.role == Role.ISSUES.value,
        posts.c.draft.is_(False),
        or_(posts.c.expires.is_(None), posts.c.expires > now),
        or_(posts.c.date.is_(None), posts.c.date <= now),
    )


def shown(now: datetime) -> ColumnElement[bool]:
    """Posts whose meetups may be told. The date of an event's page is often the event's own."""
    own_page = and_(
        posts.c.gone_at.is_(None),
        posts.c.role == Role.EVENTS.value,
        posts.c.draft.is_(False),
    )
    return or_(readable(now), own_page)
