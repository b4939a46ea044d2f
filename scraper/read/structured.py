"""What a page declares of itself for machines: JSON-LD, ``<meta>``, ``<link>`` and microdata.

Vocabularies: schema.org, Open Graph with its article namespace, Dublin Core, and what news systems add to them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from scraper.html import Document

__all__ = ["Declared", "read_declared"]

_MAX_JSON = 500_000
_MAX_OBJECTS = 5_000
_ARTICLES = frozenset(
    "article newsarticle blogposting reportagenewsarticle analysisnewsarticle opinionnewsarticle liveblogposting "
    "advertisercontentarticle backgroundnewsarticle reviewnewsarticle report scholarlyarticle socialmediaposting "
    "techarticle medicalscholarlyarticle statement pressrelease specialannouncement governmentservice videoobject "
    "review recipe event askpublicnewsarticle".split()
)
_PARTS = frozenset("comment answer question review imageobject audioobject book movie musicalbum".split())
"""What has a time of publication of its own and is no page."""
_PAGES = frozenset("webpage itempage creativework medicalwebpage aboutpage faqpage collectionpage".split())
_PUBLISHED = (
    "article:published_time article:published og:article:published_time og:published_time datepublished "
    "parsely-pub-date "
    "sailthru.date cxenseparse:recs:publishtime dcterms.issued dc.date.issued dcterms.created "
    "dc.date.created dc.created "
    "citation_publication_date citation_online_date publishdate publish-date publish_date published_time pubdate "
    "publication_date published-date date_published article.published originalpublicationdate displaydate "
    "article:post_date "
    "rnews:datepublished bt:pubdate dcterms.date dc.date date created article.created datecreated creation_date"
).split()
_MODIFIED = (
    "article:modified_time article:modified og:article:modified_time og:updated_time og:modified_time datemodified "
    "dcterms.modified dc.date.modified dc.modified last-modified last_modified lastmodified modified_time "
    "cxenseparse:recs:modifiedtime article:updated_time article.updated updated_time article:updated revised lastmod "
    "date.modified modified date_modified"
).split()

_LIKE_PUBLISHED = re.compile(r"publish(?!er)|publicat|pub-?_?date|posted|upload|issued|release-?_?date|post-?_?date")
"""In the name of a ``<meta>`` of a news system that is in no list."""
_SCRIPTED = re.compile(
    r"ubli(?:sh|c)(?!er)[A-Za-z_]{0,20}\\?[\"']?\s*[:=,]\s*\\?[\"']"
    r"((?:19|20)?\d\d[^\"'<>]{4,36}?|[A-Za-z]{3,9},? [^\"'<>]{6,36}?)\\?[\"']"
)
"""A publication in a script: "publishedDate":"2016-11-04T20:37:27Z", 'publish_date', '2020\\/02\\/24'."""
_MAX_SCRIPT = 300_000
_MAX_SCRIPTS = 1_500_000
_SALVAGED = re.compile(r"\"(headline|datePublished|dateModified)\"\s*:\s*\"((?:[^\"\\]|\\.)*)\"")
_MAX_HEADLINE = 300


@dataclass(slots=True)
class Declared:
    """The claims of a page's markup, as written."""

    meta: dict[str, str] = field(default_factory=dict)
    """Name, property or itemprop, lower-cased, to the first content."""
    headline: str = ""
    """Of the JSON-LD object that describes the page."""
    published: str = ""
    modified: str = ""
    types: frozenset[str] = frozenset()
    """Types of all JSON-LD objects, lower-cased."""
    title: str = ""
    """Of the ``<title>`` element."""
    canonical: str = ""
    language: str = ""
    scripted: tuple[str, ...] = ()
    """What scripts call the publication, where neither JSON-LD nor ``<meta>`` tells it."""

    @property
    def meta_published(self) -> list[str]:
        """Publication times in ``<meta>``, the most believed first."""
        known = [self.meta[name] for name in _PUBLISHED if self.meta.get(name)]
        return known or [value for name, value in self.meta.items() if _LIKE_PUBLISHED.search(name)]

    @property
    def meta_modified(self) -> list[str]:
        """Update times in ``<meta>``, the most believed first."""
        return [self.meta[name] for name in _MODIFIED if self.meta.get(name)]


