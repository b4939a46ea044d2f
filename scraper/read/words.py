"""What the class names and ids of elements say: where the text of an article is, and what is beside it.

They are hints, not verdicts: ``scraper.read.root`` sets them aside again where they would take most of a page away.
A name is cut into words; a word, two words side by side, or a stem inside a long word is what tells.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from typing import NamedTuple

__all__ = ["NO_NAMES", "Names", "read_names"]

_FURNITURE_WORDS = frozenset(
    "ad ads adv advert adverts advertisement ado dfp gpt mpu nav navi navbar navigation menu submenu footer "
    "masthead banner topbar tags tagcloud share shares sharing social sns rss tools toolbar crumb crumbs pager "
    "paging pagination search login cookie cookies consent gdpr popup modal overlay dialog lightbox sidebar aside "
    "rail promo promos related recommended recommendations recirculation recirc trending popular latest "
    "newsletter newsletters subscribe subscription signup comments comment disqus respond reply replies feedback "
    "rating ratings survey poll author authors byline bio copyright legal sponsor sponsored sponsors "
    "partner partners outbrain taboola plista zergnet ticker weather credits credit bookmark likes counter views "
    "engagement follow donate donation breadcrumb breadcrumbs toc audio player playlist noprint "
    "inread outstream".split()
)
_FURNITURE_NAMES = frozenset("hidden hide bottom print noprint skip cmp".split())
"""Such only as a name of their own: amid others they tell how an element is laid out or printed."""
_TEASERS = frozenset("teaser teasers".split())
_STEMS = re.compile(
    "advert|adslot|adsense|adunit|breadcrumb|disqus|share(?:bar|box|this)|addthis|addtoany|shareaholic|recommend|"
    "newsletter|subscri(?:be|ption)|navigation|navbar|sidebar|outbrain|taboola|sponsor|visuallyhidden|donat(?:e|ion)|"
    "consent|onetrust|didomi|usercentrics|jwplayer|relatedposts|"
    "social(?:media|share|link|icon|bar|list|follow|network|button)|comment(?:list|section|form|count)|"
    "related(?:article|content|post|link|stor|news|item|box|topic|media|list|video)|"
    "(?:main|mega|top|side|mobile)menu|(?:main|sub|top|left|right|side)nav|read(?:more|next)|"
    "most(?:read|popular|viewed|shared)|mailinglist|language(?:switch|select)|pagefeedback"
)
"""Of furniture, run together with other words."""
_STUBBORN_STEMS = re.compile(
    "comment|disqus|cookie|consent|related|recommend|newsletter|footer|sidebar|^nav|mostread|dialog|modal|popup"
)
_GOOD_WORDS = frozenset("article content main story prose hentry entry text body copy post richtext wysiwyg".split())
_GOOD_STEMS = re.compile(
    "article(?:body|content|text|main|copy|inner)|"
    "(?:story|post|entry|news|page|main|release|press|node|detail)(?:body|content|text|copy)|body(?:text|copy|content)"
)
_NOTE_WORDS = frozenset("footnote footnotes endnote endnotes fussnote fussnoten notesdebasdepage".split())


def _pairs(*lines: str) -> frozenset[tuple[str, str]]:
    """The pairs of words that lines of the form "one other: two three" make, each left one with each right one."""
    halves = (line.split(":") for line in lines)
    return frozenset(pair for left, right in halves for pair in product(left.split(), right.split()))


_FURNITURE_PAIRS = _pairs(
    "ad: slot slots container unit wrapper",
    "comment: list section form count s",
    "cookie: banner consent notice bar law",
    "share: bar button buttons tool tools link links count this icon icons list box menu",
    "social: media share link links icon icons bar list follow network networks button buttons",
    "related: article articles content post posts link links story stories news item items box boxes topic topics "
    "coverage media list video videos info",
    "read: more next also on",
    "more: stories news from on articles info links",
    "most: read popular viewed shared recent",
    "sign: up",
    "mailing: list lists",
    "side: bar nav menu",
    "site page global: header footer nav",
    "main sub top left right meta: nav",
    "nav: bar menu list link links main",
    "main mega top mobile accessibility: menu",
    "accessibility: toolbar",
    "native: ad ads",
    "skip: link links to",
    "screen: reader",
    "sr: only",
    "visually: hidden",
    "author: bio box info card profile desc description about",
    "the: author",
    "about: the",
    "post: tags footer share navigation comments nav",
    "tag: list cloud links",
    "article: tags footer share social tools actions comments rating",
    "entry: footer share tags",
    "previous: next",
    "prev: next",
    "next: prev post article",
    "block: latest",
    "promo: box block item link banner card",
    "to: action",
    "cta: box block banner",
    "back scroll: to",
    "of: contents",
    "privacy: banner notice",
    "print: button link only block inline",
    "video: player playlist info",
    "text font: size resize",
    "language: switch switcher select selector",
    "lang: switch switcher",
    "story: rating",
    "user page: feedback",
    "this: helpful",
)
_GOOD_PAIRS = _pairs(
    "article: body content text main copy inner",
    "story post entry news page main release press node detail: body content text copy",
    "rich: text",
    "body: text copy content",
)
_TOPICS = frozenset("category tag format status type has is no with without hide show hentry term".split())
"""First words of class names that tell a subject or a state and name nothing: WordPress puts a post's tags there."""
_TEMPLATES = ("page-template-", "wp-theme-")
_STATES = frozenset("has with without no hide show enable enabled disable disabled is toggle without use".split())
_EMBEDS = frozenset("embed embeds embedded".split())
"""What a text quotes from elsewhere, such as "social-media-embed"."""
_LISTS = frozenset("list cloud links".split())
_CAMEL = re.compile(r"([a-z])([A-Z])")
_WORD = re.compile(r"(?<![a-z0-9])[a-z]{2,}(?=\d{0,3}(?![a-z0-9]))")
"""Words, perhaps with a number behind them; letters amid digits are the hash of a style sheet, ever another."""
_SLUG = 5
"""A name of more words is made of those of a heading."""
_MAX_NAMES = 300
_LONG = 7
"""Letters from which a word may be several, run together."""


