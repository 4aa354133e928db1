"""The words of the command, in the languages that people type them in.

Pure. What the verbs do is in the modules named like them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum


class Verb(StrEnum):
    """What can be asked for. The ones with an underscore are said by buttons only."""

    LATEST = "latest"
    ISSUE = "issue"
    LIST = "list"
    LIST_TURN = "list_turn"
    SEARCH = "search"
    MEETUPS = "meetups"
    MEETUPS_TURN = "meetups_turn"
    MEETUP = "meetup_details"
    CALENDAR = "meetup_calendar"
    REMIND = "remind_on"
    FORGET = "remind_off"
    MEETUP_ADD = "meetup_add"
    MEETUP_EDIT = "meetup_edit"
    MEETUP_CANCEL = "meetup_cancel"
    MEETUP_SAVE = "meetup_save"
    MEETUP_CALL_OFF = "meetup_call_off"
    HELP = "help"
    HOME = "home"
    REPOST = "repost"
    REPOST_CONFIRM = "repost_confirm"
    REPOST_CANCEL = "repost_cancel"
    SKIP_POST = "skip_post"
    SKIP_ALL = "skip_all"
    APPROVE = "approve_post"
    DECLINE = "decline_post"
    STATUS = "status"
    PAUSE = "pause"
    RESUME = "resume"
    RECALL = "recall"
    RECALL_CONFIRM = "recall_confirm"
    PREVIEW = "preview"
    WHY = "why"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    SETTINGS = "settings"


FOR_MAINTAINERS = frozenset(
    {
        Verb.REPOST,
        Verb.REPOST_CONFIRM,
        Verb.REPOST_CANCEL,
        Verb.SKIP_POST,
        Verb.SKIP_ALL,
        Verb.APPROVE,
        Verb.DECLINE,
        Verb.STATUS,
        Verb.PAUSE,
        Verb.RESUME,
        Verb.RECALL,
        Verb.RECALL_CONFIRM,
        Verb.PREVIEW,
        Verb.WHY,
        Verb.MEETUP_ADD,
        Verb.MEETUP_EDIT,
        Verb.MEETUP_CANCEL,
        Verb.MEETUP_SAVE,
        Verb.MEETUP_CALL_OFF,
    }
)

DEEDS: Mapping[str, Verb] = {
    **dict.fromkeys(("add", "new", "添加", "新增"), Verb.MEETUP_ADD),
    **dict.fromkeys(("edit", "correct", "编辑", "修改", "更正"), Verb.MEETUP_EDIT),
    **dict.fromkeys(("cancel", "call-off", "取消"), Verb.MEETUP_CANCEL),
}
"""What maintainers do with a meetup: the word behind `meetup`."""

ALIASES: Mapping[Verb, tuple[str, ...]] = {
    Verb.LATEST: ("newest", "last", "最新", "最新一期", "最近一期"),
    Verb.ISSUE: ("show", "read", "issues", "查看", "阅读", "期"),
    Verb.LIST: ("ls", "archive", "past", "列表", "往期", "历史", "归档"),
    Verb.SEARCH: ("find", "grep", "搜索", "搜", "查找", "检索"),
    Verb.MEETUPS: ("meetup", "events", "event", "活动", "近期活动", "聚会", "线下活动"),
    Verb.HELP: ("?", "？", "-h", "--help", "usage", "帮助", "说明", "怎么用"),
    Verb.REPOST: ("resend", "重发", "重新发布", "补发"),
    Verb.STATUS: ("state", "health", "状态"),
    Verb.PAUSE: ("stop", "mute", "暂停"),
    Verb.RESUME: ("unpause", "continue", "恢复"),
    Verb.RECALL: ("withdraw", "unpublish", "撤回"),
    Verb.PREVIEW: ("预览",),
    Verb.WHY: ("explain", "为什么", "为何", "原因"),
    Verb.SUBSCRIBE: ("follow", "订阅"),
    Verb.UNSUBSCRIBE: ("unfollow", "退订", "取消订阅"),
    Verb.SETTINGS: ("config", "设置"),
}
"""Other words for the same, typed by people; the first Chinese one is shown in help."""

KNOWN: Mapping[str, Verb] = {verb.value: verb for verb in Verb} | {
    alias: verb for verb, aliases in ALIASES.items() for alias in aliases
}

CHINESE = re.compile(r"^[\u4e00-\u9fff]+$")
ISSUE_LIKE = re.compile(r"#?\d{1,8}|\d{4}([-/.]?)\d{2}\1\d{2}|第\s*\d+\s*期")


@dataclass(frozen=True, slots=True)
class Asked:
    """A verb and what was said with it."""

    verb: Verb
    words: str


def asked(first: str, rest: str) -> Asked | None:
    """Find out what is asked for.

    Args:
        first: the first word, in small letters; "" for a bare command, which asks for help.
        rest: what follows, as written.

    Returns:
        None for a word that nobody knows. A number or a date alone asks for that issue; Chinese
        verbs need no space behind them.
    """
    if not first:
        return Asked(Verb.HELP, "")
    if first in KNOWN:
        return _of_meetups(Asked(KNOWN[first], rest))
    whole = f"{first} {rest}".strip()
    if ISSUE_LIKE.fullmatch(whole):
        return Asked(Verb.ISSUE, whole)
    glued = max(
        (w for w in KNOWN if CHINESE.match(w) and first.startswith(w)), key=len, default=""
    )
    if glued:
        return _of_meetups(Asked(KNOWN[glued], f"{first[len(glued) :]} {rest}".strip()))
    return None


def _of_meetups(asked: Asked) -> Asked:
    """What maintainers do with a meetup is a verb of its own."""
    first, _, rest = asked.words.partition(" ")
    if asked.verb is Verb.MEETUPS and first.lower() in DEEDS:
        return Asked(DEEDS[first.lower()], rest.strip())
    return asked


def nearest(word: str) -> Verb | None:
    """The verb that somebody may have meant, None if nothing is near."""
    typed = [name for name in KNOWN if "_" not in name]
    close = get_close_matches(word.lower(), typed, n=1, cutoff=0.6)
    return KNOWN[close[0]] if close else None


def spoken(verb: Verb, language: str) -> str:
    """The words for a verb that help shows in a language."""
    if verb in DEEDS.values():
        of_deed = [word for word, deed in DEEDS.items() if deed is verb]
        chosen = next(word for word in of_deed if CHINESE.match(word) or language != "zh")
        return f"{spoken(Verb.MEETUPS, language).removesuffix('s')} {chosen}"
    chinese = (alias for alias in ALIASES.get(verb, ()) if CHINESE.match(alias))
    return next(chinese, verb.value) if language == "zh" else verb.value
