"""The shape of composition objects and interactive elements, written out as tables.

Only tables, for `shapes`. Pages: /reference/block-kit/block-elements, .../composition-objects.
"""

from collections.abc import Mapping

from formatters.slack import numbers as n
from formatters.slack.rules import (
    Check,
    boolean,
    both,
    items,
    one_of,
    shape,
    some_of,
    spoken,
    string,
    text,
    url,
)

# ------------------------------------------------------------------ composition objects

_CONFIRM = shape(
    {
        "title": text(n.CONFIRM_TITLE, plain=True),
        "text": text(n.CONFIRM_TEXT),
        "confirm": text(n.CONFIRM_ANSWER, plain=True),
        "deny": text(n.CONFIRM_ANSWER, plain=True),
    },
    {"style": one_of("primary", "danger")},
)
_OPTION_FIELDS: Mapping[str, Check] = {"description": text(n.OPTION_TEXT, plain=True)}
_OPTION = shape(
    {"text": text(n.OPTION_TEXT, plain=True), "value": string(n.OPTION_VALUE)}, _OPTION_FIELDS
)
_OVERFLOW_OPTION = shape(
    {"text": text(n.OPTION_TEXT, plain=True), "value": string(n.OPTION_VALUE)},
    {**_OPTION_FIELDS, "url": url(n.OPTION_URL)},
)
_CHOICE = shape(
    {"text": text(n.OPTION_TEXT), "value": string(n.OPTION_VALUE)},
    {"description": text(n.OPTION_TEXT)},
)
_GROUP = shape(
    {"label": text(n.GROUP_LABEL, plain=True), "options": items(n.SELECT_OPTIONS, _OPTION)}
)

# ------------------------------------------------------------------ elements

_COMMON: Mapping[str, Check] = {"action_id": string(n.ACTION_ID)}
_MENU: Mapping[str, Check] = {
    **_COMMON,
    "confirm": _CONFIRM,
    "placeholder": text(n.PLACEHOLDER, plain=True),
    "focus_on_load": boolean,
}
_SELECT: Mapping[str, Check] = {
    **_MENU,
    "options": items(n.SELECT_OPTIONS, _OPTION),
    "option_groups": items(n.SELECT_OPTIONS, _GROUP),
}
_PICKER: Mapping[str, Check] = {**_MENU, "response_url_enabled": boolean}
_WORDS: Mapping[str, Check] = {
    **_COMMON,
    "placeholder": text(n.PLACEHOLDER, plain=True),
    "initial_value": string(n.INPUT_VALUE),
    "focus_on_load": boolean,
}
ID = string(n.ACTION_ID)

IMAGE_ELEMENT = shape({"image_url": url(n.IMAGE_URL), "alt_text": spoken(n.IMAGE_ALT)})
_BUTTON = shape(
    {"text": text(n.BUTTON_TEXT, plain=True)},
    {
        **_COMMON,
        "url": url(n.BUTTON_URL),
        "value": string(n.BUTTON_VALUE),
        "style": one_of("primary", "danger"),
        "confirm": _CONFIRM,
        "accessibility_label": string(n.BUTTON_TEXT),
    },
)
INTERACTIVE: Mapping[str, Check] = {
    "button": _BUTTON,
    "overflow": shape(
        {"options": items(n.OVERFLOW_OPTIONS, _OVERFLOW_OPTION)},
        {**_COMMON, "confirm": _CONFIRM},
    ),
    "static_select": both(
        shape({}, {**_SELECT, "initial_option": _OPTION}), some_of("options", "option_groups")
    ),
    "multi_static_select": both(
        shape({}, {**_SELECT, "initial_options": items(n.SELECT_OPTIONS, _OPTION)}),
        some_of("options", "option_groups"),
    ),
    "users_select": shape({}, {**_PICKER, "initial_user": ID}),
    "channels_select": shape({}, {**_PICKER, "initial_channel": ID}),
    "conversations_select": shape(
        {},
        {**_PICKER, "initial_conversation": ID, "default_to_current_conversation": boolean},
    ),
    "checkboxes": shape(
        {"options": items(n.RADIO_OPTIONS, _CHOICE)},
        {**_MENU, "initial_options": items(n.RADIO_OPTIONS, _CHOICE)},
    ),
    "radio_buttons": shape(
        {"options": items(n.RADIO_OPTIONS, _CHOICE)}, {**_MENU, "initial_option": _CHOICE}
    ),
    "datepicker": shape({}, {**_MENU, "initial_date": ID}),
    "timepicker": shape({}, {**_MENU, "initial_time": ID, "timezone": ID}),
}
INPUTS: Mapping[str, Check] = {
    **{
        kind: check for kind, check in INTERACTIVE.items() if kind not in ("button", "overflow")
    },
    "plain_text_input": shape({}, {**_WORDS, "multiline": boolean}),
    "url_text_input": shape({}, _WORDS),
    "email_text_input": shape({}, _WORDS),
}
