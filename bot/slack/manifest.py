"""The Slack app manifest for exactly what this bot does.

Schema 2.0: an unknown key rejects the whole manifest (docs.slack.dev `/reference/app-manifest`,
read 2026-08-20). Pure.
"""

from collections.abc import Mapping

from formatters.message import JSONValue

COMMAND_SCOPES = ("commands", "users:read", "usergroups:read", "app_mentions:read")
"""Answering: the command, the asker's language and zone, who is a maintainer, being called."""

POST_SCOPES = ("chat:write", "channels:read", "groups:read", "channels:join", "im:write")
"""Posting to the channels of the settings, public ones joined by itself; reminding members."""

LOOK_SCOPES = ("channels:history", "groups:history", "im:history")
"""Looking whether a post arrived when the line broke. Optional: without them a maintainer is asked."""

SCOPES = (*POST_SCOPES, *COMMAND_SCOPES, *LOOK_SCOPES)
"""All of them, in the order in which people are asked."""

EVENTS = (
    "app_home_opened",
    "app_mention",
    "channel_unarchive",
    "group_unarchive",
    "member_joined_channel",
)

ENDINGS = ("app_uninstalled", "tokens_revoked")
"""What is told where many install the bot."""

HOME: Mapping[str, JSONValue] = {
    "home_tab_enabled": True,
    "messages_tab_enabled": True,
    "messages_tab_read_only_enabled": True,
}
"""Reminders stand in the messages tab: without one Slack refuses them, `messages_tab_disabled`."""

COMMAND: Mapping[str, JSONValue] = {
    "description": "Latest issue, past issues, search, meetups",
    "usage_hint": "[latest | issue N | list | search WORDS | meetups WORDS | help]",
    "should_escape": True,
}


def manifest(*, name: str, command: str, url: str, many: bool = False) -> dict[str, JSONValue]:
    """The manifest, ready for YAML or JSON.

    Args:
        name: of the community, for the description; may be empty.
        command: the slash command, as `/digest`.
        url: public address of the bot, https; "" = Socket Mode, which needs none.
        many: other workspaces install the bot; only with a `url`.
    """
    endpoint = f"{url.rstrip('/')}/slack/events"
    over_http: dict[str, JSONValue] = {"url": endpoint} if url else {}
    requests: dict[str, JSONValue] = {"request_url": endpoint} if url else {}
    redirects: dict[str, JSONValue] = (
        {"redirect_urls": [f"{url.rstrip('/')}/slack/oauth_redirect"]} if many else {}
    )
    of_whom = f" of {name}" if name else ""
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": "Digestbot",
            "description": f"Brings the weekly digest{of_whom} into your channels."[:140],
            "background_color": "#14424f",
        },
        "features": {
            "app_home": HOME,
            "bot_user": {"display_name": "digestbot", "always_online": True},
            "slash_commands": [{"command": command, **COMMAND, **over_http}],
        },
        "oauth_config": {
            **redirects,
            "scopes": {
                "bot": [*SCOPES],
                "bot_optional": [*LOOK_SCOPES],
            },
        },
        "settings": {
            "event_subscriptions": {
                "bot_events": [*EVENTS, *(ENDINGS if many else ())],
                **requests,
            },
            "interactivity": {"is_enabled": True, **requests},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }
