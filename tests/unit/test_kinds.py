"""What headings name, in newsletters of many communities. All headings are made up or everyday words."""

import pytest

from config.communities import names, profile
from formatters.document import Profile, SectionKind
from formatters.kinds import kinds_of
from formatters.sections import kind_named

BARE = Profile()

# fmt: off
ENGLISH = {
    "intro": ["Editor's Note", "Introduction", "TL;DR", "Welcome!", "In this issue"],
    "reading": [
        "News", "News & Articles", "📰 Headlines", "Articles, Tutorials and Talks", "Articles & Tutorials",
        "Interesting Projects, Tools and Libraries", "Projects & Code", "Code & Tools", "Blog Posts",
        "Worth Reading", "Videos & Podcasts", "🎧 Podcasts", "Papers", "Case Studies", "In Brief", "Links",
        "Books", "Tip of the Week", "Community News", "Package of the Week", "Plugin of the month", "Show & Tell", "Official", "Around the web", "Discussions",
        "[Research](https://example.org)", "1. Tutorials", "Miscellaneous", "Foundation News",
        "Community Meeting Summary", "Developer News", "Announcements", "Our Other Newsletters", "Meeting Notes", "Security advisories", "User stories",
    ],
    "questions": ["Q&A", "FAQ", "Questions and Answers", "Ask Us Anything", "Question of the week"],
    "releases": [
        "Releases", "New Releases", "🚀 New releases", "Releases (3)", "Version Updates", "What's New",
        "What's new in Lantern", "Features & Improvements", "Bug Fixes", "Notable bug fixes",
        "Third Party Projects", "Core Apps and Libraries", "Merged Pull Requests", "Accepted Proposals",
        "Compiler", "Changelog", "Deprecations", "Project Updates", "Roadmap", "Lantern 2.4 Release Notes",
        "RFCs", "Updates from the Core", "Tooling Updates", "What's Changed", "Build/Testing/CI", "Performance Improvement", "Breaking changes", "Commits and pull requests", "Package updates", "Core Development",
    ],
    "events": [
        "Events", "Upcoming Events", "Upcoming Events and Webinars", "📅 Meetups", "Calendar", "Conferences",
        "Community Call", "Office Hours", "Events | What a spring!", "Hackathon", "Webinars", "Meet Us",
        "Lantern Meetup #5, Hangzhou: how we moved a broker", "CFPs", "Call for talks", "Call for Papers", "Upcoming meetings",
    ],
    "contributors": [
        "New Contributors", "Contributors", "Thanks", "Shoutouts", "Kudos 🎉", "New Committers", "Hall of Fame",
        "Contributor of the Week", "Thank you!", "Acknowledgements", "People",
    ],
    "tasks": [
        "Good First Issues", "Help Wanted", "Call for Participation", "How You Can Help", "Get Involved",
        "Contribute to the weekly", "Starter tasks", "Calls for Testing", "Internships", "Help needed!",
        "Mentorship",
    ],
    "jobs": ["Jobs", "💼 Jobs", "Rust Jobs", "Who is hiring?", "Careers", "We're Hiring!", "Open positions", "Python jobs of the week"],
    "other": [
        "Quote of the Week", "That's all for this week!", "About us", "Event recap", "Past events", "Sponsors", "Connect with us",
        "Subscribe", "Follow us", "What's next", "Previous meetups",
    ],
}
CHINESE = {
    "intro": ["前言", "卷首语", "一、本周速览", "导读", "摘要", "刊首语", "封面图"],
    "reading": [
        "推荐阅读", "📚 推荐阅读", "本周推荐阅读", "一、文章推荐", "精选文章", "技术干货", "社区动态", "2. 社区新闻",
        "本周优质内容", "视频回放", "用户案例", "实践分享", "好文速递", "本周话题", "工具", "资源", "科技动态", "公告",
        "社区要闻", "博客精选", "本期精选", "教程", "会议纪要", "文摘", "本周图片", "软件", "灯塔源码解析系列", "内容推荐", "开发者声音｜博文",
    ],
    "questions": ["问答", "读者问答", "每周问答提炼", "常见问题", "技术答疑", "你问我答", "热门 Issue", "Issue 讨论", "社区问题汇总"],
    "releases": [
        "版本发布", "本周发布", "新版本发布", "🚀 版本更新", "主要更新", "项目进展", "灯塔 项目进展", "新功能", "新特性",
        "功能优化", "Bug 修复", "缺陷修复", "性能优化", "重要变更", "产品更新", "更新日志", "三、开发进展", "灯塔 2.4 版本发布",
        "代码合并", "PR 精选", "里程碑",
    ],
    "events": [
        "活动", "社区活动", "社区活动预告", "活动预告", "直播预告", "近期活动", "活动报名", "线下沙龙", "Meetup 预告",
        "📅 社区日程", "议题征集", "社区例会", "双周会", "峰会", "四、活动推荐", "活动预告：灯塔 Meetup 上海站",
        "【活动预告】", "黑客松",
    ],
    "contributors": [
        "贡献者", "本周贡献者", "社区贡献", "新增 Committer", "新晋 Committer", "致谢", "感谢以下贡献者", "社区之星",
        "本周 Contributor", "贡献榜", "新增贡献者", "MVP",
    ],
    "tasks": [
        "新手任务", "新手任务计划", "任务认领", "社区任务", "Contributor 招募", "如何参与贡献", "参与社区", "Good First Issue",
        "good first issue 推荐", "开源之夏", "待认领任务",
    ],
    "jobs": ["招聘", "招聘信息", "内推", "招贤纳士", "热招岗位", "工作机会", "社区招聘"],
    "other": ["活动回顾", "往期回顾", "Meetup 回顾", "Meetup 精彩回顾", "直播回顾", "关于我们", "加入社区", "言论", "订阅", "Workshop 回顾"],
}
NOTHING = [
    "写在最后", "Eventually consistent", "Rust", "灯塔", "Remove the old storage backend",
    "Add a service load balancer finalizer to the controller and its releaser", "中秋快乐", "2026-11-20", "", "🎉",
    "Why we took the whole pipeline apart and people of the team told their tools",
]
PROFILES = {
    "sofastack": {"SOFA WEEKLY | 每周精选": "intro", "每周读者问答提炼": "questions", "SOFAChannel#35": "events"},
    "twir": {"Crate of the Week": "reading", "CFP - Projects": "tasks", "CFP - Events": "events", "Oceania": "events"},
    "lwkd": {"Release Schedule": "releases", "KEP of the Week": "releases", "Developer News": "reading"},
    "default": {"News": "reading"},
}
# fmt: on


