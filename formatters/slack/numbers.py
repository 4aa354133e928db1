"""Slack's numbers, each with its page. One table; nobody else writes a limit down.

Only data. `page` is a path of https://docs.slack.dev or a GitHub thread where Slack documents nothing.
Characters are Unicode code points.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """The most (and least) of something, where it is written, and the day that was read."""

    most: int
    unit: str
    page: str
    least: int = 1
    read: str = "2026-08-20"


_BLOCKS = "/reference/block-kit/blocks"
_ELEMENTS = "/reference/block-kit/block-elements"
_OBJECTS = "/reference/block-kit/composition-objects"

# ------------------------------------------------------------------ whole message

BLOCKS = Limit(50, "blocks of a message", _BLOCKS, least=0)
VIEW_TITLE = Limit(
    24,
    "characters of a modal's title and of its buttons",
    f"{_BLOCKS.rpartition('/block-kit')[0]}/views/modal-views",
)
VIEW_BLOCKS = Limit(100, "blocks of a modal or Home tab", _BLOCKS, least=0)
TABLES = Limit(1, "tables of a message", f"{_BLOCKS}/table-block", least=0)
# Undocumented: `msg_blocks_too_long` was seen from 11,341 characters of text on.
MESSAGE_JSON = Limit(
    12_000, "characters of a message's blocks as JSON", "slackapi/bolt-js#2867", 0
)
# Undocumented: other messages were refused from 10,600 UTF-8 bytes on; this keeps a distance to both.
MESSAGE_WEIGHT = Limit(9_000, "units of `limits.weight`", "openclaw/openclaw#143882", 0)
# chat.update refuses more than 4,000 (bytes, by one live test); chat.postMessage may split longer text.
TEXT_BYTES = Limit(3_000, "UTF-8 bytes of `text`", "/reference/methods/chat.update")

# ------------------------------------------------------------------ blocks

BLOCK_ID = Limit(255, "characters", _BLOCKS)
SECTION_TEXT = Limit(3_000, "characters", f"{_BLOCKS}/section-block")
SECTION_FIELDS = Limit(10, "fields", f"{_BLOCKS}/section-block")
FIELD_TEXT = Limit(2_000, "characters", f"{_BLOCKS}/section-block")
HEADER_TEXT = Limit(150, "characters", f"{_BLOCKS}/header-block")
IMAGE_URL = Limit(3_000, "characters", f"{_BLOCKS}/image-block")
IMAGE_ALT = Limit(2_000, "characters", f"{_BLOCKS}/image-block")
IMAGE_TITLE = Limit(2_000, "characters", f"{_BLOCKS}/image-block")
CONTEXT_ELEMENTS = Limit(10, "elements", f"{_BLOCKS}/context-block")
ACTIONS_ELEMENTS = Limit(25, "elements", f"{_BLOCKS}/actions-block")
INPUT_LABEL = Limit(2_000, "characters", f"{_BLOCKS}/input-block")
MARKDOWN_TEXT = Limit(
    12_000, "characters over all markdown blocks", f"{_BLOCKS}/markdown-block"
)
HEADER_LEVEL = Limit(4, "levels", f"{_BLOCKS}/header-block")
VIDEO_TITLE = Limit(199, "characters", f"{_BLOCKS}/video-block")
VIDEO_TEXT = Limit(200, "characters", f"{_BLOCKS}/video-block")
VIDEO_NAME = Limit(49, "characters", f"{_BLOCKS}/video-block")
TABLE_ROWS = Limit(100, "rows", f"{_BLOCKS}/table-block")
TABLE_COLUMNS = Limit(20, "columns", f"{_BLOCKS}/table-block")
TABLE_TEXT = Limit(10_000, "characters over all cells", f"{_BLOCKS}/table-block", least=0)
TABLE_CELL = Limit(10_000, "characters of a cell", f"{_BLOCKS}/table-block")
DATA_TABLE_ROWS = Limit(201, "rows with the header", f"{_BLOCKS}/data-table-block", least=2)
DATA_TABLE_TEXT = Limit(
    20_000, "characters over all cells", f"{_BLOCKS}/data-table-block", least=0
)
DATA_TABLE_INDEX = Limit(19, "columns, from 0", f"{_BLOCKS}/data-table-block", least=0)
DATA_TABLE_PAGE = Limit(100, "rows of a page", f"{_BLOCKS}/data-table-block")

# ------------------------------------------------------------------ rich text

RICH_ELEMENTS = Limit(100_000, "elements; no limit is published", f"{_BLOCKS}/rich-text-block")
RICH_TEXT = Limit(100_000, "characters; no limit is published", f"{_BLOCKS}/rich-text-block")
LIST_INDENT = Limit(8, "levels", f"{_ELEMENTS}/rich-text-list-element", least=0)
LIST_OFFSET = Limit(1_000_000_000, "numbers", f"{_ELEMENTS}/rich-text-list-element", least=0)
BORDER = Limit(1, "border", f"{_ELEMENTS}/rich-text-list-element", least=0)
TIMESTAMP = Limit(100_000_000_000, "seconds", "/messaging/formatting-message-text", least=0)
LINK_URL = Limit(3_000, "characters; borrowed from buttons", f"{_ELEMENTS}/button-element")

# ------------------------------------------------------------------ elements and objects

TEXT_OBJECT = Limit(3_000, "characters", f"{_OBJECTS}/text-object")
ACTION_ID = Limit(255, "characters", _ELEMENTS)
BUTTON_TEXT = Limit(75, "characters", f"{_ELEMENTS}/button-element")
BUTTON_VALUE = Limit(2_000, "characters", f"{_ELEMENTS}/button-element")
BUTTON_URL = Limit(3_000, "characters", f"{_ELEMENTS}/button-element")
OVERFLOW_OPTIONS = Limit(5, "options", f"{_ELEMENTS}/overflow-menu-element")
SELECT_OPTIONS = Limit(100, "options", f"{_ELEMENTS}/select-menu-element")
RADIO_OPTIONS = Limit(10, "options", f"{_ELEMENTS}/radio-button-group-element")
PLACEHOLDER = Limit(150, "characters", f"{_ELEMENTS}/select-menu-element")
INPUT_VALUE = Limit(3_000, "characters", f"{_ELEMENTS}/plain-text-input-element", least=0)
OPTION_TEXT = Limit(75, "characters", f"{_OBJECTS}/option-object")
OPTION_VALUE = Limit(150, "characters", f"{_OBJECTS}/option-object")
OPTION_URL = Limit(3_000, "characters", f"{_OBJECTS}/option-object")
GROUP_LABEL = Limit(75, "characters", f"{_OBJECTS}/option-group-object")
CONFIRM_TITLE = Limit(100, "characters", f"{_OBJECTS}/confirmation-dialog-object")
CONFIRM_TEXT = Limit(300, "characters", f"{_OBJECTS}/confirmation-dialog-object")
CONFIRM_ANSWER = Limit(30, "characters", f"{_OBJECTS}/confirmation-dialog-object")
