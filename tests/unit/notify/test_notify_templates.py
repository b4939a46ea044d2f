"""Templates: the product's own, those of the user, and what happens where those are broken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from messages import LINK, told

from presswatch.notify.letter import Envelope, letter
from presswatch.notify.templates import CHAT, HTML, SUBJECT, TEMPLATES, TEXT, Templates, marked
from scraper.judge import Op, Segment


def own(folder: Path, files: dict[str, str]) -> Templates:
    for name, text in files.items():
        (folder / name).write_text(text)
    return Templates(folder)


def test_a_users_template_goes_before_the_products(tmp_path: Path) -> None:
    templates = own(tmp_path, {CHAT: "{{ message.title }}: {{ message.link }}"})
    assert templates.problems() == []
    assert templates.render(CHAT, told()).text == f"Ministers agree: {LINK}"
    assert "did not move" in templates.render(TEXT, told()).text


def test_html_of_a_user_is_escaped_as_the_products_is(tmp_path: Path) -> None:
    templates = own(tmp_path, {HTML: "<p>{{ message.title }}</p>", TEXT: "{{ message.title }}"})
    hostile = told(title="<b>&")
    assert templates.render(HTML, hostile).text == "<p>&lt;b&gt;&amp;</p>"
    assert templates.render(TEXT, hostile).text == "<b>&"


def test_a_users_template_may_build_on_the_products(tmp_path: Path) -> None:
    templates = own(tmp_path, {TEXT: "House style.\n{% include 'chat.txt' %}"})
    assert templates.render(TEXT, told()).text.startswith("House style.\nWhen: between")


BROKEN = {
    "no template": ("{% if %}", "line 1"),
    "a name that there is not": ("\n{{ message.titel }}", "titel"),
    "a filter that there is not": ("{{ message.title|shout }}", "shout"),
    "a division by nothing": ("{{ 1 / 0 }}", "division by zero"),
    "a flood": ("{% for n in range(99999) %}0123456789{% endfor %}", "characters"),
    "a loop beyond all bounds": ("{% for n in range(99999999) %}x{% endfor %}", "Range too big"),
    "a way out of the sandbox": ("{{ message.__class__.__mro__ }}", "unsafe"),
    "another way out": ("{{ ''.__class__.__base__.__subclasses__() }}", "unsafe"),
    "a way by a function": ("{{ message.payload.get.__globals__ }}", "__globals__"),
    "a file of the machine": ("{% include '/etc/passwd' %}", "passwd"),
    "a file above": ("{% include '../../secret.toml' %}", "secret"),
    "a change of the message": ("{{ message.payload.update({'a': 1}) }}", ""),
    "not UTF-8": ("\udcff", "utf"),
}


@pytest.mark.parametrize(("text", "why"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_template_falls_back_to_the_products_and_says_so(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / CHAT).write_bytes(text.encode("utf-8", "surrogateescape"))
    rendered = Templates(tmp_path).render(CHAT, told())
    assert "did not move" in rendered.text
    assert rendered.note.startswith("chat.txt")
    assert why in rendered.note
    assert (
        rendered.text.count(f"Note: a template of yours failed, and the product's own was used. {rendered.note}") == 1
    )


def test_a_broken_template_is_named_before_the_first_message(tmp_path: Path) -> None:
    templates = own(tmp_path, {CHAT: "fine", TEXT: "\n{% if %}"})
    (problem,) = templates.problems()
    assert problem.startswith("mail.txt, line 2: ")


def test_a_folder_that_is_none_and_a_name_that_is_nearly_right_are_told(tmp_path: Path) -> None:
    assert Templates(tmp_path / "gone").problems() == [f"delivery.templates: there is no folder {tmp_path / 'gone'}"]
    (problem,) = own(tmp_path, {"mail.htm": "x", "base.html": "x", TEXT: "fine"}).problems()
    assert problem == 'mail.htm is no template of a message; did you mean "mail.html"?'


@pytest.mark.parametrize("broken", [SUBJECT, TEXT, HTML])
def test_a_mail_says_once_in_each_part_that_a_template_of_it_failed(tmp_path: Path, broken: str) -> None:
    (tmp_path / broken).write_text("{{ nothing }}")
    (tmp_path / TEXT).write_text("{{ nothing }}" if broken == TEXT else "{{ message.title }}")
    envelope = Envelope(sender=Address(addr_spec="a@example.org"), to=[Address(addr_spec="b@example.org")])
    raw = letter(told(), envelope, templates=Templates(tmp_path), at=datetime(2026, 3, 2, tzinfo=UTC))
    mail = message_from_bytes(raw, policy=default)
    assert mail["Subject"] == "Silently edited: Ministers agree (Northern Harbour Alliance)"
    text, html = (part.get_content() for part in mail.iter_parts())  # type: ignore[attr-defined]  # EmailMessage
    assert " ".join(text.split()).count(f"{broken}: 'nothing' is undefined") == 1
    assert html.count(f"{broken}: &#39;nothing&#39; is undefined") == (1 if broken == HTML else html.count("Note:"))


def test_scraped_text_is_never_a_template() -> None:
    for name in TEMPLATES:
        text = Templates().render(name, told(title="{{ 7 * 7 }}{% include 'mail.txt' %}")).text
        assert "49" not in text
        assert name == CHAT or "{{ 7 * 7 }}" in text


def test_a_folder_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    assert Templates(tmp_path / "none").render(CHAT, told()) == Templates().render(CHAT, told())


def test_words_are_marked_without_the_space_around_them() -> None:
    segments = [Segment(op=Op.SAME, text="a "), Segment(op=Op.REMOVED, text=" b "), Segment(op=Op.ADDED, text=" ")]
    assert marked(segments) == "a  [-b-]  "


@settings(deadline=None)
@given(st.lists(st.builds(Segment, op=st.sampled_from([Op.SAME, Op.ADDED, Op.REMOVED]), text=st.text(max_size=10))))
def test_marking_loses_no_character(segments: list[Segment]) -> None:
    plain = "".join(segment.text for segment in segments)
    bare = [replace(each, text="".join(char for char in each.text if char not in "[]{}+-")) for each in segments]
    assert len(marked(segments)) >= len(plain)
    unmarked = marked(bare).translate(dict.fromkeys(map(ord, "[]{}+-")))
    assert unmarked == "".join(each.text for each in bare)
