"""What a page shows of itself that a release would not: an error, a wall, a list, a cut.

A status of 200 says little: these are told by the title, by short texts that say what is wrong, and by how little
else there is. Each rule needs two hints, so that a release about robots or errors is none.
"""

from __future__ import annotations

import re

from scraper.model import Block, BlockKind, Signal
from scraper.read.page import Page

__all__ = ["find_signals"]

_FEW_WORDS = 120
"""A body with as many is a release, whatever its headline says."""
_FEWER_WORDS = 60
"""A body with as many is one, unless its headline says otherwise."""
_FEWEST_WORDS = 8
"""The same for a body with a date of publication."""
_MANY_WORDS = 400
"""A body with as many is no list."""
_MUCH_OF_TITLE = 0.25
"""Share of a headline that says what is wrong, so that the headline is not about it only by the way."""
_NOT_FOUND = re.compile(
    r"^\W*404\b|(?:error|http|status|fehler|erreur|ошибка)\W{0,3}404\b|\b404\W{1,3}(?:error|page|not|file|seite)|"
    r"not found|"
    r"page (?:you (?:requested|are looking for)|does(?:n.t| not) exist|cannot be found|"
    r"is (?:missing|gone|no longer available))|"
    r"no longer (?:available|exists)|can.t (?:be found|find (?:that|the|this) page)|"
    r"seite (?:wurde )?nicht gefunden|nicht (?:mehr )?(?:verfügbar|vorhanden)|"
    r"existiert nicht|page (?:introuvable|non trouvée)|n.existe (?:pas|plus)|página no (?:encontrada|existe)|"
    r"no se (?:ha )?encontr|pagina non trovata|"
    r"pagina niet gevonden|página não encontrada|não foi encontrad|страница не найдена|не найден|"
    r"сторінку не знайдено|nie (?:została )?znalezion|"
    r"ページが見つかりません|页面不存在|找不到|الصفحة غير موجودة",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"^\W*50[0234]\b(?!\s+(?:million|billion|mio|mrd|milli|тыс|млн|euro|dollar|people))|"
    r"(?:error|http|status|fehler|erreur|ошибка)\W{0,3}50[0234]\b|"
    r"\b50[0234]\W{1,3}(?:error|internal|bad gateway|service|gateway|server)|"
    r"internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|"
    r"something went wrong|"
    r"(?:an|unexpected) error (?:has )?occurred|under maintenance|scheduled maintenance|wartungsarbeiten|"
    r"erreur interne|error interno|database error|"
    r"fehler ist aufgetreten|une erreur (?:s.est produite|est survenue)|ha ocurrido un error|"
    r"temporarily (?:down|unavailable)|"
    r"technische (?:störung|probleme)|technical difficulties|try again later",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"just a moment|checking your browser|verify (?:that )?you are (?:a )?human|are you a (?:robot|human)|"
    r"i.m not a robot|captcha|"
    r"attention required|access (?:to this page has been )?denied|pardon our interruption|unusual (?:traffic|"
    r"activity)|ddos protection|"
    r"enable javascript and cookies to continue|security check|bot (?:detection|check)|request unsuccessful|"
    r"human verification|request access$|programmatic access|automated (?:scraping|requests)|"
    r"kein roboter|pas un robot",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"(?:please )?(?:log|sign) ?in(?: to (?:continue|read|view|your))?|members? only|anmelden|einloggen|"
    r"se connecter|identifiez-vous|"
    r"iniciar sesión|accedi|inloggen|entrar|войти|zaloguj|forgot(?:ten)? (?:your )?password|session (?:has )?expired",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"before you continue|we (?:value|respect|care about) your privacy|(?:your|cookie|privacy) (?:choices|"
    r"consent|settings|preferences)|"
    r"accept (?:all )?cookies|use(?:s)? cookies|cookie-?einstellungen|zustimm|consentement|consentimiento|consenso",
    re.IGNORECASE,
)
_TOLD = (
    (Signal.CHALLENGE, _CHALLENGE),
    (Signal.NOT_FOUND, _NOT_FOUND),
    (Signal.ERROR, _ERROR),
    (Signal.CONSENT, _CONSENT),
    (Signal.LOGIN, _LOGIN),
)
_PASSWORD = re.compile(r"<input[^>]{0,300}type\s*=\s*[\"']?password", re.IGNORECASE)
_CLOSED = re.compile(r"</\s*(?:html|body)\s*>", re.IGNORECASE)
_BEGUN = re.compile(r"<html[\s>]", re.IGNORECASE)


