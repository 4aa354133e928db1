"""Messages that Slack refuses, made simpler."""

import pytest

from bot.model.deliveries import PayloadRefused
from bot.plan.payloads import EXCERPT_RUNG, fingerprint, simpler
from formatters.message import Block, Message
from formatters.slack.limits import message_faults
from tests.fakes import a_delivery, a_message

TEXT: Block = {"type": "section", "text": {"type": "plain_text", "text": "Much happened"}}
URL = "https://site.example/1"


def picture(number: int, **changes: str) -> Block:
    """A picture with a description."""
    fields = {"image_url": f"https://a.example/{number}.png", "alt_text": f"Picture {number}"}
    return {"type": "image", **fields, **changes}


def refused(*blocks: Block, code: str = "invalid_blocks", detail: str = "", **changes: object):
    """What comes in place of a message, and its rung."""
    delivery = a_delivery(message=Message("Weekly", blocks), **{"url": URL} | changes)
    return simpler(delivery, PayloadRefused(code, detail))


def test_the_picture_that_slack_names_becomes_a_link_with_its_description():
    """The other one stays."""
    detail = "downloading image failed [json-pointer:/blocks/2/image_url]"

    message, rung = refused(TEXT, picture(1), picture(2), detail=detail)

    assert rung == 1
    assert message.blocks[:2] == (TEXT, picture(1))
    assert message.blocks[2]["type"] == "rich_text"
    assert "https://a.example/2.png" in str(message.blocks[2])
    assert "Picture 2" in str(message.blocks[2])
    assert message_faults(message.text, message.blocks) == ()


def test_all_pictures_become_links_if_slack_names_none():
    """One of them was at fault."""
    message, _ = refused(picture(1), TEXT, picture(2), detail="downloading image failed")

    assert [block["type"] for block in message.blocks] == ["rich_text", "section", "rich_text"]


def test_a_picture_without_an_address_leaves_its_description():
    """One that was uploaded has none; one without words has neither."""
    message, _ = refused(
        picture(1, image_url=""), picture(2, image_url="", alt_text=""), detail="image"
    )

    assert "Picture 1" in str(message.blocks[0])
    assert "–" in str(message.blocks[1])


@pytest.mark.parametrize(
    "way",
    [
        {"code": "msg_blocks_too_long"},
        {"detail": "image"},
        {"rung": EXCERPT_RUNG - 1, "detail": "image"},
    ],
    ids=["too long", "no picture in it", "pictures left out often enough"],
)
def test_what_no_picture_explains_becomes_an_excerpt_with_a_link(way):
    """Little, but it arrives; and it says where the rest is."""
    message, rung = refused(TEXT, **way)

    assert rung == EXCERPT_RUNG
    (block,) = message.blocks
    assert block["type"] == "rich_text"
    assert "Much happened" in str(block)
    assert URL in str(block)
    assert message_faults(message.text, message.blocks) == ()


def test_an_excerpt_ends_between_words_and_says_that_more_follows():
    """And has words even where the blocks have none."""
    long: Block = {"type": "section", "text": {"type": "plain_text", "text": "word " * 400}}

    cut, _ = refused(long)
    bare, _ = refused({"type": "divider"}, url="")

    assert str(cut.blocks).count("word") < 130
    assert "word …" in str(cut.blocks)
    assert "Weekly" in str(bare.blocks)
    assert "link" not in str(bare.blocks)


def test_there_is_nothing_simpler_than_an_excerpt_nor_for_what_is_no_fault_of_the_content():
    """Then a maintainer is asked."""
    assert refused(TEXT, rung=EXCERPT_RUNG) is None
    assert refused(TEXT, code="metadata_too_large") is None


def test_a_fingerprint_is_the_same_for_the_same_content_only():
    """Whatever the order of keys."""
    turned: Block = dict(reversed(list(TEXT.items())))

    assert fingerprint(Message("a", (TEXT,))) == fingerprint(Message("a", (turned,)))
    assert fingerprint(a_message("a")) != fingerprint(a_message("b"))
