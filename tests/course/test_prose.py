"""What is counted as prose is what a reader reads in sentences."""

from __future__ import annotations

from dlterm.course.prose import Passage, passages, plain

TEXT = """# A heading of four words

One *idea* a paragraph, with a [weight
that wraps](term:weight) [^hebb1949]. A second sentence.

    z = 0.6 × 1

- A point.
- Another, that goes on
  in a second line.
1. A step.

> **Check this.** It is often said so.
> The record: not so.

```python
x = 1
```

| a | table |
"""


def test_paragraphs_points_and_quotations_are_prose_and_nothing_else_is():
    found = [(passage.line, passage.kind, passage.text) for passage in passages(TEXT)]
    assert found == [
        (3, "paragraph", "One idea a paragraph, with a weight that wraps. A second sentence."),
        (8, "point", "A point."),
        (9, "point", "Another, that goes on in a second line."),
        (11, "point", "A step."),
        (13, "quotation", "Check this. It is often said so. The record: not so."),
    ]


def test_words_of_links_count_once_and_their_targets_not():
    assert len(Passage(1, "[a weight](term:weight) counts [^a2010]").words) == 3


def test_a_sentence_ends_with_a_stop_but_not_with_an_initial():
    text = 'D. E. Rumelhart said so, e.g. in 1986. "It works!" Does it? It does: z = 0.5; always.'
    assert [len(sentence.split()) for sentence in Passage(1, text).sentences] == [8, 2, 2, 6]


def test_code_is_no_word():
    assert plain("Call `loss.backward()` **once**.") == "Call once."
