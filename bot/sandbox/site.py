"""The community's web site, as far as links and pictures of posts need one.

Serves pictures of the named folders, shows the source text of a post under its address, and says
in words where there is no page. Read only.
"""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from aiohttp import web

from bot.sandbox.look import words
from bot.sandbox.page import HEADERS
from bot.sandbox.render import site_page

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif"})
LANGUAGES = {"en": "en", "zh": "zh-CN"}
"""Who comes here is not known, so both are spoken: a file of words to its tag in HTML."""


def site_routes(folders: Mapping[str, Path]) -> list[web.RouteDef]:
    """Build `/NAME/...` for each folder, and last of all a page for every other address.

    Args:
        folders: first part of the address -> where its files are.
    """
    served = [web.get(f"/{name}/{{rest:.*}}", _served(root)) for name, root in folders.items()]
    return [*served, web.get("/{rest:(?!api/|sandbox/).+}", _missing)]


def _served(root: Path) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    home = root.resolve()

    async def handler(request: web.Request) -> web.StreamResponse:
        rest = request.match_info["rest"]
        asked = (home / rest.replace("\0", "")).resolve()
        if not asked.is_relative_to(home):
            return await _missing(request)
        if asked.suffix.lower() in PICTURES and asked.is_file():
            return web.FileResponse(asked)
        for post in (asked / "index.md", asked.with_name(f"{asked.name}.md")):
            if post.is_file():
                return _drawn(request, "site_source", post.read_text("utf-8", "replace"))
        return await _missing(request)

    return handler


async def _missing(request: web.Request) -> web.StreamResponse:
    return _drawn(request, "site_missing", status=404)


def _drawn(
    request: web.Request, phrase: str, source: str = "", *, status: int = 200
) -> web.Response:
    said = {tag: words(language)[phrase] for language, tag in LANGUAGES.items()}
    html = site_page(path=request.path, said=said, source=source)
    return web.Response(text=html, status=status, content_type="text/html", headers=HEADERS)
