"""The words by which events are told from other dates, a table for each language joined in one.

Only data: another language is added here, nowhere else.
"""

import re
from collections.abc import Mapping, Sequence

UPCOMING, PAST, UNDATED = "upcoming", "past", "undated"

LABELS: Mapping[str, re.Pattern[str]] = {
    "register": re.compile(
        r"(?<!讲师)(?<!嘉宾)(?<!志愿者)(?<!议题)报名(?!时间|截止|开始|结束|日期)|注册(?!费)|预约|购票|门票|入口|regist|rsvp|sign.?up|tickets?", re.IGNORECASE
    ),
    "replay": re.compile(r"回放|回顾|录像|录播|replay|recording", re.IGNORECASE),
    "live": re.compile(
        r"直播间|直播(?:地址|链接|平台|入口)|dial-?in|(?:call|meeting) (?:link|url|details)|观看|入会|会议(?:链接|号|令|口令|密码|地址)|平台$|^(?:口令|密码|passcode|password)$|zoom|腾讯会议|\bjoin\b|stream|watch",
        re.IGNORECASE,
    ),
    "end": re.compile(r"^(?:活动|会议)?结束(?:时间)?$|^(?:ends?|finish(?:es)?|close)$", re.IGNORECASE),
    "start": re.compile(r"^(?:活动|会议|正式)?(?:开始|开场|开讲)(?:时间)?$|^(?:starts?|begins?)$", re.IGNORECASE),
    "when": re.compile(
        r"(?<!报名)(?<!截止)(?<!发布)(?<!更新)(?<!公布)(?<!原)(?<!原定)(?<!撰写)(?<!发稿)(?:时间(?:[和及与、/]?地点)?|日期|時間)$|^何时$"
        r"|^(?:date|time|when|(?:date|day|time)s? (?:and|&) (?:times?|place|venue|location))s?$|^(?:(?:event|new|meetup|meeting|start) (?:date|time)s?)$",
        re.IGNORECASE,
    ),
    "title": re.compile(r"(?:主题|题目|名称|主題|讲题)$|^(?:topic|title|event|name)$", re.IGNORECASE),
    "topic": re.compile(r"议题$|^(?:agenda|subject)$", re.IGNORECASE),
    "place": re.compile(r"(?:地点|会场|场地|場所|地點)$|^何地$|^(?:活动|会议|详细)?地址$|^(?:place|location|venue|where)$", re.IGNORECASE),
    "form": re.compile(r"(?:形式|活动方式|参与方式)$|^format$", re.IGNORECASE),
    "speakers": re.compile(r"(?:嘉宾|讲师|主讲人?|分享人|讲者|主持人?)$|^(?:speakers?|presenters?|hosts?)$", re.IGNORECASE),
}  # fmt: skip
"""What a line is about, by its label; the first that fits decides."""

DATED = re.compile(
    r"(?:日|节|day|night|kick-?off|开幕|闭幕|决赛|初赛|颁奖|典礼|仪式|路演|答辩)$",
    re.IGNORECASE,
)
"""Labels that name a day of their own: what stands behind them is another event."""

REVIEW = re.compile(
    r"回顾|纪要|复盘|集锦|往期|精彩瞬间|\brecap|retrospect|\bprevious|^\W*past\W*$|\bpast (?:events?|editions?|gatherings?|meet-?ups?|meetings?|sessions?|talks?|week|month|year)\b|summary of|\bmeeting notes\b|\bminutes\b(?! to\b)",
    re.IGNORECASE,
)
PREVIEW = re.compile(
    r"预告|报名|预约|即将|下一?[次期场站]|近期|upcoming|\bcoming up\b|\bnext\b|register|save the date|join us",
    re.IGNORECASE,
)
CALL = re.compile(
    r"\bcfps?\b|call for (?:papers|proposals|speakers|talks|participation)|议题征集|征稿",
    re.IGNORECASE,
)

