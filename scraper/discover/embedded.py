"""The data that a page carries for the script that draws it: JSON-LD, Next.js, Nuxt, Inertia, assignments.

Script-driven sites send their list as data beside an empty page. It is read as any JSON is (``records``); what is a
program and no JSON is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo
from itertools import islice
from typing import Any

from scraper import html, urls
from scraper.discover.records import releases_in
from scraper.discover.trees import MAX_JSON, NotJson, first_json, load
from scraper.model import Entry

__all__ = ["endpoints", "releases_embedded"]

_MAX_SCRIPTS = 200
_MAX_ENDPOINTS = 10
_MAX_STATES = 50
_DATA = re.compile(r"(?:application|text)/(?:[\w.+-]*\+)?json\b", re.IGNORECASE)
_STATE = re.compile(
    r"(?:window|self|globalThis)(?:\.|\[[\"'])[A-Za-z_$][\w$.-]{0,60}(?:[\"']\])?\s{0,5}=\s{0,5}(JSON\.parse\(\s{0,5})?(?=[{\[\"'])"
    r"|(?:var|let|const)\s{1,5}[A-Za-z_$][\w$]{0,60}\s{0,5}=\s{0,5}(JSON\.parse\(\s{0,5})?(?=[{\[\"'])"
)
_PUSHED = re.compile(r"self\.__next_f\.push\(\s{0,5}(?=\[)")
_FLIGHT = re.compile(r"^[0-9a-f]{1,6}:(?:[A-Z]\d*,)?(?=[\[{])", re.MULTILINE)
_ATTRIBUTES = (
    "data-page data-props data-react-props data-initial-state data-initial-data data-state data-json data-items"
    " data-results data-content data-model data-config wire:snapshot wire:initial-data props"
).split()
_SOURCES = (
    "data-url data-src data-endpoint data-api data-api-url data-api-endpoint data-feed-url data-source data-source-url"
    " data-json-url data-ajax-url data-list-url data-search-url data-results-url data-path data-request-url"
).split()
_JSON_ADDRESS = re.compile(
    r"\.json\b|/api/|/json\b|/rest/|wp-json|[?&](?:format|_format|type|output)=json|/ajax\b", re.IGNORECASE
)
_AEM = re.compile(r"/etc\.clientlibs/|/etc/designs/|\bcq:|data-cmp-", re.IGNORECASE)
_WORDPRESS = "https://api.w.org/"


def releases_embedded(document: html.Document, url: str, *, zone: tzinfo) -> tuple[Entry, ...]:
    """The releases in the data of a page that answered at ``url``; those of the richest piece of data.

    An object with a slug and no address is taken to lie under the page's own.
    """
    best: tuple[Entry, ...] = ()
    budget = MAX_JSON
    for size, tree in _trees(document):
        budget -= size
        if budget < 0:
            break
        found = releases_in(tree, url, zone=zone, section=url)
        best = found if len(found) > len(best) else best
    return best


def endpoints(document: html.Document, markup: str, url: str) -> tuple[str, ...]:
    """Addresses of the page's site at which it says, or its system is known, to have its list as JSON; at most 10."""
    found = [urls.join(url, address) for address in _named_endpoints(document, markup, url)]
    return tuple(dict.fromkeys(each for each in found if each is not None and urls.same_site(each, url)))[
        :_MAX_ENDPOINTS
    ]


# --- what is embedded -------------------------------------------------------------------------------------------------


def _trees(document: html.Document) -> Iterator[tuple[int, Any]]:
    """Every piece of data, with its size in characters."""
    pushed: list[str] = []
    for script in islice(document.css("script"), _MAX_SCRIPTS):
        text = script.text(deep=True)
        kind = script.attributes.get("type") or ""
        if _DATA.match(kind):
            yield from _whole(text, is_flat=(script.attributes.get("id") or "") == "__NUXT_DATA__")
        elif not kind or "javascript" in kind or kind == "module":
            pushed += _pushes(text)
            yield from _states(text)
    yield from _flight("".join(pushed)[:MAX_JSON])
    for name in _ATTRIBUTES:
        selector = "[" + name.replace(":", "\\:") + "]"
        for node in islice(document.css(selector), _MAX_SCRIPTS):
            value = (node.attributes.get(name) or "").strip()
            if value[:1] in ("{", "["):
                yield from _whole(value, is_flat=False)


def _whole(text: str, *, is_flat: bool) -> Iterator[tuple[int, Any]]:
    try:
        tree = load(text.strip())
    except NotJson:
        return
    yield len(text), _unflattened(tree) if is_flat and isinstance(tree, list) else tree


def _unflattened(flat: list[Any]) -> list[Any]:
    """Nuxt's payload, in which every value is the number of its place in one array (the ``devalue`` format)."""

    def value(number: object) -> object:
        known = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < len(flat)
        return flat[number] if known and isinstance(number, int) else None

    def shallow(item: object) -> object:
        return {key: value(number) for key, number in item.items()} if isinstance(item, dict) else item

    return [
        {key: shallow(value(number)) for key, number in islice(item.items(), 200)}
        for item in flat
        if isinstance(item, dict)
    ]


def _states(text: str) -> Iterator[tuple[int, Any]]:
    """What a script assigns: ``window.__STATE__ = {…}``, or ``JSON.parse("…")``."""
    at = 0
    for _ in range(_MAX_STATES):
        start = _STATE.search(text, at)
        if start is None:
            return
        at = start.end()
        try:
            tree, end = first_json(text, at)
            if isinstance(tree, str):
                tree = load(tree) if "JSON.parse" in start[0] else None
        except NotJson:
            continue
        yield end - at, tree
        at = end


def _pushes(text: str) -> Iterator[str]:
    """The pieces of text that a page of Next.js's app router streams."""
    for start in islice(_PUSHED.finditer(text), _MAX_SCRIPTS):
        try:
            piece, _ = first_json(text, start.end())
        except NotJson:
            continue
        if isinstance(piece, list) and len(piece) > 1 and isinstance(piece[1], str):
            yield piece[1]


def _flight(text: str) -> Iterator[tuple[int, Any]]:
    """The rows of such a stream that are JSON."""
    for row in islice(_FLIGHT.finditer(text), _MAX_SCRIPTS * 10):
        try:
            tree, end = first_json(text, row.end())
        except NotJson:
            continue
        yield end - row.end(), tree


# --- what is named ----------------------------------------------------------------------------------------------------


def _named_endpoints(document: html.Document, markup: str, url: str) -> Iterator[str]:
    for node in document.css(f"link[rel='{_WORDPRESS}'][href]"):
        root = node.attributes.get("href") or ""
        yield root + ("wp/v2/posts" if root.endswith("/") or "rest_route" in root else "/wp/v2/posts")
    for node in document.css("link[rel~=alternate][href], link[rel~=preload][href]"):
        href = node.attributes.get("href") or ""
        if _DATA.match(node.attributes.get("type") or "") or (node.attributes.get("as") == "fetch"):
            yield href
    for name in _SOURCES:
        for node in islice(document.css(f"[{name}]"), _MAX_SCRIPTS):
            value = (node.attributes.get(name) or "").strip()
            if len(value) < 500 and _JSON_ADDRESS.search(value):
                yield value
    for node in document.css("meta[property='cq:pagemodel_root_url'][content]"):
        yield node.attributes.get("content") or ""
    path = url.partition("?")[0].partition("#")[0].rstrip("/")
    if path.count("/") > 2 and _AEM.search(markup):
        # Adobe Experience Manager gives every page as JSON beside it.
        yield path.removesuffix(".html") + ".model.json"
