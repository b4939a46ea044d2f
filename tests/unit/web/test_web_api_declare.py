"""How requests of the API are understood: cursors and parameters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.web.api import ENDPOINTS, document
from presswatch.web.api.cursor import cursor, position
from presswatch.web.api.declare import understood
from presswatch.web.page import BadRequest, NotFound

BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}


@given(st.integers(0, 10**15 - 1))
def test_a_cursor_leads_back_to_its_position(after: int) -> None:
    assert position("changes", cursor("changes", after)) == after


@given(st.one_of(st.text(max_size=120), st.binary(max_size=60).map(lambda raw: raw.hex()), st.integers().map(str)))
def test_nothing_else_is_a_cursor(text: str) -> None:
    try:
        found = position("changes", text)
    except BadRequest as error:
        assert text == "" or text not in str(error) or len(text) < 4
    else:
        assert cursor("changes", found) == text


@pytest.mark.parametrize("text", [cursor("releases", 3), cursor("changes", 3) + "=", cursor("changes", 3) + "A", ""])
def test_a_cursor_is_of_one_list_and_has_one_spelling(text: str) -> None:
    with pytest.raises(BadRequest, match="cursor"):
        position("changes", text)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ([("limit", "0")], "limit: it is a whole number from 1 to 200"),
        ([("limit", "201")], "limit"),
        ([("limit", "٣")], "limit"),
        ([("limit", "1"), ("limit", "2")], "limit: it is given too often"),
        ([("kind", "edit")], "kind: it is one of new, edited"),
        ([("kind", "new")] * 21, "kind: it is given too often"),
        ([("since", "yesterday")], "since"),
        ([("since", "2026-03-01T08:00:00")], "since"),
        ([("since", "2026-02-30")], "since"),
        ([("until", "0001-01-01T00:00:00+23:59")], "until"),
        ([("importance", "2")], "importance"),
        ([("importance", "nan")], "importance"),
        ([("words", "  ")], "words"),
        ([("words", "x" * 301)], "words"),
        ([("limits", "1")], "did you mean limit"),
        ([("x", "1")], "there is no such parameter"),
    ],
)
def test_what_can_not_be_meant_is_refused_by_name(query: list[tuple[str, str]], said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        understood(BY_NAME["changes"], query, {})


def test_what_is_meant_is_understood() -> None:
    query = [("kind", "new"), ("kind", "edited"), ("since", "2026-03-01"), ("until", "2026-03-01T09:00:00+01:00")]
    values = understood(BY_NAME["changes"], query, {})
    assert values["kind"] == ("new", "edited")
    assert str(values["since"]) == "2026-03-01 00:00:00+00:00"
    assert str(values["until"]) == "2026-03-01 08:00:00+00:00"
    assert (values["limit"], values["cursor"], values["source"]) == (50, None, ())


@pytest.mark.parametrize("text", ["", "x", "-1", "1" * 16, "1.0", " 1"])
def test_a_path_that_can_not_be_meant_leads_nowhere(text: str) -> None:
    with pytest.raises(NotFound):
        understood(BY_NAME["release"], [], {"release": text})


@given(st.sampled_from(ENDPOINTS), st.data())
def test_every_value_breaks_nothing(endpoint: object, data: st.DataObject) -> None:
    found = BY_NAME[endpoint.name]  # type: ignore[attr-defined]
    names = [each.name for each in found.parameters] or ["x"]
    query = data.draw(st.lists(st.tuples(st.sampled_from(names), st.text(max_size=30)), max_size=5))
    path = {each.name: data.draw(st.text(max_size=20)) for each in found.parameters if each.in_path}
    try:
        understood(found, query, path)
    except (BadRequest, NotFound):
        return


def test_the_document_describes_every_endpoint_once() -> None:
    made = document(ENDPOINTS)
    assert list(made["paths"]) == [endpoint.path for endpoint in ENDPOINTS]
    assert len({endpoint.name for endpoint in ENDPOINTS}) == len(ENDPOINTS)
    for endpoint in ENDPOINTS:
        in_path = {each.name for each in endpoint.parameters if each.in_path}
        assert in_path == {part[1:-1] for part in endpoint.path.split("/") if part.startswith("{")}