FUTURE = re.compile(
    r"将[在于会带]|会(?:带来|为大家|举[办行]|召开|分享)|即将|届时|敬请|欢迎.{0,6}(?:报名|参加|参与|前来|来到|关注)|即可报名|报名|预约|不见不散|相约|邀请|期待|如期|锁定|准时|一起[去来听聊看逛]"
    r"|开播|(?:举办|举行|召开|开幕|开讲|开展|展开|进行)(?![了过完])|来到|就在|等你|[在于与和]?[^，。！~]{0,10}(?:见|相见|见面)[~～！!。]?$"
    r"|现场.{0,12}(?:见|聊|交流)|线下.{0,8}(?:见|交流|首秀)|欢迎"
    r"|定于|定档|照旧|照常|有[一两三]场|开启(?!了)|启动(?!了)|下一?[次期场站]"
    r"|\bwill\b|\bjoin\b|\bnext\b|\bwe'(?:re|ll)\b|\bwe (?:are|meet|have|run|celebrate|hack|gather|host|invite)\b|\btakes place\b|\b(?:is|are) (?:on|held|happening|back|scheduled)\b|\bstarts?\b|\breturns\b|\bcomes? to\b"
    r"|\bregister|\bsign up|\bupcoming\b|\brsvp\b|\bcoming up\b|\bsee you\b|\btake place\b|\bhosting\b|\bhosts\b|\bsave the date\b|\bmark your calendars?\b|\bhappens (?:on|in|at|from)?\b"
    r"|[定订訂][在於]|安排在"
    r"|\bstarting\b|\bbegins?\b|\bkicks? off\b|\bdoors\b|\bmeets\b|\bgoes ahead\b|\b(?:booked|set|planned|scheduled) for\b|\bcome (?:along|and|to|by)\b|\bbring (?:a|an|your)\b"
    r"|\bwe (?:discuss|talk|read|look|learn|explore|cover|continue|welcome|return|start)\b",
    re.IGNORECASE,
)
"""Words by which a sentence looks ahead."""

OVER = re.compile(
    r"(?:举办|举行|召开|结束|参加|发布|迎来|开源|完成|推出|分享|上线|宣布|进行|带来|开启|落下|见到|讨论|介绍)了|圆满|落幕|已经(?!敲定|定|确定|开放|开启|准备)|已于|曾|回顾|整理自"
    r"|根据.{0,40}(?:分享|演讲|整理)|演讲中|表示|宣布|刚刚|过去的|上周|昨[天日晚]|正式开源"
    r"|(?<!准备)(?<!邀请)(?<!安排)(?<!预留)(?<!开设)(?<!请)(?<!设)(?<!定)了\s?(?:\d|[一二两三四五六七八九十几数百])"
    r"|\bwas\b|\bwere\b|\bwent\b|\btook place\b|\bheld on\b(?<!be held on)|\blast (?:week|month|year)\b|\bthanks? (?:to|for)\b|\brecap\b",
    re.IGNORECASE,
)
"""Words by which a sentence looks back."""

