"""The post on a web page."""

import pytest

from formatters.page import post_on

POST = "<p>Hello <b>world</b></p>"


@pytest.mark.parametrize(
    "page",
    [
        f"<body><nav>menu</nav><article>{POST}</article><footer>c</footer></body>",
        f"<article><header><h1>Title</h1></header>{POST}<footer>tags</footer></article>",
        f"<article><p>teaser</p></article><main><article>{POST}<form>x</form></article></main>",
        f"<main>{POST}<aside>ads</aside><script>x</script></main>",
        f'<div role="main">{POST}</div>',
        f'<div class="sidebar">x</div><div class="post-content">{POST}</div>',
    ],
)
def test_the_post_is_found_without_what_stands_around_it(page):
    """By the marks that sites give it."""
    assert post_on(page).replace("<header></header>", "") == POST


@pytest.mark.parametrize("page", ["", "<p>Sign in</p>", "<div><div>Loading</div></div>"])
def test_a_page_that_does_not_mark_its_post_has_none(page):
    """Its menus are not posted for it."""
    assert post_on(page) == ""


def test_a_post_without_content_is_empty():
    """An article that scripts would fill."""
    assert post_on("<article></article>") == ""
