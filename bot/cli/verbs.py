"""The verbs of the command line.

A verb's module is loaded when the verb is called: most of them need neither Slack nor a database,
whose libraries take a second to load.
"""

import io
import os
import sys
from importlib import import_module

import click
from typing_extensions import override

from bot.cli.missing import remedy
from bot.cli.words import Misused
from config.problem import one_of

VERBS = {
    "sandbox": (
        "sandbox",
        "Try everything without a Slack account: a local Slack in the browser.",
    ),
    "run": ("serve", "Run the bot until it is told to stop."),
    "once": ("serve", "One round: look at every source, send what is due, then exit."),
    "check": ("setup", "Validate the settings and reach everything they name."),
    "migrate": ("setup", "Bring the database to the form that this version needs."),
    "key": ("keys", "Print a new key for DIGESTBOT_ENCRYPTION_KEY."),
    "rotate": ("keys", "Encrypt the workspaces' tokens with the first key."),
    "manifest": ("setup", "Print the Slack app manifest."),
    "plan": ("maintain", "Show what would be posted, where, when and why; change nothing."),
    "status": ("maintain", "Show what was sent, what waits and why."),
    "why": ("maintain", "Explain why a post was or was not posted."),
    "repost": ("maintain", "Send a post to a channel once more."),
    "recall": ("upkeep", "Take a post out of every channel, or strike it through."),
    "pause": ("upkeep", "Let a channel have nothing until it is resumed."),
    "resume": ("upkeep", "Let a paused channel have what comes from now on."),
    "preview": ("files", "Print the messages of one post as JSON."),
    "render": ("files", "Compose posts as chat messages, one JSON file for each."),
    "lint": ("lint", "Tell authors what to mend before a post is published."),
    "sections": ("sections", "Report how well the headings of posts are understood."),
    "events": ("files", "Print the meetups that posts announce, one JSON object a line."),
}
"""Verb -> module beside this one, and its line in the help."""

INTERRUPTED, CUT_OFF = 130, 141
"""What shells report for Ctrl-C and for output that nobody reads: 128 and the signal's number."""


class Verbs(click.Group):
    """The verbs of the table, loaded when called."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        try:
            found = getattr(import_module(f"bot.cli.{VERBS[cmd_name][0]}"), cmd_name)
        except ImportError as error:
            words = remedy(error, sys.argv[1:])
            if words is None:
                raise
            raise Misused(words) from error
        return found if isinstance(found, click.Command) else None

    @override
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in VERBS and not args[0].startswith("-"):
            ctx.fail(f"No verb '{args[0]}'; {one_of(args[0], VERBS)}")
        return super().resolve_command(ctx, args)

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(verb, words) for verb, (_, words) in VERBS.items()])

    @override
    def invoke(self, ctx: click.Context) -> object:
        """Run a verb. Somebody's Ctrl-C or closed pipe is no fault to be told about."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            # What is still in the buffer would fail once more when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(CUT_OFF)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="digestbot")
def digestbot() -> None:
    """Bring a community's weekly digest into its Slack channels.

    To look around without a Slack account: digestbot sandbox.
    Settings come from the file that DIGESTBOT_CONFIG names and from the environment.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Our data is UTF-8, whatever the locale; a file name that is not becomes JSON's "\udcXX".
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