GATHERING = re.compile(
    r"meet-?up|沙龙|一起[去逛]|例会|周会|双周会|月会|宣讲会|读书会|读书小组|聚会|年会|嘉年华|茶话会|交流会|发布会|研讨会|恳谈会|座谈|[市业园]行|大讲堂|讲坛|开放麦|答疑会|课堂|开课|大会|峰会|论坛(?!系统|升级|改版|账号|积分|帖|网站|版块|[上里中将])|workshop|工作坊|直播|讲座|公开课|主题分享|分享会|会议(?!室|中心|厅|系统|软件|功能)|路演|开放日|hackathon|黑客松|训练营|[夏冬]令营|见面会|首秀|专场|同场活动"
    r"|[a-z]conf?\b|conference|\bconf\b|summit|webinar|live ?stream|\btalks?\b|\bsession\b|office hours?|hack ?night|\bparty\b|社区活动|线下|线上"
    r"|(?:我们|咱们).{0,12}见|见[~～！]|不见不散|挑战赛|大赛|\bevent\b|\bgathering\b"
    r"|\bama\b|\b(?:summer|winter|spring|autumn|fall) school\b|hackfest|birds of a feather|show (?:and|&) tell|\bretreat\b|ask[- ]me[- ]anything|\bsprints?\b|bug ?bash|\bcamp\b|un-?conference|user group|community days?\b|\bkcd\b|devroom|install party|hack (?:day|&|and)|\bmeetings?\b|community call|\bcall on\b|\bstand-?ups?\b|\bfirst one\b|\bcourse\b|training|bootcamp"
    r"|下一?[场站]|将.{0,24}举[行办](?!了)|\bhosting\b|join us|drop in\b|\btakes? place\b|\bbe held\b|town hall|general assembly|\bagm\b|deep dive|demo day|fest\b|triage|\bcall (?:is|on|at)\b|(?:monthly|weekly|briefing|our|next) call\b|\b(?:will|to|we|we'll|let's|let us) meet\b|\bmeets (?:on|at|next|this|every|again|in)\b|book club|(?:reading|study|working) group|meet and|co-?working|watch party|\bfirst event\b|\bbrunch\b|\bbeers\b|\bdrinks\b|\bdinner\b|get-?together|social\b|stammtisch|road ?show|\bfest(?:ival)?\b|fosdem|devcon|\bfair\b|\bstream(?:ing)? (?:on|live|it|at)\b|bi-?weekly"
    r"|(?<![深半昨今连日熬彻当安午每])夜(?=$|[\s，。：、的因」])|(?:典礼|仪式|晚会|马拉松|之夜|共读|夜校|小聚|聚餐|开讲|校园行)|[于在][^，。]{1,30}(?:举[行办]|召开)(?![了过的])"
    r"|(?![统们者师时续]会)(?<!社)(?<!机)(?<!员)(?<!协)(?<!学)(?<!工)(?<!金)(?<!体)(?<!领)(?<!只)(?<!都)(?<!才)(?<!不)(?<!就)(?<!还)(?<!也)(?<!将)[\u4e00-\u9fff]会(?=$|[\s:：，,。、；（(「《｜|！!将订定改延在于])|首场|第[一二三四五六七八九十\d]+[场站]|现场[版录]|\d\s?个(?:座位|席位|名额)"
    r"|\b(?!\w+day\b|(?:last|every|each|one|that|per|all|the|first|this|late|over)\b)\w+[ -]nights?\b|\bdoors(?: open)?(?: at| from)? \d|\b(?:seminar|symposium|colloquium|lecture(?! notes)|masterclass|dojo|reunion|congress|expo|picnic|barbecue|lunch|breakfast|quiz night|pub quiz|kick-?off|fireside|panel discussion|open (?:house|day|hours)|(?:game|code) jam)\b"
    r"|\b(?:virtual|online|in-person|hybrid) (?:one|edition|session|gathering|round)\b"
    r"|\b(?!(?:Release|Launch|Labou?r|May|Boxing|Memorial|Independence|Thanksgiving|Valentine|Christmas|Pi|Election|Victory|Mother|Father|Earth|Every|Same|One|Rest|Business|Working)\b)(?-i:[A-Z][\w+#.-]{2,} Days?)\b",
    re.IGNORECASE,
)
"""Words for what people come together for."""

