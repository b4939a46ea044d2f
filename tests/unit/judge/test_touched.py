"""Each change tells what it touched, the most telling first, and its importance follows from that."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.judge import Touch, Touched, compare, touches, weigh
from scraper.judge.names import names
from scraper.judge.phrases import is_byline, is_correction, says_who
from scraper.model import Block, BlockKind, Kind, Link, Release

FIRST = (
    "The council said that some 1,856 crowns were spent on the pier. “We will not forget it,” said Anna Berg, mayor."
)
SECOND = "The weather was fine on 7 September 2012, when the harbour of Nyhavn was opened by the queen."


def release(
    *body: str, title: str = "The pier is opened", language: str = "en", kind: BlockKind = BlockKind.PARAGRAPH
) -> Release:
    blocks = tuple(Block(kind=kind, text=text) for text in body or (FIRST, SECOND))
    return Release(title=title, blocks=blocks, language=language)


def edited(before: str, after: str) -> Release:
    return release(FIRST.replace(before, after), SECOND.replace(before, after))


def touched(before: Release, after: Release) -> list[tuple[str, str, str]]:
    return [(touch.what.value, touch.before, touch.after) for touch in touches(compare(before, after))]


EDITS = {
    "a number": (edited("1,856", "1,846"), [("number", "1,856", "1,846")]),
    "a number in words": (edited("some 1,856", "twelve"), [("number", "1,856", "twelve")]),
    "an amount with its unit": (edited("1,856 crowns", "€2 million"), [("number", "1,856", "€2 million")]),
    "a name": (
        edited("Anna Berg", "Anna Borg"),
        [("name", "Anna Berg", "Anna Borg"), ("attribution", "Berg", "Borg")],
    ),
    "a place": (edited("Nyhavn", "Havnby"), [("name", "Nyhavn", "Havnby")]),
    "a quotation": (edited("not forget", "remember"), [("quote", "not forget", "remember")]),
    "a date": (edited("7 September", "8 September"), [("date", "7 September 2012", "8 September 2012")]),
    "a country in Japanese is no date": (edited("fine", "日本"), [("wording", "fine", "日本")]),
    "a day in Japanese": (edited("7 September 2012", "2012年9月8日"), [("date", "7 September 2012", "2012年9月8日")]),
    "a typo": (edited("weather", "wether"), [("typo", "weather", "wether")]),
    "style": (edited("fine on", "fine, on"), [("style", "", ",")]),
    "case alone": (edited("queen", "Queen"), [("style", "queen", "Queen")]),
    "words": (edited("was fine", "was dreadful"), [("wording", "fine", "dreadful")]),
    "a removed passage": (release(FIRST), [("removed-passage", SECOND, "")]),
    "an added passage": (release(FIRST, SECOND, "Boats will sail."), [("added-passage", "", "Boats will sail.")]),
    "a correction note": (
        release(FIRST, SECOND, "Correction: an earlier version gave another sum."),
        [("correction-note", "", "Correction: an earlier version gave another sum.")],
    ),
    "a moved passage": (release(SECOND, FIRST), [("moved-passage", FIRST, FIRST)]),
    "a headline": (release(title="The pier is closed"), [("headline", "The pier is opened", "The pier is closed")]),
    "the style of a headline": (release(title="The Pier is opened"), [("style", "pier", "Pier")]),
}  # fmt: skip


@pytest.mark.parametrize(("after", "expected"), EDITS.values(), ids=EDITS.keys())
def test_an_edit_touches(after: Release, expected: list[tuple[str, str, str]]) -> None:
    found = touched(release(), after)
    if expected[0][0] == "moved-passage":
        assert [what for what, _, _ in found] == ["moved-passage"]
    else:
        assert found == expected


def test_the_cell_of_a_table_is_named() -> None:
    before, after = (release(f"Vessels | {n} | 3", kind=BlockKind.TABLE_ROW) for n in (12, 14))
    found = touches(compare(before, after))
    assert (
        Touch(what=Touched.TABLE_CELL, before="12", after="14", where="the second cell of the first table row") in found
    )
    assert found[0].what is Touched.NUMBER


def test_a_caption_is_told_beside_what_changed_in_it() -> None:
    before, after = (release(f"The pier, seen from {place}", kind=BlockKind.CAPTION) for place in ("Nyhavn", "Bergen"))
    assert [touch.what.value for touch in touches(compare(before, after))] == ["name", "caption"]


def test_a_link_is_told_by_its_targets() -> None:
    before, after = (
        replace(release(), blocks=(replace(release().blocks[0], links=(Link(text="sum", target=target),)),))
        for target in ("https://a.int/1", "https://a.int/2")
    )
    assert touched(before, after) == [("link", "https://a.int/1", "https://a.int/2")]


def test_numbers_come_first() -> None:
    after = release(
        FIRST.replace("1,856", "1,846").replace("Anna Berg", "Ida Lund"), SECOND.replace("fine", "grey"), "More."
    )
    found = [what for what, _, _ in touched(release(), after)]
    assert found == ["number", "name", "attribution", "added-passage", "wording"]


NOTES = {
    "English": "Correction: the sum was wrong.",
    "English with a date": "Correction (7 Sep. 2012): the sum was wrong.",
    "English in a sentence": "An earlier version of this release gave another sum.",
    "an editor's note": "Editor’s note: the sum was corrected.",
    "Latin": "Corrigendum to press release 12",
    "German": "Berichtigung: Die Summe war falsch.",
    "German in a sentence": "In einer früheren Version stand eine andere Summe.",
    "French": "Rectificatif : la somme était fausse.",
    "Spanish": "Fe de erratas: la suma era otra.",
    "Italian": "Errata corrige: la somma era sbagliata.",
    "Portuguese": "Correção: a soma estava errada.",
    "Dutch": "Rectificatie: het bedrag was onjuist.",
    "Swedish": "Rättelse: summan var fel.",
    "Danish": "Rettelse: summen var forkert.",
    "Finnish": "Oikaisu: summa oli väärä.",
    "Polish": "Sprostowanie: kwota była błędna.",
    "Czech": "Oprava: částka byla chybná.",
    "Russian": "Уточнение: сумма была указана неверно.",
    "Ukrainian": "Виправлення: сума була хибною.",
    "Greek": "Διόρθωση: το ποσό ήταν λάθος.",
    "Turkish": "Düzeltme: tutar yanlıştı.",
    "Arabic": "تصحيح: كان المبلغ خاطئا",
    "Chinese": "更正：金额有误。",
    "Japanese": "訂正：金額に誤りがありました。",
    "Korean": "정정: 금액이 잘못되었습니다.",
}
NO_NOTES = {
    "a correction of the market": "A correction of the market is likely this year.",
    "a house of correction": "The house of correction was closed.",
    "an update of a system": "The update of the system took an hour.",
    "the Czech word for repair": "Oprava mostu skončila v pátek.",
}


@pytest.mark.parametrize("text", NOTES.values(), ids=NOTES.keys())
def test_a_note_of_correction(text: str) -> None:
    assert is_correction(text)


@pytest.mark.parametrize("text", NO_NOTES.values(), ids=NO_NOTES.keys())
def test_no_note_of_correction(text: str) -> None:
    assert not is_correction(text)


def test_who_said_it() -> None:
    assert says_who("said the mayor")
    assert says_who("сказала мэр")
    assert not says_who("the mayor paid")
    assert is_byline("By Anna Berg")
    assert not is_byline("By the end of the year all of it will be done. And more.")


NAMES = {
    "a name of two words": ("It was said by Anna Berg today", "Berg", "en", ["Anna Berg"]),
    "with an initial": ("It was said by J. Berg today", "Berg", "en", ["J. Berg"]),
    "with a particle": ("It was said by Ursula von der Berg", "Berg", "en", ["Ursula von der Berg"]),
    "a sentence's first word": ("It ended. Today it began", "Today", "en", []),
    "a sentence that ends before": ("He lives in Texas. Anna Berg does not", "Berg", "en", ["Anna Berg"]),
    "a noun in German": ("Er sah den Hafen gestern", "Hafen", "de", []),
    "a name in German": ("Das sagte Anna Berg gestern", "Berg", "de", ["Anna Berg"]),
    "an acronym": ("the ships of NATO sail", "NATO", "en", ["NATO"]),
    "a word in Chinese": ("理事会批准了码头", "批准", "zh", []),
    "Cyrillic": ("Об этом сказал Иван Петров вчера", "Петров", "ru", ["Иван Петров"]),
}


@pytest.mark.parametrize(("text", "word", "language", "expected"), NAMES.values(), ids=NAMES.keys())
def test_names(text: str, word: str, language: str, expected: list[str]) -> None:
    start = text.index(word)
    assert names(text, (start, start + len(word)), language) == expected


# --- importance -------------------------------------------------------------------------------------------------------

ORDER = [
    ("a number and a headline", replace(edited("1,856", "1,846"), title="The pier is closed")),
    ("a number", edited("1,856", "1,846")),
    ("a removed passage", release(FIRST)),
    ("some words", edited("was fine", "was dreadful")),
    ("a typo", edited("weather", "wether")),
    ("a comma", edited("fine on", "fine, on")),
]  # fmt: skip


def test_sorting_by_importance_puts_first_what_a_reader_would_want_to_know() -> None:
    scores = [weigh(Kind.EDITED, compare(release(), after))[0] for _, after in ORDER]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_a_silent_edit_of_a_number_matters_more_than_an_edit_that_was_announced() -> None:
    diff = compare(release(), edited("1,856", "1,846"))
    assert (
        weigh(Kind.SILENTLY_EDITED, diff)[0]
        > weigh(Kind.NEW)[0]
        > weigh(Kind.EDITED, compare(release(), edited("weather", "wether")))[0]
    )


def test_the_time_to_weigh_is_bounded_too() -> None:
    text = [f"Sentence number {n} was said by “Anna Berg” of the harbour" for n in range(60_000)]
    retold = [t.replace("said", "told") if n % 9 == 0 else t for n, t in enumerate(text)]
    bodies = [f"Passage {n} of {n * n}, which is told of here and nowhere else." for n in range(5_000)]
    diffs = compare(release(". ".join(text)), release(". ".join(retold))), compare(release("x"), release(*bodies))
    start = time.process_time()
    for diff in diffs:
        weigh(Kind.EDITED, diff)
    assert time.process_time() - start < 3


REASONS = {
    "a number": (edited("1,856", "1,846"), "1,856 became 1,846 in the first paragraph"),
    "a name": (edited("Nyhavn", "Havnby"), "the name “Nyhavn” became “Havnby” in the second paragraph"),
    "a removed passage": (release(FIRST),
        "a passage was removed (18 words): “The weather was fine on 7 September 2012, when the harbour…”",
    ),
    "a headline": (release(title="The pier is closed"), "the headline changed"),
    "style": (edited("fine on", "fine, on"), "only case, marks or spaces differ in the second paragraph"),
}  # fmt: skip


@pytest.mark.parametrize(("after", "reason"), REASONS.values(), ids=REASONS.keys())
def test_a_reason_is_a_sentence(after: Release, reason: str) -> None:
    assert weigh(Kind.EDITED, compare(release(), after))[1] == reason


@given(st.lists(st.text(max_size=80), max_size=5), st.lists(st.text(max_size=80), max_size=5), st.sampled_from(Kind))
def test_any_change_has_an_importance_and_a_short_reason(before: list[str], after: list[str], kind: Kind) -> None:
    score, reason = weigh(kind, compare(release(*before), release(*after)))
    assert 0 <= score <= 1
    assert len(reason) <= 400
    assert "\n" not in reason
