"""Which posts readers can see, as conditions on rows of `posts`."""

from datetime import datetime
from typing import TypeAlias

from sqlalchemy import BindParameter, ColumnElement, and_, not_, or_

from bot.archive.tables import posts
from bot.model.posts import PostState, Role
from bot.reasons import reason

Moment: TypeAlias = datetime | BindParameter[datetime]
"""Aware; or a parameter of a statement that is built once."""
RECALLED = reason("recalled").removesuffix("}")
"""How the reason begins, whatever else it may tell."""


def readable(now: Moment) -> ColumnElement[bool]:
    """Issues that readers of the site can see."""
    return and_(
        posts.c.gone_at.is_(None),
        posts.c.role == Role.ISSUES.value,
        posts.c.draft.is_(False),
        or_(posts.c.expires.is_(None), posts.c.expires > now),
        or_(posts.c.date.is_(None), posts.c.date <= now),
    )


def recalled() -> ColumnElement[bool]:
    """Posts that maintainers took back; one that is reposted is so no more."""
    return and_(
        posts.c.state == PostState.SKIPPED.value,
        posts.c.reason.startswith(RECALLED, autoescape=True),
    )


def offered(now: Moment) -> ColumnElement[bool]:
    """Issues that members are shown without having named them."""
    return and_(readable(now), not_(recalled()))


def shown(now: Moment) -> ColumnElement[bool]:
    """Posts whose meetups may be told, as none of a recalled one. The date of an event's page is often the event's own."""
    own_page = and_(
        posts.c.gone_at.is_(None),
        posts.c.role == Role.EVENTS.value,
        posts.c.draft.is_(False),
    )
    return and_(or_(readable(now), own_page), not_(recalled()))