def find_signals(
    markup: str, page: Page, blocks: tuple[Block, ...], title: str, *, dated: bool = False
) -> frozenset[Signal]:
    """Every signal that a page gives. One that is ``dated`` is a release, however short, if its headline lets it."""
    found = set()
    words = sum(len(block.text.split()) for block in blocks)
    if words < _FEW_WORDS:
        told = _told(page, title, blocks, dated=dated)
        if told is Signal.LOGIN and not _PASSWORD.search(markup):
            told = None
        if told is not None:
            found.add(told)
    if not found and _is_listing(page, blocks, words):
        found.add(Signal.LISTING)
    if is_unfinished(markup):
        found.add(Signal.UNFINISHED)
    return frozenset(found)


def _told(page: Page, title: str, blocks: tuple[Block, ...], *, dated: bool) -> Signal | None:
    """What the headline says, or else the first lines of a page that has little text."""
    for signal, words in _TOLD:
        match = words.search(title)
        if match and match.end() - match.start() >= _MUCH_OF_TITLE * len(title):
            return signal
    if sum(len(block.text.split()) for block in blocks) >= (_FEWEST_WORDS if dated else _FEWER_WORDS):
        return None
    lines = [segment.text for segment in page.segments if not page.boxes[segment.box].furniture][:12]
    opening = " ".join([*lines, *(block.text for block in blocks[:3])])[:1500]
    return next((signal for signal, words in _TOLD if words.search(opening)), None)


def _is_listing(page: Page, blocks: tuple[Block, ...], words: int) -> bool:
    """True for a page most of whose free text leads elsewhere."""
    if words >= _MANY_WORDS:
        return False
    free = [s for s in page.segments if not page.boxes[s.box].furniture]
    headed = sum(s.kind is BlockKind.HEADING and s.linked >= 0.9 * len(s.text) for s in page.segments)
    links = [s for s in free if s.linked >= 0.8 * len(s.text) and len(s.text) >= 25]
    sentences = sum(len(b.text) >= 80 and b.kind is BlockKind.PARAGRAPH and not _mostly_linked(b) for b in blocks)
    return (len(links) >= 8 or headed >= 6) and sentences <= max(2, (len(links) + headed) // 6)


def _mostly_linked(block: Block) -> bool:
    return sum(len(link.text) for link in block.links) * 2 > len(block.text)


def is_unfinished(markup: str) -> bool:
    """True where the markup begins a document and stops before its end.

    Many pages leave ``</html>`` out by design (HTML permits it), so what ends outside any tag, with its last element
    closed, is taken as whole; what stops inside a tag, a comment, a script or a sentence is not.
    """
    tail = markup[-4_000:].rstrip()
    if not _BEGUN.search(markup[:4_000]) or _CLOSED.search(tail):
        return False
    return not tail.endswith(">") or _opens(markup, "script") or tail.rfind("<!--") > tail.rfind("-->") or _is_cut(tail)


def _opens(markup: str, tag: str) -> bool:
    lowered = markup.lower()
    return lowered.rfind(f"<{tag}") > lowered.rfind(f"</{tag}")


def _is_cut(tail: str) -> bool:
    """True where the last tag opens something."""
    last = tail[tail.rfind("<") :]
    return not last.startswith(("</", "<!--")) and not last.endswith("/>")
