"""Addresses: joined as browsers join, written in one form, and known by one key. The only module that knows ada-url.

Three forms of one address:

    href in a page -> join -> normalise (stored, shown, requested) -> identity (compared)

``identity`` forgets what doesn't tell two releases apart; it is a key and is never requested. ``shape`` forgets still
more: it keeps what sibling releases of a newsroom have in common.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

from ada_url import URL

__all__ = ["host", "identity", "join", "matches", "normalise", "same_site", "shape"]

_MAX_LENGTH = 8_000
"""Characters; RFC 9110 section 4.1 asks servers for no more, and a longer href is data and no address."""

_WEB = re.compile(r"https?:", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_IGNORED_BY_BROWSERS = re.compile(r"[\t\n\r]")
_CONTROL_OR_SPACE = "".join(map(chr, range(0x21)))
_AMPERSANDS = re.compile(r"&(?:amp;|#0*38;)+", re.IGNORECASE)

_TRACKING = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid twclid yclid ttclid li_fat_id igshid igsh mc_cid mc_eid mkt_tok "
    "_ga _gl _hsenc _hsmi hsctatracking vero_id vero_conv oly_anon_id oly_enc_id wickedid s_cid ncid cmpid xtor "
    "ref_src ref_url __twitter_impression wt.mc_id wt_mc wt.rss_f wt_zmc guccounter guce_referrer guce_referrer_sig "
    "trk ocid icid sc_cid _openstat rb_clickid epik at_medium at_campaign at_link_id at_link_type at_link_origin "
    "at_format at_ptr_name at_custom1 at_custom2 at_custom3 at_custom4 at_bbc_team".split()
)
_TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "piwik_", "matomo_", "hsa_", "ns_", "elqtrack", "stm_")
_SESSION = frozenset("jsessionid phpsessid cftoken zenid oscsid sessionid session_id cfid".split())
_SESSION_PREFIXES = ("aspsessionid", "jsessionid")
_SESSION_LIKE = frozenset({"sid", "s", "session", "sess"})
_TOKEN = re.compile(r"[0-9A-Za-z]{16,}")
_SESSION_SEGMENT = re.compile(r"SID-[0-9A-F]{4,}-[0-9A-F]{4,}|\([A-Z]\([0-9a-z]{16,}\)\)", re.IGNORECASE)
"""NATO's ``/SID-B618DF60-33B60EEC/`` and the cookieless sessions of ASP.NET, ``/(S(lit3py55t21z5v55vlm25s55))/``."""

_INDEX = re.compile(r"(?:index|default)\.(?:x?html?|php\d?|aspx?|jspx?|cfm|shtml)", re.IGNORECASE)
_STRAY = " \t?.,;:!()[]{}<>'\"“”‘’«»…|\\/&#"
"""What sentences and templates leave at the end of an address."""
_SAFE = "!$'()*,:;=@~+"
_ALIASES = {"nato.int": {"natolive": "natohq"}}
"""Path segments that one server serves alike; NATO renamed its tree and still answers to, and links by, both names."""


def join(base: str, href: str) -> str | None:
    """The absolute http(s) address of a link, joined as browsers join (WHATWG URL), without its fragment.

    None for what leads to no other document: ``javascript:``, ``mailto:``, ``data:``, an address that doesn't parse.
    A link that is only a fragment leads to the base.
    """
    if len(href) > _MAX_LENGTH:
        return None
    url = _parse(href, base)
    if url is None or not _is_web(url):
        return None
    url.hash = ""
    return str(url.href)


def normalise(url: str) -> str:
    """The address as it is stored, shown and requested: WHATWG-normal, no fragment, no tracking parameters.

    ``&amp;`` left in a query is undone and a bare ``?`` at the end goes. What is no web address comes back trimmed.
    """
    parsed = _parse(url)
    if parsed is None or not _is_web(parsed):
        return _clean(url)
    parsed.hash = ""
    query = "&".join(pair for pair in _pairs(parsed) if not _is_tracking(_name(pair)))
    parsed.search = f"?{query}" if query else ""
    return str(parsed.href)


def identity(url: str) -> str:
    """The key under which two addresses are one release: ``host/path?query`` without what doesn't tell them apart.

    Forgotten: scheme, ``www.``, default ports, user info, fragment, session ids in path and query, tracking parameters,
    the order of parameters, ways of percent-encoding, empty segments, ``index.html``, a trailing slash and stray
    punctuation at the end. Every other parameter is kept. Total (any string has a key) and idempotent.
    """
    text = _clean(url)
    if not _WEB.match(text):
        if _OTHER_SCHEME.match(text):
            return text
        text = f"https://{text}"
    parsed = _parse(text) if len(text) <= _MAX_LENGTH else None
    place = _bare_host(parsed) if parsed is not None else ""
    # A host called "http" with a port would make a key that reads as an address.
    if parsed is None or place in ("", "http", "https"):
        return normalise(url)
    query = sorted(filter(None, map(_pair_key, _pairs(parsed))))
    port = str(parsed.port)
    return (
        place
        + (f":{port}" if port not in ("", "80", "443") else "")
        + _path_key(str(parsed.pathname), _ALIASES.get(place, {}))
        + (f"?{'&'.join(query)}" if query else "")
    )


def host(url: str) -> str:
    """``host`` or ``host:port`` of an address, lower-case and in punycode; empty where it has none."""
    parsed = _parse(url)
    return str(parsed.host) if parsed is not None else ""


def same_site(one: str, other: str) -> bool:
    """True where both have one host, ``www.`` and port aside, or the host of one is a subdomain of the other's."""
    left, right = _parse(one), _parse(other)
    if left is None or right is None:
        return False
    a, b = _bare_host(left), _bare_host(right)
    return bool(a and b) and (a == b or a.endswith(f".{b}") or b.endswith(f".{a}"))


# --- parts ------------------------------------------------------------------------------------------------------------


def _clean(text: str) -> str:
    return _IGNORED_BY_BROWSERS.sub("", _SURROGATE.sub("\ufffd", text)).strip(_CONTROL_OR_SPACE)


def _parse(text: str, base: str | None = None) -> URL | None:
    try:
        return URL(_clean(text), None if base is None else _clean(base))
    except ValueError:
        return None if base is None else _parse(text)


def _is_web(url: URL) -> bool:
    return str(url.protocol) in ("http:", "https:") and bool(str(url.hostname))


def _bare_host(url: URL) -> str:
    name = str(url.hostname)
    if not name.endswith(".."):
        name = name.removesuffix(".")
    # Repeated, so that the key of a key is itself; "www.com" keeps its only name.
    while name.startswith("www.") and "." in name[4:].strip("."):
        name = name[4:]
    return name


def _pairs(url: URL) -> list[str]:
    query = _AMPERSANDS.sub("&", str(url.search).removeprefix("?"))
    return [pair for pair in query.split("&") if pair]


def _name(pair: str) -> str:
    return pair.partition("=")[0].lower()


def _is_tracking(name: str) -> bool:
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


def _is_session(name: str, value: str) -> bool:
    if name in _SESSION or name.startswith(_SESSION_PREFIXES):
        return True
    return name in _SESSION_LIKE and bool(_TOKEN.fullmatch(value))


def _recode(text: bytes, safe: str = _SAFE) -> str:
    return quote(text, safe=safe)


def _strip_stray(text: bytes) -> bytes:
    """``text`` without stray punctuation at its end; bytes that are no UTF-8 stay."""
    return text.decode("utf-8", "surrogateescape").rstrip(_STRAY).encode("utf-8", "surrogateescape")


def _pair_key(pair: str) -> str:
    """One parameter in its normal form; empty where it is none."""
    raw_name, equals, raw_value = pair.replace("+", "%20").partition("=")
    name = _recode(_strip_stray(unquote_to_bytes(raw_name)), "")
    value = _recode(_strip_stray(unquote_to_bytes(raw_value)), "")
    lowered = name.lower()
    if not (name or value) or _is_tracking(lowered) or _is_session(lowered, value):
        return ""
    return f"{name}{equals if value else ''}{value}"


def _path_key(path: str, aliases: dict[str, str]) -> str:
    segments = [segment for raw in path.split("/") if (segment := _segment_key(raw))]
    while segments:
        # Compared decoded and kept recoded, so that "%29" at the end is as stray as ")".
        last = _recode(_strip_stray(unquote_to_bytes(segments[-1])))
        if last and not _INDEX.fullmatch(last) and not _SESSION_SEGMENT.fullmatch(last):
            segments[-1] = last
            break
        segments.pop()
    return "".join(f"/{aliases.get(segment, segment)}" for segment in segments)


def _segment_key(raw: str) -> str:
    name, *parameters = unquote_to_bytes(raw).split(b";")
    kept = [name] + [p for p in parameters if not _is_session(*_split(p.decode("latin-1")))]
    segment = _recode(b";".join(kept))
    return "" if _SESSION_SEGMENT.fullmatch(segment) or segment in (".", "..") else segment


def _split(parameter: str) -> tuple[str, str]:
    name, _, value = parameter.partition("=")
    return name.lower(), value


# --- shapes -----------------------------------------------------------------------------------------------------------

_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTH = re.compile(
    r"0?[1-9]|1[0-2]|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?(?:0[1-9]|[12]\d|3[01]))?")