DECOY = re.compile(
    r"截止|截至|截稿|deadline|公布|名单|结果|提交|freeze|投稿|中选|\bdue\b|close[sd]?\b|\beol\b|end of life|生效|调休|放假|假期(?!之?后|结束|归来|过后)|双十一"
    r"|停机|维护|升级|upgrade|(?<!to be )decided|回放|录像|recordings? (?:is|are|of|will be)\b|\bthe (?:recordings?|videos?|slides)\b|(?<!现场)投票|提名|公示|揭晓|寄出|申报|评审(?!会)|\bcfps?\b|call for|extended|migrat|灰度|涨价|抽奖|开奖|中奖|早鸟|领票|之?前(?:报名|注册|提交|回复|完成|发送|填写|投递)|招募|征集|early.?bird|ticket sales|\bon sale\b|\bapply\b|maintenance|downtime|winners|notif(?:y|ied)|\bsubmi|nominat"
    r"|\bvot(?:e|ing)\b|registration (?:opens|ends)|holidays?\b(?! (?:party|social|meet|special|dinner|drinks|get|event|edition|hack))|\balpha\b|\bbeta\b|\bga\b|\brc ?\d|deprecat|\b(?:archived|removed|retired|revoked|deleted|disabled|discontinued|sunset|shut(?:s|ting)? down|(?:switched|turned) off)\b|drops? support|(?<!to )be announced"
    r"|(?:报名|申请|注册|投票|征集|招募|问卷)[^，。；]{0,16}(?:结束|关闭|开放|开启|开始)|下线|关停|全量|放量|切换|补丁|[一二三四五六七八九\d]\s?折|上新|优惠|拼团|促销|凌晨|割接|不可(?:用|登录|访问)|停电|关机|下架|冻结|封[版板]|发版|清零|过期|到期|发货|值班|工单|扩容|重启|恢复(?:正常|服务|响应)|归档|失效|作废|放弃|领取|账单|配额|开放[^，。；]{0,16}(?:购买|下载|申请|注册|预订|公测|内测)"
    r"|\b(?:registration|rsvps?|tickets?|applications?|voting|ballot|survey|sign-?ups?|nominations?|comments?|comment period)\b[^,.;]{0,30}\b(?:ends?|closes?|ending|closing|opens?|until)\b|\bexpires?\b|\bdrops\b|\bairs?\b|\bepisode\b|\bpreorders?\b|\bships?\b|\barrives? (?:on|in)\b|放出|剪辑|[开停]售|开抢|售罄|售票|上架",
    re.IGNORECASE,
)
"""Words of dates on which nobody meets."""

RELEASED = re.compile(r"发布(?!会)|release[sd]?\b|上线|更新|版本", re.IGNORECASE)
"""Words of dates on which something comes out, unless it does so in front of people."""
CHANGES = re.compile(
    r"更新日志|版本说明|路线图|change ?log|release notes|what's new|roadmap|\bstatus\b",
    re.IGNORECASE,
)
"""Words of a post about work: what it is about is named there like what people meet for."""
INVITES = re.compile(
    r"\bjoin\b|regist|rsvp|\battend|sign up|\bmeet\b|invite|报名|欢迎|参加|预约|见面|不见不散",
    re.IGNORECASE,
)
"""Words that ask people to come."""
AUDIENCE = re.compile(
    r"meet-?up|沙龙|直播(?!回放|录像)|webinar|live ?stream|workshop|工作坊|公开课|分享会|发布会|大会|峰会|例会|双周会|见面会",
    re.IGNORECASE,
)
"""Words of a gathering at which also a release may be talked about."""
HOLIDAY = re.compile(
    r"(?:双十一|双 ?11|618|元旦|春节|清明|五一|端午|中秋|国庆|劳动节|除夕|圣诞)[节]?(?:假期|期间|放假)?|christmas|new year.{0,8}",
    re.IGNORECASE,
)

ENDS = re.compile(
    r"[开停]售|早鸟|early.?bird|\brsvps? opens?\b|截止|截稿|征集|deadline|\bcfps? clos|\b(?:registration|applications?|voting) (?:ends?|closes?|opens?)\b",
    re.IGNORECASE,
)
"""Words of something that is to be done by a day, in whatever list it stands."""

LIMIT = re.compile(
    r"(?:\b(?:until|till|by|before|since|prior to|no later than|between|\bbetween\b[^.;]{0,24}\band|ends?(?: on)?|as of)|截止到?|截至|早于|[在于请]最晚|(?:即日|现在|今[天日])起[至到]?|(?:报名|注册|购票|申请|投票|征集|保留|持续|延长|有效)[^，。；]{0,8}[至到])[^\w，。；,;(（]*(?:\w+day)?[^\w，。；;(（]*$",
    re.IGNORECASE,
)
"""Words before a day by which something is to be done."""
STAGES = re.compile(r"招募|面试|审核|评选|考核|缴费|公示|提交|征集|投票|提名|兑换")
"""Labels of a stage of something that people go in for: its days are no event."""
LIMITED = re.compile(
    r"\s?之?后(?![天台续])|[^，,。；;]{0,12}?(?:之前|以前|截止|为止|(?<![节会赛年此目当提课])前(?![往来沿端后]))"
)
"""Words behind a day by which something is to be done."""

