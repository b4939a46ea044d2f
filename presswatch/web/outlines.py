"""OPML as other programs write it, to the feeds and sites that it names. Pure; a file costs no more than its size."""

from __future__ import annotations

from dataclasses import dataclass
from xml.parsers import expat  # what makes XML dangerous, entities, is refused below

__all__ = ["MOST", "NoOutline", "Outline", "read_opml"]

MOST = 1_000
"""Addresses of one file."""
_LONGEST = 2_000


class NoOutline(ValueError):
    """The file is no OPML; the message says why, in words of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed of the list, or a site without one."""

    feed: str = ""
    """Its address as written; empty where only a site is named."""
    title: str = ""
    site: str = ""
    """The address of the site, as written; empty where it is not told."""


def read_opml(body: bytes) -> list[Outline]:
    """The feeds and links of an OPML file, each address once, in its order, folders opened.

    Raises:
        NoOutline: it is none, declares entities, or is too long.
    """
    found: dict[str, Outline] = {}
    roots: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if not roots:
            roots.append(tag.lower())
        given = {name.lower(): value.strip()[:_LONGEST] for name, value in attributes.items()}
        feed = given.get("xmlurl", "")
        site = given.get("htmlurl", "") if feed else given.get("url", "")
        if tag.lower() == "outline" and (feed or site):
            title = given.get("title") or given.get("text") or ""
            found.setdefault(feed or site, Outline(feed=feed, title=title[:200], site=site))
        if len(found) > MOST:
            raise NoOutline(f"it names more than {MOST} addresses")

    def refuse(*_: object) -> None:
        raise NoOutline("it declares entities, which no list of feeds needs")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(body, True)  # noqa: FBT003  # the last piece
    except (expat.ExpatError, ValueError) as error:
        if isinstance(error, NoOutline):
            raise
        raise NoOutline("it is no XML that can be read") from None
    if roots != ["opml"]:
        raise NoOutline("it is XML, but no OPML")
    return list(found.values())
