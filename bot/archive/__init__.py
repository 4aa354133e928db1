"""What the bot remembers: posts, deliveries, sources. SQLite by default, PostgreSQL by URL.

Home of SQLAlchemy and Alembic. No row or statement leaves this package.
"""

from bot.archive.door import Archive, open_archive
from bot.archive.engine import ArchiveError
from bot.archive.migrate import EMPTY, form, migrate

__all__ = ["EMPTY", "Archive", "ArchiveError", "form", "migrate", "open_archive"]