CALLED_OFF = re.compile(
    r"取消|延期|改期|推迟|延后|顺延|原定|原计划|暂停|停办|cancel?led|called off|postponed|rescheduled|originally|^停(?!车)|\|\s?停(?!车)|no meeting|\bskip|\bclosed\b|\bmov(?:es|ed|ing)\b[^.]{0,30}\bfrom\s(?:\w+day\b|(?:the\s)?\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\s\d)",
    re.IGNORECASE,
)
"""Words of what does not take place, or not then."""
KEPT = re.compile(
    r"恢复|照常|照旧|仍|如期|不变|不受影响|\b(?:back|resumes?|stays?|continues?|goes ahead|as (?:usual|planned))\b",
    re.IGNORECASE,
)
"""Words of what takes place although something beside it does not."""
MOVED = re.compile(
    r"(?:(?:延期|改期|推迟|延后|顺延|调整|改|提前|变更|更改)[^，。]{0,8}?[至到为在于]|(?:postponed|move[sd]?|moving|rescheduled|pushed|shifted)[^.]{0,48}?\bto)\W*(?:\w+day)?\W*$",
    re.IGNORECASE,
)
"""Words before the day on which it takes place after all."""

NEXT = re.compile(
    r"下一?[次期场站]|\bnext\b|\bagain on\b|\bwill (?:meet|be back|return)\b", re.IGNORECASE
)
"""Words of what comes after that of which is told."""

ONLINE = re.compile(
    r"线上|直播|钉钉(?:会议|直播)|腾讯会议|飞书会议|入会|会议[号令]|\bzoom\b|\bonline\b|\bvirtual|webinar|\bhybrid\b|webcast|live ?stream|youtube|b ?站|哔哩|bilibili|视频号|抖音|\bwebex\b|bigbluebutton|\bmatrix\b"
    r"|\bremote\b|\birc\b|discord|google meet|jitsi|\bwatch (?:on|live|it on)\b|\bon (?:the|our) channel\b|\bstreamed\b|\bstreams (?:its|the|our|live)\b|teams meeting|\btwitch\b",
    re.IGNORECASE,
)
BOTH_WAYS = re.compile(r"hybrid|同步|线上线下|线下线上|\bonline\b", re.IGNORECASE)
"""Words of a page about something to which one may come, or watch it from elsewhere."""
ROOM = re.compile(
    r"//(?:[\w-]+\.)*(?:zoom\.us|meet\.google\.com|meeting\.tencent\.com|teams\.microsoft\.com|feishu\.cn|live\.bilibili\.com|youtube\.com|youtu\.be|jit\.si|webex\.com)/"
)
"""Addresses at which people meet or watch."""
ON_SITE = re.compile(r"线下|现场|同场|\bin[- ]person\b|on[- ]site", re.IGNORECASE)

KINDS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("call-for-papers", CALL),
    ("contest", re.compile(r"挑战赛|大赛|竞赛|比赛|开源之夏|编程之夏|暑期 ?20\d\d|summer of code|hackathon|黑客松|challenge|征文|申请(?:通道|时间)|学生申请", re.IGNORECASE)),
    ("workshop", re.compile(r"workshop|工作坊|训练营|boot ?camp|hands-on|动手", re.IGNORECASE)),
    ("community-meeting", re.compile(r"社区会议|例会|周会|双周会|community (?:meeting|call)|team meeting|office hour|sig meeting|(?:入会|会议[号令])", re.IGNORECASE)),
    ("livestream", re.compile(r"直播|webinar|sofachannel|live ?stream|线上分享|公开课", re.IGNORECASE)),
    ("meetup", re.compile(r"meet-?up|沙龙|见面会|hack ?night|user group|study|hang-?out|hack and learn|social", re.IGNORECASE)),
    ("conference", re.compile(r"大会|峰会|conference|\bconf\b|summit|[a-z]con\b|论坛|开放日", re.IGNORECASE)),
    ("meetup", re.compile(r"线下|meet|hack", re.IGNORECASE)),
    ("community-meeting", re.compile(r"会议(?!室|中心|厅)|meeting", re.IGNORECASE)),
)  # fmt: skip
"""What an event is; the first that fits decides, looked for in its title first."""