@pytest.mark.parametrize(
    ("title", "kind"),
    [(t, k) for table in (ENGLISH, CHINESE) for k, titles in table.items() for t in titles],
)
def test_everyday_headings_are_known(title: str, kind: str):
    """In English and in Chinese, with emoji, numbers, counts and names around them."""
    assert kind_named(title, BARE) == kind


@pytest.mark.parametrize("title", NOTHING)
def test_other_headings_name_nothing(title: str):
    """A word in a sentence says nothing about a section."""
    assert kind_named(title, BARE) is None


def test_every_profile_knows_its_headings():
    """Each ready profile is tried, and none is missing here."""
    assert set(PROFILES) == set(names())
    for name, titles in PROFILES.items():
        own = Profile(name, {SectionKind(k): words for k, words in profile(name).items()})
        assert {title: kind_named(title, own) for title in titles} == titles


def test_a_communitys_words_win_over_as_long_ones_of_ours():
    """They also count within a long heading."""
    own = Profile(
        "x", {SectionKind.JOBS: ("News from work", "Reading"), SectionKind.EVENTS: ("灯会",)}
    )

    assert kind_named("Reading", own) is SectionKind.JOBS
    assert (
        kind_named("The news from work that nobody has ever heard of anywhere", own)
        is SectionKind.JOBS
    )
    assert kind_named("灯会", own) is SectionKind.EVENTS


def test_what_an_aside_says_counts_where_nothing_else_does():
    """`(with a release)` is no release; a heading of an aside alone is."""
    assert kind_named("Events (and a release)", BARE) is SectionKind.EVENTS
    assert kind_named("Lantern (releases)", BARE) is SectionKind.RELEASES


def test_the_share_tells_how_much_of_a_heading_names_its_kind():
    """Of Chinese headings, names of projects and filling do not count."""
    kinds = kinds_of(BARE)

    assert [
        round(found.share, 1)
        for t in ("News", "The News", "Lantern 社区本周发布", "灯塔的发布")
        if (found := kinds.named(t))
    ] == [1, 0.6, 1, 0.4]


def test_a_heading_without_end_is_looked_at_no_further_than_its_beginning():
    """Neither its length nor the words in it take time."""
    assert kind_named("Release notes " * 100_000, BARE) is SectionKind.RELEASES
    assert kind_named("Zebra " * 100_000 + "release notes", BARE) is None


def test_words_are_made_ready_once():
    """The same profile gives the same object, so that nothing is compiled for every post."""
    assert kinds_of(Profile("a", {SectionKind.JOBS: ("x",)})) is kinds_of(
        Profile("a", {SectionKind.JOBS: ("x",)})
    )