def read_declared(document: Document, url: str) -> Declared:
    """Everything that a document declares. To be called before its scripts are taken out."""
    declared = Declared(meta=_metas(document))
    title = document.css_first("head title, title")
    declared.title = _folded(title.text()) if title is not None else ""
    link = document.css_first('link[rel="canonical" i]')
    declared.canonical = (link.attributes.get("href") or "") if link is not None else ""
    root = document.css_first("html")
    attributes = root.attributes if root is not None else {}
    declared.language = attributes.get("lang") or attributes.get("xml:lang") or ""
    _add_objects(declared, list(_objects(document)), {url, declared.canonical, declared.meta.get("og:url", "")})
    if not declared.published and not declared.meta_published:
        declared.scripted = _scripted(document)
    return declared


def _scripted(document: Document) -> tuple[str, ...]:
    """What the page's scripts call its publication, in their order."""
    found: dict[str, None] = {}
    left = _MAX_SCRIPTS
    for node in document.css("script:not([src])"):
        text = (node.text_content or node.text() or "")[: min(_MAX_SCRIPT, left)]
        left -= len(text)
        found |= dict.fromkeys(match[1].replace("\\/", "/") for match in _SCRIPTED.finditer(text))
        if left <= 0 or len(found) > 5:
            break
    return tuple(found)[:5]


def _metas(document: Document) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in document.css("meta"):
        attributes = node.attributes
        content = (attributes.get("content") or attributes.get("value") or "").strip()
        if not content:
            continue
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = attributes.get(key)
            if name:
                found.setdefault(name.strip().lower(), content)
    return found


def _objects(document: Document) -> Iterator[dict[str, Any]]:
    """Every object in the page's JSON-LD, outermost first."""
    left = _MAX_OBJECTS
    for node in document.css('script[type="application/ld+json" i]'):
        queue: list[Any] = [_loaded(node.text_content or node.text() or "")]
        while queue and left > 0:
            value = queue.pop(0)
            left -= 1
            if isinstance(value, list):
                queue.extend(value[:200])
            elif isinstance(value, dict):
                yield value
                queue.extend(inner for inner in value.values() if isinstance(inner, dict | list))


def _loaded(text: str) -> Any:  # noqa: ANN401 - what JSON holds
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip()
    text = text.removeprefix("//<![CDATA[").removesuffix("//]]>").strip().removesuffix(";")
    if len(text) > _MAX_JSON:
        return None
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return _salvaged(text)


def _salvaged(text: str) -> dict[str, str]:
    """The few members that matter of JSON-LD that is no JSON: a stray comma or quote spoils it on many a page."""
    found: dict[str, str] = {}
    for match in _SALVAGED.finditer(text):
        if len(match[2]) <= _MAX_HEADLINE:
            found.setdefault(match[1], match[2])
    return {"@type": "Article", **found} if "datePublished" in found else {}


def _types(thing: dict[str, Any]) -> set[str]:
    kind = thing.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return {one.rsplit("/", 1)[-1].lower() for one in kinds if isinstance(one, str)}


def _add_objects(declared: Declared, things: list[dict[str, Any]], own: set[str]) -> None:
    """Take over what the object says that describes this page best."""
    declared.types = frozenset(kind for thing in things for kind in _types(thing))
    ranked = [(rank, thing) for thing in things if (rank := _rank(thing, own)) > 0]
    for _, thing in sorted(ranked, key=itemgetter(0), reverse=True):
        declared.headline = declared.headline or _folded(_string(thing.get("headline")) or "")
        declared.published = declared.published or _string(thing.get("datePublished"))
        declared.modified = declared.modified or _string(thing.get("dateModified"))
        if declared.published and declared.modified:
            break


def _rank(thing: dict[str, Any], own: set[str]) -> int:
    kinds = _types(thing)
    if kinds & {"newsarticle", "pressrelease"}:
        rank = 5
    elif kinds & _ARTICLES:
        rank = 4 if not kinds & {"videoobject", "event", "review", "recipe"} else 1
    elif kinds & _PAGES:
        rank = 2
    elif "datePublished" in thing and not kinds & _PARTS and ("headline" in thing or "mainEntityOfPage" in thing):
        rank = 1
    else:
        return 0
    return rank + 4 * bool(_addresses(thing) & own)


def _addresses(thing: dict[str, Any]) -> set[str]:
    page = thing.get("mainEntityOfPage")
    inner = page.get("@id") if isinstance(page, dict) else page
    return {value for value in (thing.get("url"), thing.get("@id"), inner) if isinstance(value, str) and value}


def _string(value: Any) -> str:  # noqa: ANN401 - what JSON holds
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value")
    return value.strip() if isinstance(value, str) else ""


def _folded(text: str) -> str:
    return " ".join(text.split())