GENERIC = re.compile(
    r"(?:[\W_]|社区|近期|本周|本期|最新|精彩|云原生|开源|技术|活动|会议|直播|日历|预告|报名|推荐|信息|详情|概要|介绍|安排|时间|通知|线上|线下|关于|点击即可"
    r"|coming|up|what's|on|ahead|dates?|diary|安排|排期"
    r"|upcoming|community|this|week|the|events?|meetups?|meetings?|announcements?|calendar|details|save|date|rusty|and|of|for|&)+",
    re.IGNORECASE,
)
"""Headings of which nothing is left without these words name no event."""
TAKES_PART = re.compile(
    r"进入?直播间|填写|问卷|参与方式|参加方式|加入方式|\breserve\b|\battend\b|save your (?:seat|spot|place)|fill (?:in|out)|\benro",
    re.IGNORECASE,
)
"""Words of a line whose address one opens to take part."""
ASIDE = re.compile(
    r"calendar|agenda|\bslides?\b|minutes|\bnotes\b|\bmaps?\b|日历|议程|地图|幻灯|讲稿|投稿|speak|\bcfp\b|proposal|code of conduct",
    re.IGNORECASE,
)
"""Words of a link that leads to something beside an event."""
MAP = re.compile(
    r"openstreetmap\.org/|osm\.org/go|/maps?[/.?@]|//maps?\.|amap\.com|/(?:way|node)/\d"
)
"""Addresses that show where a place is."""
ASKS = re.compile(
    r"详情|链接|戳|点击|官网|主页|\bdetails?\b|more info|\blink\b|\bwebsite\b", re.IGNORECASE
)
"""Words of a line that leads to where one can take part."""
YEARLY = re.compile(
    r"年[度终](?:的?总结|盘点|回顾|报告)|year in review|annual (?:report|review)|looking back",
    re.IGNORECASE,
)
"""Words of a post that tells of the year behind it: its days without a year are of that one."""
WEEKLY = re.compile(
    r"weekly|周刊|每周|周报|digest|newsletter|this week in|月刊|双周刊|第.{1,4}期|速递|一览|汇总|排期|月报|简报|简讯|快报|盘点|roundup|what's (?:on|happening)|\bnews\b",
    re.IGNORECASE,
)
"""Words of a post that tells of many things."""
AGENDA = re.compile(r"议程|日程|流程|安排|agenda|schedule|program", re.IGNORECASE)

SAME_HOURS = re.compile(
    r"同一?时间|老时间|时间不变|时间(?:都|也)?(?:一样|相同|照旧)|\b(?:same|usual) (?:time|hour)",
    re.IGNORECASE,
)
"""Words of an event that begins at the hour of the one before it."""
SHARED = re.compile(
    r"统一|共用|同一个?(?:链接|入口|表单)|(?:[两三四五六各]|所有|全部)[站场]|\b(?:both|all|either|each)\b",
    re.IGNORECASE,
)
"""Words by which a line speaks of several events at once."""

CANCELLED = re.compile(
    r"^\W*(?:本次|本场)?(?:活动|直播|会议)?(?:已|被)?取消(?=\W|$)|[【（(\[]\W*(?:活动)?(?:已|被)?取消\W*[】）)\]]|(?:已|被)取消\W*$|取消(?:举办|举行|通知)"
    r"|^\W*cancel+ed\b|\bcancel+ed\W*$|\b(?:is|was|been) cancel+ed\b",
    re.IGNORECASE,
)
"""A title that says that what it announced does not take place."""