_DIGITS = re.compile(r"\d+")
_IDENTIFIER = re.compile(r"(?=[a-z-]*\d)[0-9a-f]{8}(?:-?[0-9a-f]{4,}){1,6}|(?=[A-Za-z]*\d)[0-9A-Za-z]{20,}")
_EXTENSION = re.compile(r"\.(?:[a-z]{2,5}\d?|\{slug\})$", re.IGNORECASE)
_WORD_BREAK = re.compile(r"[-_+.,~ ]+")
_LATIN = re.compile(r"[\x00-ɏ]*")
_SLUG_WORDS = 4
_SLUG_LENGTH = 24
_NAVIGATION = frozenset(
    "about archive archives author authors all category categories contact contacts contact-us events faq feed feeds "
    "help home imprint impressum jobs legal login media media-contacts newsletter page pages photos press privacy "
    "rss search sitemap subscribe tag tags team terms topic topics video videos".split()
)


@lru_cache(maxsize=4096)
def shape(url: str) -> str:
    """The pattern that an address shares with its siblings, such as ``/news/{y}/{m}/{d}/{slug}``.

    ``{y}``, ``{m}``, ``{date}``: parts of a date; ``{d}``: digits (``/cps/en/natohq/news_{d}.htm``); ``{id}``: a hash
    or UUID; ``{slug}``: a title in the address. Everything else is literal, the language too, so that a listing keeps
    to its own. Parameters follow by name. The host is no part of it.
    """
    key = identity(url)
    path, _, query = key.partition("?")
    segments = [unquote_to_bytes(part).decode("utf-8", "replace") for part in path.split("/")[1:]]
    tokens: list[str] = []
    for number, segment in enumerate(segments):
        tokens.append(_token(segment, before=tokens, last=number == len(segments) - 1))
    parameters = [_parameter_token(pair) for pair in query.split("&") if pair]
    return "/" + "/".join(tokens) + (f"?{'&'.join(parameters)}" if parameters else "")


def matches(url: str, shapes: tuple[str, ...]) -> bool:
    """True where an address has one of the shapes; with no shapes, always.

    More lenient than ``shape(url) in shapes``: where a shape has ``{slug}``, a title of one word fits too, unless it is
    a word of navigation such as "archive".
    """
    if not shapes:
        return True
    own = shape(url)
    if own in shapes:
        return True
    last = own.partition("?")[0].rpartition("/")[2]
    if _EXTENSION.sub("", last).lower() in _NAVIGATION:
        return False
    path = "/" + identity(url).partition("/")[2]
    return any("{slug}" in pattern and _pattern(pattern).fullmatch(path) for pattern in shapes)


_PLACEHOLDERS = {
    "{y}": r"(?:19|20)\d\d",
    "{m}": r"[0-9A-Za-z]{1,9}",
    "{d}": r"\d+",
    "{date}": r"[\d_.-]{6,10}",
    "{id}": r"[0-9A-Za-z-]+",
    "{slug}": r"[^/?]+?",
}
_PLACEHOLDER = re.compile(r"(\{[a-z]+\})")


@lru_cache(maxsize=1024)
def _pattern(pattern: str) -> re.Pattern[str]:
    parts = _PLACEHOLDER.split(pattern)
    return re.compile("".join(_PLACEHOLDERS.get(part) or re.escape(part) for part in parts))


def _token(segment: str, *, before: list[str], last: bool) -> str:
    previous = before[-1] if before else ""
    number = _number_token(segment, previous)
    if number:
        return number
    stem, extension = _split_extension(segment)
    if _IDENTIFIER.fullmatch(stem):
        return "{id}" + extension
    if _is_slug(stem, last=last, dated=last and previous in ("{y}", "{m}", "{d}", "{date}", "{id}")):
        return "{slug}" + extension
    return _DIGITS.sub("{d}", segment)


def _number_token(segment: str, previous: str) -> str:
    if _YEAR.fullmatch(segment):
        return "{y}"
    if previous == "{y}" and _MONTH.fullmatch(segment):
        return "{m}"
    if _DATE.fullmatch(segment):
        return "{date}"
    return "{d}" if segment.isdecimal() else ""


def _split_extension(segment: str) -> tuple[str, str]:
    found = _EXTENSION.search(segment)
    return (segment[: found.start()], found[0]) if found else (segment, "")


def _is_slug(stem: str, *, last: bool, dated: bool) -> bool:
    words = [word for word in _WORD_BREAK.split(stem) if word and not word.isdecimal()]
    if not words:
        return False
    if dated:
        return stem.lower() not in _NAVIGATION
    needed = _SLUG_WORDS if last else _SLUG_WORDS + 2
    length = _SLUG_LENGTH if _LATIN.fullmatch(stem) else 8
    return len(words) >= needed or (last and len(stem) >= length)


def _parameter_token(pair: str) -> str:
    name, equals, value = pair.partition("=")
    if value.isdecimal():
        value = "{d}"
    elif _IDENTIFIER.fullmatch(value):
        value = "{id}"
    elif len(value) > _SLUG_LENGTH:
        value = "{slug}"
    return f"{name}{equals}{_DIGITS.sub('{d}', value)}"
