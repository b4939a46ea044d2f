"""Searches that are kept under a name."""

from __future__ import annotations

import pytest
from storage_room import NOON

from storage import NameTaken, SavedRow, Storage, Unknown


def test_saved_searches_are_listed_by_name_and_found_by_id(storage: Storage) -> None:
    second = storage.save_search("Ships", "words=ship", now=NOON)
    first = storage.save_search("Borders", "kind=silently-edited", now=NOON)
    assert [row.id for row in storage.saved_searches()] == [first, second]
    assert storage.saved_search(second) == SavedRow(id=second, name="Ships", query="words=ship", created_at=NOON)
    assert storage.saved_search(99) is None


def test_a_saved_search_is_renamed_and_deleted(storage: Storage) -> None:
    one = storage.save_search("Ships", "words=ship", now=NOON)
    storage.rename_search(one, "Vessels")
    storage.rename_search(one, "Vessels")
    assert [row.name for row in storage.saved_searches()] == ["Vessels"]
    storage.delete_search(one)
    assert storage.saved_searches() == []
    with pytest.raises(Unknown):
        storage.delete_search(one)
    with pytest.raises(Unknown):
        storage.rename_search(one, "Anything")


def test_a_name_is_given_once_and_an_id_never_again(storage: Storage) -> None:
    one = storage.save_search("Ships", "words=ship", now=NOON)
    two = storage.save_search("Borders", "", now=NOON)
    with pytest.raises(NameTaken, match="Ships"):
        storage.save_search("Ships", "words=other", now=NOON)
    with pytest.raises(NameTaken, match="Ships"):
        storage.rename_search(two, "Ships")
    storage.delete_search(two)
    assert storage.save_search("New", "", now=NOON) > two > one
