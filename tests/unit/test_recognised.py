"""What of a history's headings and standing text is known."""

from formatters.document import Post, Profile, SectionKind, Site
from formatters.read import read_post
from formatters.recognised import HeadingUse, Recognised, Source, recognised

OWN = Profile("lantern", {SectionKind.EVENTS: ("Gatherings",)})


def report(*bodies: str, profile: Profile = OWN, dated: bool = True) -> Recognised:
    return recognised(
        [a_post(n, body, profile, dated) for n, body in enumerate(bodies, 1)], profile
    )


def a_post(day: int, body: str, profile: Profile, dated: bool) -> Post:  # noqa: FBT001  a builder
    head = f"date: 2026-11-{day:02}\n" if dated else ""
    text = f"---\ntitle: Issue {day}\n{head}---\n\n{body}\n"
    return read_post(text, path=f"{day}.md", site=Site(profile=profile))


def test_each_heading_is_told_with_its_kind_and_where_it_comes_from():
    """By its words, by the heading above, as the issue's title, or not at all; the most used first."""
    body = "# Lantern and friends\n\n## News\n\n### Zebra\n\n## Gatherings\n\n### Videos\n\n## Farewell\n\n**Jobs**\n\nOne\n"

    assert report("## News", body).headings == (
        HeadingUse("News", SectionKind.READING, Source.WORDS, 2, "1.md", 6),
        HeadingUse("Lantern and friends", SectionKind.INTRO, Source.TITLE, 1, "2.md", 6),
        HeadingUse("Zebra", SectionKind.READING, Source.ABOVE, 1, "2.md", 10),
        HeadingUse("Gatherings", SectionKind.EVENTS, Source.WORDS, 1, "2.md", 12),
        HeadingUse("Videos", SectionKind.EVENTS, Source.ABOVE, 1, "2.md", 14),
        HeadingUse("Farewell", SectionKind.OTHER, Source.NONE, 1, "2.md", 16),
        HeadingUse("Jobs", SectionKind.JOBS, Source.WORDS, 1, "2.md", 18),
    )


def test_only_headings_that_nothing_explains_are_not_recognised():
    """A review of events is of the kind `other` by its own words, and counts."""
    whole = report("## Event recap\n\n## Zebra\n\n## News\n\n## Emu\n")

    assert (whole.total, whole.by(Source.NONE), whole.share) == (4, 2, 0.5)
    assert whole.posts == 1


def test_of_no_headings_none_is_missed():
    """Nothing to recognise is nothing unrecognised."""
    assert report("Just text").share == 1
    assert recognised([], OWN).total == 0


def test_standing_text_is_measured_in_order_of_dates():
    """Of two issues alike the younger one stands; undated ones are not compared."""
    body = "A greeting that stands in every issue there is."

    found = report(body, body)

    assert (found.letters, found.standing) == (2 * len(body), len(body))
    assert report(body, body, dated=False).letters == 0
