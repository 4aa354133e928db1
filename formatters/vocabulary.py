"""What newsletters in general call their sections, in English and Chinese: words, and nothing else.

Pure data. What they decide is in `formatters.kinds`.
"""

import re
from collections.abc import Mapping

from formatters.document import SectionKind

ALWAYS = frozenset(
    [
        "meetup",
        "meetups",
        "webinar",
        "webinars",
        "workshop",
        "workshops",
        "hackathon",
        "hackathons",
        "contributor",
        "contributors",
        "release",
        "releases",
        "jobs",
        "hiring",
        "faq",
    ]
)
"""Words that decide wherever they stand in a heading."""
FILLING = ("of", "the")  # `Jobs of the week` are jobs, `Zebra of the week` is worth a look
NEUTRAL = re.compile("社区|本周|每周|本期|本月|近期|最新|最近")
"""What is written beside any word, and says nothing of the kind."""

# fmt: off
WORDS: Mapping[SectionKind, tuple[str, ...]] = {
    SectionKind.INTRO: (
        "about this week", "introduction", "intro", "editor s note", "editorial", "foreword", "preface",
        "welcome", "hello", "tl dr", "summary", "overview", "at a glance", "in this issue",
        "前言", "卷首语", "刊首语", "封面图", "编者按", "编者的话", "引言", "导读", "导语", "概要", "摘要", "概览", "开篇", "本期看点",
        "本周速览", "本期内容", "写在前面", "大家好",
    ),
    SectionKind.READING: (
        "news", "announcements", "announcement", "headlines", "top stories", "press", "in the news",
        "blog posts", "blogs", "blog", "blogosphere", "articles", "article", "posts", "stories", "reading",
        "read", "reads", "recommended reading", "worth reading", "further reading", "must read", "essays",
        "papers", "paper", "research", "case studies", "case study", "user stories", "tutorials", "tutorial",
        "guides", "how to", "howtos", "walkthroughs", "resources", "links", "link roundup", "miscellaneous",
        "misc", "in brief", "quick bytes", "newsletters", "other newsletters", "observations", "thoughts",
        "discussions", "discussion", "opinions", "videos", "video", "talks", "screencasts", "podcasts",
        "podcast", "audio", "recordings", "media", "books", "book", "documentation", "docs", "learning",
        "featured", "community news", "community updates", "from the community", "around the web",
        "interesting projects", "projects tools and libraries",
        "code and tools", "tools and libraries", "tools", "libraries", "projects", "projects and code", "showcase", "show and tell", "show tell", "show hn", "picks",
        "of the week", "of the month", "from the team", "updates from the community", "official", "project spotlight", "tip of the week", "tips",
        "tips and tricks", "graph of the week", "security advisories", "quiz", "survey", "surveys",
        "foundation", "governance", "meeting summary", "meeting notes", "meeting minutes", "steering committee",
        "推荐阅读", "阅读推荐", "延伸阅读", "相关阅读", "阅读", "精选文章", "文章", "好文", "技术文章", "博客",
        "博文", "解析", "剖析", "系列", "合集", "合辑", "集锦", "专栏", "干货", "教程", "实践", "案例", "用户故事",
        "新闻", "资讯", "动态", "要闻", "头条", "快讯", "速递", "大事件", "大事记", "公告", "通知", "获奖", "喜报",
        "视频", "回放", "录播", "播客", "分享", "资源", "工具", "软件", "图片", "课程", "新奇", "文摘", "论文", "书籍", "好书", "学习资料", "文档", "精选",
        "本周话题", "热门话题", "热点", "社区声音", "媒体报道", "会议纪要", "例会纪要", "周会纪要", "调研", "问卷",
        "内容推荐", "优质内容", "精彩内容", "推荐内容", "特辑",
    ),
    SectionKind.QUESTIONS: (
        "questions", "question", "question of the week", "q a", "q and a", "qa", "faq", "faqs",
        "questions and answers", "ask", "ask us", "ask me anything", "ama", "help desk", "stack overflow",
        "from the forum",
        "读者问答", "问答", "问题解答", "疑难解答", "答疑", "解惑", "常见问题", "你问我答", "issue 精选", "issue 讨论",
        "issue 解答", "热门 issue", "问题精选", "用户问题", "社区问题", "问题汇总",
    ),
    SectionKind.RELEASES: (
        "releases", "release", "released", "version updates", "new releases", "release notes",
        "release schedule", "changelog", "changelogs", "change log", "changes", "breaking changes",
        "project updates", "updates", "update", "updates from", "project news", "projects updates", "package updates", "new packages",
        "new versions", "new version", "versions", "what s new", "whats new", "new features", "features",
        "enhancements", "improvements", "improvement", "performance improvement", "what s changed", "whats changed", "bug fix", "experimental", "ecosystem", "upstream", "build test ci", "build testing ci", "infra changes", "bug fixes", "bugfixes", "fixes", "bugs fixed",
        "performance improvements", "refactor", "refactoring", "code refactoring", "deprecations", "deprecated", "new projects",
        "third party projects", "core apps", "circle apps", "core apps and libraries",
        "circle apps and libraries", "apps and libraries", "shell extensions",
        "merged", "merges", "merged pull requests", "pull requests", "merged prs", "notable prs",
        "featured prs", "recent prs", "notable changes", "notable bug fixes", "notable new features",
        "notable ui improvements", "commits", "commits and pull requests",
        "development", "core development", "development updates", "dev updates", "engineering updates",
        "proposals", "accepted proposals", "rfcs", "rfc", "approved rfcs", "approved rfc s", "new rfcs",
        "new rfc s", "final comment period", "roadmap", "progress", "status updates", "subprojects",
        "dependency updates", "compiler", "language", "standard library", "core library",
        "发布", "版本", "版本发布", "项目进展", "开源进展", "新版本", "更新日志", "变更日志", "发布公告", "版本更新", "产品更新",
        "功能更新", "代码更新", "主要更新", "本周更新", "最近更新", "更新内容", "更新", "新功能", "新特性", "新增功能", "特性",
        "功能优化", "性能优化", "优化", "改进", "修复", "重构", "重要变更", "变更", "代码合并", "合并的 pr",
        "pr 精选", "重点 pr", "开发进展", "研发进展", "项目动态", "进展", "里程碑", "路线图", "提案", "发布计划",
    ),
    SectionKind.EVENTS: (
        "events", "event", "meetups", "meetup", "meet ups", "meet us", "upcoming events", "upcoming meetups",
        "upcoming", "calendar", "conferences", "conference", "meetings", "meeting", "webinars", "webinar",
        "workshops", "workshop", "hackathon", "hackathons", "office hours", "community call",
        "community calls", "community meeting", "community meetings", "save the date", "livestream",
        "live streams", "online programs", "call for papers", "call for talks", "call for sessions", "call for proposals", "cfp", "cfps",
        "call for speakers", "training",
        "活动", "会议", "直播", "直播预告", "直播报名", "活动预告", "活动报名", "活动发布", "活动日历", "预告", "报名",
        "线下", "沙龙", "讲座", "研讨会", "公开课", "训练营", "峰会", "大会", "发布会", "社区例会", "例会", "周会",
        "双周会", "议题征集", "讲师招募", "嘉宾招募", "日程", "黑客松", "大赛", "比赛", "开放麦", "见面会",
    ),
    SectionKind.CONTRIBUTORS: (
        "contributors", "contributor", "new contributors", "contributor of the week", "shoutouts",
        "shout outs", "shoutout", "thanks", "thank you", "credits", "acknowledgements", "acknowledgments",
        "kudos", "new committers", "new committer", "committers", "new maintainers", "new members",
        "first time contributors", "hall of fame", "people", "contributions", "community contributions",
        "贡献者", "贡献", "致谢", "感谢", "鸣谢", "新增 committer", "新晋 committer", "committer", "新成员",
        "荣誉榜", "贡献榜", "社区之星", "社区荣誉", "光荣榜", "排行榜", "mvp", "新晋", "维护者", "贡献排行",
    ),
    SectionKind.TASKS: (
        "call for participation", "call for contributions", "call for contributors", "calls for help",
        "call for help", "help wanted", "help needed", "wanted", "good first issues", "good first issue",
        "first issues", "starter tasks", "starter issues", "easy issues", "beginner issues", "calls for testing",
        "call for testing", "call for testers", "contribute", "contribute to", "contributing", "how to contribute",
        "get involved", "getting involved", "join in", "how you can help", "how to help", "ways to help",
        "tasks", "task", "open tasks", "todo", "mentoring", "mentorship", "internships", "bounties",
        "summer of code", "outreachy",
        "新手任务", "任务计划", "任务", "社区任务", "新手 issue", "入门任务", "任务发布", "任务认领", "待认领", "征集",
        "招募", "contributor 招募", "贡献者招募", "如何贡献", "参与贡献", "贡献指南", "参与我们", "参与社区", "参与方式",
        "需要帮助", "求助", "悬赏", "开源之夏", "编程之夏",
    ),
    SectionKind.JOBS: (
        "jobs", "job", "job board", "job openings", "hiring", "we are hiring", "we re hiring", "careers",
        "career", "who is hiring", "who s hiring", "open positions", "positions", "vacancies",
        "work with us", "opportunities",
        "招聘", "招贤纳士", "招人", "职位", "岗位", "内推", "求职", "工作机会", "加入团队", "团队欢迎你加入", "人才",
        "实习生", "实习", "校招", "社招",
    ),
    SectionKind.OTHER: (
        "quote of the week", "quotes of the week", "quote", "quotes", "that s all", "that is all", "finally",
        "and finally", "wrap up", "wrapping up", "closing", "see you next week", "until next week",
        "what s next", "next week", "coming next", "thanks for reading", "about us", "about", "follow us",
        "contact", "contact us", "connect with us", "what s up next", "join us", "join the community", "feedback", "subscribe", "unsubscribe",
        "sponsors", "sponsor", "sponsored", "supporters", "license", "credits for this issue",
        "retrospective", "event reports", "event report", "event recap", "recap", "past events",
        "previous events", "previous meetups", "past meetups",
        "活动介绍", "活动规则", "活动议程", "活动指南", "活动流程", "活动奖品", "活动守则", "回顾", "活动回顾",
        "会议回顾", "直播回顾", "往期回顾", "往期活动", "往期", "往年回顾", "历史回顾", "精彩瞬间", "言论",
        "金句", "结语", "结尾", "后记", "尾声", "下周计划", "下期预告", "关于我们", "关注我们", "联系我们", "加入社区",
        "加入我们的社区", "交流群", "互动群", "用户群", "社区群", "扫码", "公众号", "订阅", "投稿", "赞助", "反馈",
        "更多信息", "版权",
    ),
}
# fmt: on

WEAK = (
    "links",
    "resources",
    "docs",
    "documentation",
    "talks",
    "videos",
    "video",
    "tools",
    "books",
    "recordings",
    "rfcs",
    "rfc",
    "compiler",
    "language",
    "features",
    "changes",
    "updates",
    "分享",
    "资源",
    "视频",
    "回放",
    "文档",
    "工具",
    "软件",
    "图片",
    "课程",
    "通知",
    "更新",
    "优化",
    "特性",
)
"""Words that may as well name a part of something else, as videos of events."""
