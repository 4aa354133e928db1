"""Where people meet, told in passing: `在杭州国际会议中心举行`, `at the Old Library, 5 Mill Lane`.

Pure and careful: what is not plainly a place is left out, for a place that is wrong sends people
to it.
"""

import re
from collections.abc import Iterator

from formatters.events.towns import TOWNS, TOWNS_ZH
from formatters.events.words import GATHERING, ONLINE
from formatters.moments import WEEKDAY

_CUT = " ｜ "  # stands where the day was
_MOST = 60  # letters of a place
_MOST_TEXT = 400  # letters of a sentence that are looked at
_PIECES = re.compile(r"[，。；！？：;!?｜|·•—–()（）@]|\s-\s|(?<!str)[.:]\s|(?<!\d),|,(?!\d)")

# ------------------------------------------------------------------ Chinese

_TOWN_ZH = "|".join(sorted(TOWNS_ZH, key=len, reverse=True))
_VENUE_ZH = re.compile(
    r"(?:[路街道巷弄号號楼樓层厦栋座幢]|大学|学院|校区|园区|公园|中心|广场|酒店|宾馆|会堂|礼堂|剧院|书店|咖啡[馆厅]?|空间"
    r"|[会展图体博书育览美术文化科技]馆|(?:软件|科技|产业|创意|工业|高新)园|[\u4e00-\u9fff]厅|[教会议验]室|室|会场|小镇|基地|总部|科技[园城]|创业园|科学城|学会堂|(?<![A-Za-z])\d+\s?[Ff])"
    r"(?:\s?[A-Za-z]?\d{1,5}(?:-\d{1,4})?\s?(?:[室层楼号厅]|会议室)?|[一二三四]期)?$"
)
_DISTRICT = re.compile(
    r"(?:[\u4e00-\u9fff]{2,4}[省市])?[\u4e00-\u9fff]{1,3}(?<![社专地分园赛时景校片战])区[\u4e00-\u9fff\w ·-]{2,20}"
)
_IN_ZH = re.compile(
    r"(?:[在于於]|来到|來到|走进|改到|换到|移步|改为)\s?([^，。；！？,;!?｜|（(《「【、在]{2,40}?)\s?"
    r"(?:(?:线下|现场|如期|隆重|正式|顺利|同步)?(?:举[行办]|舉[行辦]|召开|召開|开幕|开展|进行|开讲|与大家|和大家|等你|碰面|集合|[相再]?见)|(?=[，。；！？,;!?｜|（(、]|$))"
)
_NO_ZH = re.compile(
    r"[的了吗呢吧们]|\d\s?[月日]|频道|直播|线上|社区|群|我|你|他|同一?时间|[上中下]午|早上|晚上|会后|之后|期间"
)
_TOWN_FIRST = re.compile(rf"(?P<town>{_TOWN_ZH})(?:[市站场]|$|(?=\s))")

# ------------------------------------------------------------------ English

_WORD = r"[A-Z\u00c0-\u00de][\w.'’&-]*|[a-z]{1,3}[A-Z]\w+"
_RUN = (
    rf"(?:the\s)?(?:{_WORD}|\d{{1,5}}\w?)"
    rf"(?:,?\s(?:{_WORD}|\d{{1,5}}\w{{0,2}}|#[\w-]+|of|the|de|la|and|&|in)){{0,12}}"
)
_MEETS = r"(?:meet|meeting|gather|held|hosted|happening|place|be|are|is|us|back|social|party|party's|night|meetup|room|evening|venue)"
_AT = re.compile(
    rf"(?:(?P<near>｜\s{{0,2}},?\s?(?:at|in|@)\s|\b{_MEETS}\s(?:at|in)\s)|(?P<far>(?<!day\s)(?<!time\s)(?<![ap]m\s)\b(?:at|in)\s|\b(?:returns?|back|comes?|coming|moves?)\sto\s))(?P<place>{_RUN})"
)
_USUAL = re.compile(
    r"(?:(?:usual|same|regular) (?:place|venue|room|location)|老地方)\s?[（(]([^()（）]{2,60})[)）]",
    re.IGNORECASE,
)
_BESIDE_DAY = re.compile(
    r"\(([A-Z\u00c0-\u00de][\w .'-]{2,30}),\s*｜"
    r"|^\W{0,3}([A-Z\u00c0-\u00de][\w'-]{2,20}),\s(?:\w{3,6}day,?\s{0,2})?\s?｜\s{0,2},\s[A-Z\u00c0-\u00de]"
)
_LABEL = re.compile(r"地[点址](?:[:：]|仍?[为是在])\s?([^，。；！？,;!?（(]{2,40})")
_ROOM = re.compile(
    r"\b(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Lane|Sq|Square|Plaza|Hall|House|Room|(?<=\w\s)Building|Campus|University|College|Library|Cent(?:er|re)|Hotel"
    r"|Pub|Bar|Caf[eé]|Offices?|HQ|Hub|\w*[Ss]pace|Floor|Theat(?:er|re)|Museum|Church|Park|School|Institute|Works|Labs?|Auditorium|Tower|Quay|Court|Brewery"
    r"|Studios?|Coworking|Village|Arena|Garage|Foundry|Factory|Exchange|Embassy)\b|\w{3}(?:straat|stra(?:ss|ß)e|gasse|platz|weg|laan|gata|gatan)\b|\w{3}str\.|\bUniversit\w{1,3}\b|\bHochschule\b|\w{3}haus\b"
)
_TOWN = re.compile(
    rf"\b(?:{'|'.join(sorted(TOWNS, key=len, reverse=True))})\b(?!\s(?:time|Time))"
)
_STOP = re.compile(rf"\W{{0,3}}(?:{_TOWN_ZH})市?(?:站|专?场)[\s:：|｜·]{{1,3}}")
_ONLY_DAY = re.compile(r"[\d\s]+[号號层楼]")
_STATION = re.compile(
    rf"({_TOWN_ZH})\s?(?:站|场|专场|见|$)|\b({'|'.join(sorted(TOWNS, key=len, reverse=True))})$"
)
_TOWN_BEFORE = re.compile(
    rf"\w.*[,，(（|｜–—]\s?(?:{_TOWN.pattern}|{_TOWN_ZH})(?:,\s[A-Z][\w.]*)?\s?[\s,，:：|｜–—-]{{0,4}}$"
)
_TOWN_AFTER = re.compile(rf"\s?[,，(（|｜]\s?(?:{_TOWN.pattern}|(?:{_TOWN_ZH})(?!\w))")
_NO_EN = re.compile(
    r"^(?:the\s)?(?:Mon|Tues?|Wednes|Thurs?|Fri|Satur|Sun)(?:day)?s?\b"
    r"|^(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b|^\d{1,5}\w{0,2}$|^(?:English|German|French|Spanish|Chinese|Japanese|I|We|UTC|GMT)\b"
)
_ALSO = re.compile(r"\s*[+&/,]\s*(?:virtual|online|线上)\s*$", re.IGNORECASE)
_VIRTUAL = re.compile(
    r"^\W*(virtual|online|remote|hybrid|线上)\W*[（(]?(.*?)[）)]?\W*$", re.IGNORECASE
)
_TRAILING = re.compile(r"(?:,\sQ&A|,?\s(?:of|the|de|la|and|&|in))+$")


