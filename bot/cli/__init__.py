"""The command line. Exit 0: fine; 1: the job failed; 2: wrong usage or settings.

Data goes to stdout, words to stderr. Each verb is a function of a module beside this one.
"""

import click

from bot.cli.files import events, preview, render
from bot.cli.maintain import plan, repost, status, why
from bot.cli.sandbox import sandbox
from bot.cli.serve import once, run
from bot.cli.setup import check, manifest, migrate_database

VERBS = (
    sandbox,
    run,
    once,
    render,
    events,
    preview,
    plan,
    status,
    why,
    repost,
    check,
    migrate_database,
    manifest,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="digestbot")
def main() -> None:
    """Bring a community's weekly digest into its Slack channels.

    To look around without a Slack account: digestbot sandbox.
    Settings come from the file that DIGESTBOT_CONFIG names and from the environment.
    """


for verb in VERBS:
    main.add_command(verb)
