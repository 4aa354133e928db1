"""The plain text of a post."""

from bot.publish.text import plain_text
from formatters.document import Site
from formatters.read import read_post

POST = """---
title: T
---
Intro with [a link](https://x.example) and `code`.

## Heading **bold**

- one
  - two
- [x] three

> quoted 「引用」

```py
print("hi")
```

| a | b |
|---|---|
| 1 | 2 |

---

![alt text](https://x.example/p.png) line<br>broken
"""


def test_plain_text_has_every_word_a_reader_sees_and_no_marks():
    """One line for each paragraph, item or row; no addresses, no title."""
    post = read_post(POST, path="a.md", site=Site())

    assert plain_text(post).splitlines() == [
        "Intro with a link and code.",
        "Heading bold",
        "one",
        "two",
        "three",
        "quoted 「引用」",
        'print("hi")',
        "a b",
        "1 2",
        "alt text line",
        "broken",
    ]