class Names(NamedTuple):
    """What the class names and the id of an element say."""

    folded: str
    """In lower case, camelCase parted by hyphens and words joined by them."""
    said: int
    """A sum of the constants below."""

    @property
    def furniture(self) -> bool:
        """They name something beside the text."""
        return self.said & _FURNITURE != 0

    @property
    def stubborn(self) -> bool:
        """They name furniture that often outweighs the text: comments, consent, lists of other pages."""
        return self.said & _STUBBORN != 0

    @property
    def article(self) -> bool:
        """They name the text of an article."""
        return self.said & _ARTICLE != 0

    @property
    def note(self) -> bool:
        """They name footnotes."""
        return self.said & _NOTE != 0

    @property
    def teaser(self) -> bool:
        """They name a teaser: the first words of this text, or of another one."""
        return self.said & _TEASER != 0


_FURNITURE, _STUBBORN, _ARTICLE, _NOTE, _TEASER = 1, 2, 4, 8, 16
_SAID_BY_PAIRS = {
    pair: _FURNITURE * (pair in _FURNITURE_PAIRS) | _ARTICLE * (pair in _GOOD_PAIRS)
    for pair in _FURNITURE_PAIRS | _GOOD_PAIRS
}
_SAID_BY_PAIRS["most", "read"] |= _STUBBORN
NO_NAMES = Names("", 0)


def read_names(names: str) -> Names:
    """What a class attribute and an id, joined by a space, say."""
    return _read_names(names[:_MAX_NAMES])


@lru_cache(maxsize=8192)
def _read_names(names: str) -> Names:
    told = [_read_name(name) for name in names.split()]
    if len(told) == 1:
        return told[0]
    said = 0
    for one in told:
        said |= one.said
    return Names(" ".join([one.folded for one in told]), said)


@lru_cache(maxsize=16384)
def _read_name(name: str) -> Names:
    """What one class name says."""
    folded = (_CAMEL.sub(r"\1-\2", name) if not name.islower() else name).lower().replace("_", "-")
    words = _words(folded)
    if len(words) > 1 and (words[0] in _TOPICS or folded.startswith(_TEMPLATES)) and words[1] not in _LISTS:
        return Names(folded, 0)
    if len(words) > _SLUG or not _EMBEDS.isdisjoint(words):
        return Names(folded, 0)
    said = _FURNITURE * (folded in _FURNITURE_NAMES)
    before = ""
    for word in words:
        # "has-sidebar", "no-comments": the element is one that has, or lacks, such a thing, and is none itself.
        if before not in _STATES:
            said |= _said(word)
        said |= _SAID_BY_PAIRS.get((before, word), 0)
        before = word
    return Names(folded, said)


def _words(name: str) -> list[str]:
    # Most names are letters and hyphens: they are parted without a pattern.
    if name.isascii() and name.replace("-", "").isalpha():
        return [part for part in name.split("-") if len(part) > 1]
    return _WORD.findall(name)


@lru_cache(maxsize=16384)
def _said(word: str) -> int:
    """What one word of a name says, as a sum of the constants above."""
    long = len(word) >= _LONG
    said = _FURNITURE * (word in _FURNITURE_WORDS or (long and bool(_STEMS.search(word))))
    said |= _STUBBORN * bool(_STUBBORN_STEMS.search(word))
    said |= _ARTICLE * (word in _GOOD_WORDS or (long and bool(_GOOD_STEMS.search(word))))
    return said | _NOTE * (word in _NOTE_WORDS) | _TEASER * (word in _TEASERS)
