"""The community's web site, as far as links and pictures of posts need one.

Serves files of the named folders, and the source text of a post under its address. Read only.
"""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from aiohttp import web

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif"})


def site_routes(folders: Mapping[str, Path]) -> list[web.RouteDef]:
    """Build `/NAME/...` for each folder.

    Args:
        folders: first part of the address -> where its files are.
    """
    return [
        web.get(f"/{name}/{{rest:.*}}", _served(root)) for name, root in folders.items()
    ]


def _served(root: Path) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    home = root.resolve()

    async def handler(request: web.Request) -> web.StreamResponse:
        asked = (home / request.match_info["rest"]).resolve()
        if not asked.is_relative_to(home):
            raise web.HTTPNotFound
        if asked.suffix.lower() in PICTURES and asked.is_file():
            return web.FileResponse(asked)
        for page in (asked / "index.md", asked.with_name(f"{asked.name}.md")):
            if page.is_file():
                return web.Response(
                    text=page.read_text("utf-8", "replace"), content_type="text/plain"
                )
        raise web.HTTPNotFound

    return handler
