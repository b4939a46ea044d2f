"""Words by which a text says that it was corrected, or who said what, in the languages of newsrooms."""

from __future__ import annotations

import re

__all__ = ["is_byline", "is_correction", "is_number_word", "says_who"]

_LABELS = (
    # Of a note, where a colon, a dash or a bracket follows: the words alone are ordinary ones.
    "corrections?|corrected|clarifications?|editor['’]s note|editors['’] note|updated?"
    "|berichtigung|korrektur|richtigstellung"
    "|anmerkung der redaktion|correctif|mise au point|note de la rédaction|ndlr|corrección|correcciones|aclaración"
    "|nota (?:del editor|de la redacción|de redacción)|correzione|precisazione|nota (?:della redazione|dell['’]editore)"
    "|correção|esclarecimento|nota (?:da redação|do editor)|correctie|verduidelijking|noot van de redactie|rättelse"
    "|rättat|förtydligande|rettelse|retting|presisering|korrektion|oikaisu|korjaus"
    "|korekta|poprawka|wyjaśnienie|oprava|opraveno"
    "|upřesnění|korekcia|helyesbítés|pontosítás|corectură|corectare|precizare|διόρθωση|διευκρίνιση|düzeltme|açıklama"
    "|уточнение|исправление|поправка|исправлено|уточнення|виправлення|поправлено|تصحيح|تصويب|توضيح|תיקון|הבהרה"
    "|更正|勘误|勘誤|澄清|訂正|おわび|お詫び|修正|정정|바로잡습니다|알림"
)
_PHRASES = (
    r"corrigend(?:um|a)|errat(?:um|a)\b|errata corrige|rectificatif|rectificatie"
    r"|rectificación|rectificare|fe de erratas"
    r"|rettifica\b|retificação|sprostowanie|helyreigazítás|опровержение|спростування"
    r"|(?:an|the|in an?) earlier (?:version|edition|statement|release)"
    r"|(?:a|the) previous version"
    r"|has been (?:corrected|amended|revised)|was (?:corrected|amended) (?:on|to"
    r"|at)|updated to (?:correct|clarify|reflect)"
    r"|incorrectly (?:stated|said|reported)|misstated|we (?:regret|apologi[sz]e for) the error"
    r"|in einer (?:früheren|vorherigen) (?:version|fassung)|wurde (?:korrigiert|berichtigt)"
    r"|une version (?:antérieure|précédente)|a été (?:corrigée?|rectifiée?)|una versión anterior|ha sido corregid[oa]"
    r"|una versione precedente|è stat[oa] corrett[oa]|uma versão anterior|foi corrigid[oa]|in een eerdere versie"
    r"|en tidigare version|en tidligere versjon|en tidligere version|aiemmassa versiossa|w poprzedniej wersji"
    r"|v předchozí verzi|предыдущ\w+ верси|в более ранней версии|попередн\w+ верс|نسخة سابقة|以前の版|이전 버전"
)
_CORRECTION = re.compile(
    rf"(?:^|[.!?\n]\s*"
    rf"|[(\[*]\s*)(?:{_LABELS})(?:\s+\([^)]{{1,40}}\))?(?:\s+\d[\d .:/-]{{3,20}})?\s*(?:[:：)\]–—-]|$)|{_PHRASES}",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:said|says|told|stated|quoted|according to|explained|argued|warned"
    r"|sagte|sagt|erklärte|betonte|teilte|laut|zufolge|a déclaré|a dit|a affirmé|a indiqué|selon|d['’]après"
    r"|dijo|declaró|afirmó|señaló|según|ha detto|ha dichiarato|ha affermato|secondo|disse|afirmou|declarou|segundo"
    r"|de acordo com|zei|verklaarde|aldus|volgens|sade|säger|uppger|enligt|sier|sagde|siger|ifølge|sanoi|kertoi|mukaan"
    r"|powiedział|powiedziała|oświadczył|stwierdził|według|řekl|řekla|uvedl|uvedla|podle|povedal|podľa|mondta|szerint"
    r"|a declarat|a spus|potrivit|δήλωσε|είπε|σύμφωνα|dedi|söyledi|açıkladı|göre"
    r"|сказал\w*|заявил\w*|сообщил\w*|отметил\w*|по словам|по данным|сказав|заявив|заявила|повідомив|за словами"
    r"|قال|قالت|صرح|صرحت|وفقا|بحسب|אמר|אמרה|לדברי)(?!\w)"
    r"|表示|指出|宣布|據|据|称|稱|述べ|によると|語った|발표했다|말했다|밝혔다|따르면",
    re.IGNORECASE,
)


def is_correction(text: str) -> bool:
    """True for a note that something was corrected."""
    return _CORRECTION.search(text[:_LONGEST]) is not None


_LONGEST = 600
"""Characters that are looked at: a note and an attribution stand at the beginning of what was added."""
_BYLINE = re.compile(r"(?:by|von|par|por|di|door|av|af|autor|author|text)[ :]+\w[^.]{2,80}$", re.IGNORECASE)


# Without the words for one and for a half, which are articles or parts of others.
_NUMBER_WORDS = frozenset(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
    " nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million"
    " millions billion billions dozen dozens zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig"
    " hundert tausend deux trois quatre cinq sept huit neuf dix onze douze vingt trente cent mille dos tres cuatro"
    " cinco siete ocho nueve diez once doce veinte treinta cien ciento due tre quattro cinque sette otto nove dieci"
    " undici dodici venti trenta cento dois três quatro oito dez onze doze vinte twee drie vijf zes zeven negen tien"
    " twaalf två tre fyra fem sju åtta nio tio tolv dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć"
    " два три четыре пять шесть семь восемь девять десять двенадцать двадцать сто тысяча".split()
)


def is_number_word(token: str) -> bool:
    """True for a number that is written out."""
    return token.casefold() in _NUMBER_WORDS


def is_byline(text: str) -> bool:
    """True for a line that names its author."""
    return len(text) < 100 and _BYLINE.match(text) is not None


def says_who(text: str) -> bool:
    """True where some words tell who said something."""
    return _SAID.search(text[:_LONGEST]) is not None
