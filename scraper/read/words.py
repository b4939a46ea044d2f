"""What the class names and ids of elements say: where the text of an article is, and what is beside it.

They are hints, not verdicts: ``scraper.read.root`` sets them aside again where they would take most of a page away.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

__all__ = ["Names", "read_names"]

_WHOLE = (
    "ad ads adv advert adverts advertisement ado dfp gpt mpu nav navi navbar menu submenu footer bottom "
    "masthead banner topbar tags "
    "tagcloud share shares sharing social sns rss print tools toolbar crumb crumbs pager paging pagination "
    "search login "
    "cookie cookies consent gdpr cmp popup modal overlay dialog lightbox sidebar aside rail promo promos teaser "
    "teasers related recommended recommendations recirculation recirc trending popular latest newsletter newsletters "
    "subscribe subscription signup comments comment disqus respond reply replies feedback rating ratings "
    "survey poll author authors byline bio "
    "copyright disclaimer legal sponsor sponsored sponsors partner partners outbrain taboola plista zergnet ticker "
    "weather credits credit bookmark likes counter views engagement follow donate donation "
    "skip breadcrumb breadcrumbs toc hidden hide "
    "audio player playlist noprint video-info inread outstream"
).split()
_PARTS = (
    "advert adslot ad-slot adsense ad-container adunit breadcrumb cookie-?(?:banner|consent|notice|bar|law) "
    "comment-?(?:list|section|form|count|s\\b) "
    "disqus share-?(?:bar|button|tool|link|count|this|icon|list|box|menu) sharebar sharebox sharethis "
    "addthis addtoany shareaholic "
    "social-?(?:media|share|link|icon|bar|list|follow|network|button) "
    "related-?(?:article|content|post|link|stor|news|item|box|topic|coverage|media|list|video|info) "
    "relatedarticles relatedcontent relatedposts recommend read-?(?:more|next|also|on) "
    "more-?(?:stories|news|from|on|articles|info|links) "
    "most-?(?:read|popular|viewed|shared|recent) newsletter sign-?up mailing-?list subscri(?:be|ption) "
    "side-?bar site-?(?:header|footer|nav) page-?(?:footer|nav) global-?(?:header|footer|nav) "
    "(?:main|sub|top|left|right|side|meta)-?nav nav-?(?:bar|menu|list|link|main) navigation "
    "(?:main|mega|top|side|mobile)-?menu outbrain taboola sponsor native-?ad skip-?(?:link|to) "
    "screen-?reader sr-only visually-?hidden "
    "visuallyhidden author-?(?:bio|box|info|card|profile|desc|about) about-?(?:the-?)?author post-?tags "
    "tag-?(?:list|cloud|links) "
    "article-?tags article-?(?:footer|share|social|tools|actions|comments) "
    "post-?(?:footer|share|navigation|comments|nav) entry-?(?:footer|share|tags) pagination previous-?next "
    "prev-?next "
    "next-?(?:prev|post|article) jp-relatedposts wp-block-latest promo-?(?:box|block|item|link|banner|card) "
    "call-?to-?action cta-?(?:box|block|banner) back-?to-?top scroll-?to table-?of-?contents "
    "donat(?:e|ion) consent onetrust didomi usercentrics gdpr privacy-?(?:banner|notice) "
    "accessibility-?(?:menu|toolbar) print-?(?:button|link|only) video-?(?:player|playlist) jwplayer "
    "text-?(?:size|resize) font-?(?:size|resize) language-?(?:switch|select) lang-?switch "
    "(?:article|story|post)-?rating user-?feedback page-?feedback was-?this-?helpful"
).split()
_FURNITURE_WORDS = frozenset(_WHOLE)
_FURNITURE = re.compile("|".join(_PARTS))
_GOOD_WORDS = frozenset("article content main story prose hentry entry text body copy post".split())
_GOOD = re.compile(
    r"article-?(?:body|content|text|main|copy|inner)|(?:story|post|entry|news|page|main|release|press|node|detail)-?"
    r"(?:body|content|text|copy)|articlebody|storybody|rich-?text|richtext|wysiwyg|body-?(?:text|copy|content)"
)

_CAMEL = re.compile(r"([a-z])([A-Z])")
_TOPICS = re.compile(
    r"(?:^|(?<=\s))(?:category|tag|format|status|type|has|is|no|with|without|hide|show|hentry|term|"
    r"page-template|wp-theme)-"
    r"(?!list\b|cloud\b|links\b)[\w-]+"
)
"""Class names that tell a subject or a state and name nothing: WordPress puts a post's tags into its class."""
_STUBBORN = re.compile(
    r"comment|disqus|cookie|consent|related|recommend|newsletter|footer|sidebar|(?:^|[^a-z])nav|"
    r"most-?read|dialog|modal|popup"
)
_WORD = re.compile(r"[a-z]+")


class Names(NamedTuple):
    """What the class names and the id of an element say."""

    folded: str
    """In lower case, camelCase parted by hyphens and words joined by them."""
    furniture: bool
    """They name something beside the text."""
    stubborn: bool
    """They name furniture that often outweighs the text: comments, consent, lists of other pages."""
    article: bool
    """They name the text of an article."""


@lru_cache(maxsize=8192)
def read_names(names: str) -> Names:
    """What a class attribute and an id, joined by a space, say."""
    folded = _CAMEL.sub(r"\1-\2", names[:300]).lower().replace("_", "-")
    telling = _TOPICS.sub(" ", folded)
    words = _WORD.findall(telling)
    return Names(
        folded,
        furniture=not _FURNITURE_WORDS.isdisjoint(words) or bool(_FURNITURE.search(telling)),
        stubborn=bool(_STUBBORN.search(telling)),
        article=not _GOOD_WORDS.isdisjoint(words) or bool(_GOOD.search(folded)),
    )
