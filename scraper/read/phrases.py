"""Sentences that stand in articles and are no part of them: what leads away, what asks for something, credits."""

from __future__ import annotations

import re

# Patterns are in lower case and asked of texts in lower case: one that ignores case costs twice as much.
__all__ = ["ends_with_credit", "is_beside", "leads_away"]

_LEADS = (
    "read more|read also|read next|also read|see also|more on this|more from|related|related articles?|"
    "related stories|"
    "related links|related content|related news|related topics|related posts?|recommended|you may also like|"
    "you might also like|most read|most popular|trending|latest news|more stories|more news|don't miss|watch|"
    "watch more|listen|subscribe|sign up|newsletter|share this|share this article|share on|follow us|tags?|topics?|"
    "filed under|comments?|leave a (?:comment|reply)|advertisement|ad|sponsored|promoted|continue reading(?: below)?|"
    "story continues below|"
    "lesen sie auch|lesen sie mehr|lesen sie hier|mehr zum thema|"
    "weitere (?:artikel|beiträge|informationen|meldungen|nachrichten|links|(?:aktuelle )?themen)|"
    "weiterführende (?:links?|informationen)|zum weiterlesen|auch lesen|top[- ]themen(?: der redaktion)?|"
    "verwandte artikel|le puede interesar|"
    "zum thema|auch interessant|"
    "das könnte sie auch interessieren|anzeige|werbung|teilen|kommentare|schlagwörter|themen|"
    "lire aussi|à lire aussi|à lire|voir aussi|lire la suite|sur le même sujet|publicité|partager|mots[- ]clés|"
    "leer también|lea también|lee también|te puede interesar|ver también|noticias relacionadas|publicidad|compartir|"
    "etiquetas|leggi anche|potrebbe interessarti|pubblicità|condividi|lees ook|lees meer|advertentie|"
    "leia também|leia mais|veja também|publicidade|compartilhe|"
    "читайте также|по теме|материалы по теме|реклама|поделиться|читайте також|поділитися|"
    "czytaj także|czytaj też|zobacz także|zobacz też|przeczytaj także|reklama|udostępnij|související témata|"
    "läs också|läs mer|läs även|les også|læs også|lue myös|ayrıca okuyun|ilgili haberler|reklam|"
    "اقرأ أيضا|اقرأ أيضًا|إعلان|関連記事|あわせて読みたい|相关阅读|相关新闻|延伸阅读|관련기사"
)
_LEADING = re.compile(rf"\W*(?:{_LEADS})\s*(?:[:|›»>→…-]|$)")
_APPEAL = re.compile(
    r"\W*(?:(?:please )?(?:follow|like) (?:us|me|our|the|[@\w .'’-]{2,40}) on (?:facebook|twitter|instagram|"
    r"x\b|whatsapp|linkedin|google|social)|"
    r"(?:subscribe|sign up|signup|register) (?:to|for|now|here|today|and)\b.{0,80}|get (?:the|our|all|"
    r"breaking|daily)\b.{0,80}(?:newsletter|inbox|alerts?|your browser)|"
    r"join (?:us on|our (?:newsletter|mailing list|community|forums?|channel|whatsapp|telegram))|"
    r"like this (?:story|article)\?|(?:click|tap) here to (?:subscribe|sign up|join|turn on)|stay (?:informed|"
    r"up to date|ahead)[:,].{0,60}subscribe|"
    r"never miss |download the .{0,40}apps?\b|we want to hear what you think|do you want to be informed|"
    r"for the latest (?:stories|news)\b.{0,80}(?:download|follow|subscribe)|first-time subscribers|"
    r"if you.re seeing this message|to view the full story|do you have a story|have a (?:tip|story)|"
    r"support (?:our|independent|quality) journalism|our journalism (?:depends|needs)|"
    r"we apologi[sz]e, but this video|"
    r"(?:abonnieren sie|abonniere|melden sie sich|jetzt abonnieren|folgen sie uns|folgst du schon|"
    r"folge uns)\b|inscrivez-vous|abonnez-vous|suivez-nous|"
    r"suscríbe(?:te|ase)|síguenos|hazte (?:miembro|socio)|¿?ya sabías que|¡?mira lo que|vos réactions|"
    r"hacemos periodismo|tú también puedes|iscriviti|seguici|schrijf je in|volg ons|assine|siga-nos|подпис(?:ывайтесь|"
    r"ывайся|аться)|підпис(?:уйтесь|атися)|zapisz się|śledź nas|"
    r"(?:empfohlener|externer) (?:redaktioneller )?inhalt|an dieser stelle find(?:est|en) (?:du|sie)|"
    r"ich bin damit einverstanden|"
    r"gefällt (?:ihnen|dir|euch) |hat (?:ihnen|dir|euch) (?:der|dieser) |war (?:der|dieser) artikel|"
    r"(?:wie )?bewerten sie |möchten sie den artikel teilen|lust auf mehr|schon gelesen|sie lesen gern|"
    r"sie sind (?:aktuell )?nicht eingeloggt|bitte (?:registrieren|loggen) sie sich|alle angaben ohne gewähr|"
    r"weitere infos unter|fehler (?:auf|im artikel) .{0,30}(?:entdeckt|gefunden)|"
    r"(?:damit können )?personenbezogene daten können|we use cookies|this (?:site|website) uses cookies|"
    r"your browser (?:is|does)|your web browser|"
    r"enable javascript|javascript is (?:disabled|required)|there was a problem|you have been successfully)",
)
_CREDIT = re.compile(
    r"(?:©|\(c\)|copyright\b|(?:photo|image|foto|bild|picture|video|credit|quelle|source)s?(?: credit| by|"
    r" courtesy)?\s*[:/©]|"
    r"\(?(?:photo|foto|image|bild|quelle|source)s?\s*:)",
)
_CREDITED = re.compile(
    r"\((?:(?:AP|AFP|EPA|PA|dpa|ANP|TT|NTB|Reuters|Getty|Photo|Image|Picture|Foto|Fotos|Bild|Bilder|Grafik|Credit|"
    r"Courtesy|Screenshot|Crédit|Archivbild|Archivfoto|Symbolbild|Symbolfoto)\b[^()]{0,100}|[^()]{0,80}"
    r"(?:/(?:AP|AFP|EPA|Reuters|dpa)|Getty Images|via AP|Photo|Shutterstock|iStock))\)\W*$"
    r"|(?:\b(?:Photo|Image|Picture|Credit|Foto|Bild|Crédit|Fotografía|Fuente|Фото|Zdjęcie|Fot)s?\.?"
    r"(?: credit| by| courtesy)?\s*[:/©]|©)[^.:!?]{0,60}$"
    r"|(?:Getty Images|/AFP|/dpa|iStock|iStockphoto|Shutterstock|Adobe Stock|Unsplash|picture alliance)[^.:!?]{0,20}$"
    r"|…\s*more$"
)
_RIGHTS = re.compile(
    r"all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados",
)
_READING_TIME = re.compile(
    r"\W*(?:(?:estimated )?(?:reading|read) time|lesezeit|lesedauer|temps de lecture|tiempo de lectura|"
    r"tempo di lettura|leestijd|время чтения)?\W*\d+"
    r"\s*(?:min(?:ute)?s?\.?|minuten|minutos|minuti|мин\.?)\s*(?:read|lesezeit|de lecture|de lectura|"
    r"di lettura)?\W*$",
)
_STOPS = (".", "!", "?")
_BRACKET = (")",)
_SIGNS = (
    ")", ":", "/", "©", "…", "Getty Images", "iStock", "Shutterstock", "Adobe Stock", "Unsplash", "picture alliance",
)  # fmt: skip
"""Without one of them a text ends with no credit."""
_CREDIT_TAIL = 200
_MAX_APPEAL = 320
_MAX_CREDIT = 120
_MAX_READING_TIME = 40


def leads_away(text: str) -> bool:
    """True where a text begins as one that leads to another page, or heads a list of such texts."""
    return bool(_LEADING.match(text.lower()))


def is_beside(text: str) -> bool:
    """True for a short text that only asks for something, says whose a picture or a text is, or how long it takes."""
    if len(text) > _MAX_APPEAL:
        return False
    lowered = text.lower()
    if _APPEAL.match(lowered):
        return True
    if len(text) <= _MAX_CREDIT and (_CREDIT.match(lowered) or _RIGHTS.search(lowered)):
        return True
    return len(text) <= _MAX_READING_TIME and _READING_TIME.match(lowered) is not None


def ends_with_credit(text: str) -> bool:
    """True for a text that ends by saying whose picture it is about."""
    tail = text[-_CREDIT_TAIL:]
    # Most paragraphs are told by their end alone: the credit of a sentence stands in brackets.
    signs = _BRACKET if tail.endswith(_STOPS) else _SIGNS
    return any(sign in tail for sign in signs) and bool(_CREDITED.search(tail))
