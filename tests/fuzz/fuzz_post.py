"""Coverage-guided fuzzing of the way from a file's bytes to messages. Not part of the tests.

    pip install atheris            # in an environment that has digestbot
    python -m tests.fuzz.fuzz_post NEW_DIR SEED_DIR -max_total_time=1800 -max_len=4096 -timeout=60

NEW_DIR is given what covers more, SEED_DIR holds any posts. A crash is written to a file; once
mended, what is left of it belongs into tests/fixtures/findings.
"""

import sys
import time
import zlib

from formatters.compose import compose
from formatters.document import PostError, Site
from formatters.lint import advice
from formatters.message import Message, Style
from formatters.read import read_post
from formatters.slack.limits import message_faults

SITE = Site(
    name="Example", url="https://site.example", zone="Asia/Shanghai", permalink="/w/{slug}/"
)
LONG = 100_000
RARELY = 16  # of this many inputs one is judged by lint as well
SELDOM = 512  # of this many inputs one is read once more, repeated until it is LONG


class BrokenPromiseError(Exception):
    """A promise that a post broke."""


def composed(text: str, *styles: Style) -> tuple[Message, ...]:
    """Every message of a post in these styles, () if it is none; raises what it must not raise."""
    try:
        post = read_post(text, path="a/index.md", site=SITE)
    except PostError:
        return ()
    return tuple(
        message
        for style in styles
        for message in compose(post, style=style, language="zh").messages
    )


def check(text: str, *styles: Style) -> None:
    """Read and compose.

    Raises:
        BrokenPromiseError: a message that Slack would refuse.
    """
    for message in composed(text, *styles):
        if faults := message_faults(message.text, message.blocks):
            raise BrokenPromiseError(faults)


def check_time(text: str, *, seconds: float) -> None:
    """Repeat a text until it is LONG, and see that it takes no longer than this."""
    repeated = text * (LONG // len(text.encode()) + 1)
    start = time.process_time()
    composed(repeated[:LONG], Style.THREAD)
    if (took := time.process_time() - start) > seconds:
        raise BrokenPromiseError(f"{took:.1f} s for {LONG} bytes")


def one_input(data: bytes) -> None:
    """What the fuzzer calls. The most is done for few inputs, so that there are many."""
    text = data.decode("utf-8", errors="replace")
    chance = zlib.crc32(data)
    check(text, Style.FULL if chance % 2 else Style.THREAD)
    if chance % RARELY == 0:
        advice(text, path="a/index.md", site=SITE)
    if text and chance % SELDOM == 0:
        check_time(text, seconds=8)  # counting coverage costs the most of it


def main() -> None:
    import atheris  # type: ignore[import-untyped]  # noqa: PLC0415  # only fuzzing has it

    atheris.instrument_all()
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