def place_in(before: str, after: str) -> str:
    """The place that a sentence tells before or behind its day, "" where it tells none."""
    text = f"{before[-_MOST_TEXT:]}{_CUT}{after[:_MOST_TEXT]}"
    found = [*_told(text), *_pieces(text)]
    fits = [one for one in found if 1 < len(one) <= _MOST and not ONLINE.search(one)]
    exact = (one for one in fits if not (one in TOWNS or one in TOWNS_ZH))
    return next(exact, fits[0] if fits else "")


def on_site(said: str) -> str:
    """A place without the words that tell of taking part from elsewhere."""
    virtual = _VIRTUAL.match(said)
    return virtual[2].strip(" -–—()（）") if virtual else _ALSO.sub("", said)


def town_of(name: str) -> str:
    """The town that a name ends with or that it is a station of: `Meetup 上海站`."""
    found = _STATION.search(name)
    return (found[1] or found[2]) if found else ""


def stands_by_town(before: str, after: str) -> bool:
    """Whether a town is told right beside a day: `BOB, Berlin, March 15`, `(Oslo, 5 May)`."""
    before = WEEKDAY.sub("", before)
    return bool(
        _TOWN_BEFORE.search(before) or (re.search(r"\w", before) and _TOWN_AFTER.match(after))
    )


def begins_with_town(before: str) -> bool:
    """Whether all that stands before a day is a town: `Brussels, 8–9 February`."""
    name = before.strip(" ,:：，")
    return bool(_TOWN.fullmatch(name) or re.fullmatch(_TOWN_ZH, name))


def is_station(before: str) -> bool:
    """Whether all that stands before a day is one stop of a tour: `深圳站 4 月 30 日`."""
    return bool(_STOP.fullmatch(before))


def is_venue(text: str) -> bool:
    """Whether a line begins with an address."""
    first = _PIECES.split(text)[0].strip(" .:：")
    return (
        1 < len(first) <= _MOST
        and not ONLINE.search(first)
        and (_is_venue_zh(first) or _is_venue(first))
    )


def _told(text: str) -> Iterator[str]:
    """Places behind a word that says so."""
    for told in (_USUAL, _LABEL):
        yield from (match[1].strip() for match in told.finditer(text))
    for match in _IN_ZH.finditer(text):
        place = match[1].strip()
        if _is_venue_zh(place):
            yield place
    for match in _AT.finditer(text):
        place = _TRAILING.sub("", match["place"]).strip(" ,.")
        sure = _ROOM.search(place) or _TOWN.search(place)
        named = match["near"] and not GATHERING.search(place)
        if not _NO_EN.search(place) and (sure or named):
            yield place
    for match in _BESIDE_DAY.finditer(text):
        place = match[1] or match[2]
        if not (_NO_EN.search(place) or GATHERING.search(place)):
            yield place


def _pieces(text: str) -> Iterator[str]:
    """Pieces between commas and bars that are nothing but a place."""
    for piece in (part.strip(" .:：") for part in _PIECES.split(text)):
        if (town := _TOWN_FIRST.match(piece)) and (
            town.end() == len(piece) or not _VENUE_ZH.search(piece)
        ):
            yield town["town"]
        elif _is_venue_zh(piece) or _is_venue(piece):
            yield piece


def _is_venue_zh(text: str) -> bool:
    if _NO_ZH.search(text) or _ONLY_DAY.fullmatch(text):
        return False
    return bool(
        _VENUE_ZH.search(text) or _DISTRICT.fullmatch(text) or re.fullmatch(_TOWN_ZH, text)
    )


def _is_venue(text: str) -> bool:
    """Whether an English piece is a town or has the words of an address, and nothing else."""
    if not re.fullmatch(_RUN, text) or _NO_EN.search(text) or GATHERING.search(text):
        return False
    return bool(_TOWN.fullmatch(text) or _ROOM.search(text))
