"""The few words by which pages of some twenty languages name their links: calls, navigation, news and the press."""

from __future__ import annotations

import re

__all__ = ["is_call", "is_collection", "is_comments", "is_feed", "is_navigation", "is_next", "newsroom_rank"]


def _any_of(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


_CALL = _any_of(
    r"(?:read|learn|find out|know) more (?:about|on)\b.*",
    r"(?:read|learn|find|see|view|show|discover|continue|get|click|load|view)\b.{0,20}\b(?:more|out|all|here|details|release"
    r"|article|story|reading|full)",
    r"more(?: info(?:rmation)?| details| news| \W*)?",
    r"details?",
    r"(?:press|news) releases?",
    r"here|link|open|view|download|watch|listen|audio|video|photos?|transcript|pdf|share|print|next",
    r"previous|back|top",
    r"(?:jetzt |hier )?(?:weiter|mehr|alle)(?:lesen| lesen| erfahren| dazu| infos?| informationen| anzeigen)?",
    r"zum (?:artikel|beitrag)",
    r"lire (?:la suite|l['’]article|plus)|en savoir plus|voir (?:plus|tout)|suite",
    r"leer m[aá]s|m[aá]s informaci[oó]n|ver m[aá]s|saber m[aá]s|seguir leyendo|leia mais|saiba mais",
    r"ler mais|veja mais",
    r"leggi (?:tutto|di pi[uù]|di piu)|continua(?: a leggere)?|scopri di pi[uù]|lees (?:meer|verder)",
    r"meer(?: lezen| weten)?",
    r"l[aä]s mer|les mer|l[aæ]s mere|lue lis[aä][aä]|czytaj (?:dalej|wi[eę]cej)|wi[eę]cej|v[ií]ce",
    r"[cč][ií]st d[aá]le",
    r"подробнее|читать (?:далее|полностью|дальше)|далее|ещ[её]|детальніше|читати далі|докладніше|більше",
    r"devam[ıi](?:n[ıi] oku)?|daha fazla",
    r"続きを読む|もっと(?:見る|読む)|詳細|詳しく|更多|阅读更多|查看详情|더\s?보기|자세히",
    r"اقرأ المزيد|المزيد|קרא עוד",
)
_SIGNS = frozenset("» › > → ≫ ⟩ ▶ »» ›› >>".split())
_NAVIGATION = _any_of(
    r"home(?:page)?|start(?:seite)?|accueil|inicio|главная|головна|about(?: us| me)?|[uü]ber (?:uns|mich)|contacts?",
    r"contact us|kontakt",
    r"login|log in|sign (?:in|up)|register|anmelden|subscribe|newsletter|abonnieren|search|suche|menu",
    r"men[uü]|rss(?: feeds?)?",
    r"privacy(?: policy| notice| statement)?|datenschutz(?:erkl[aä]rung)?",
    r"terms(?: of (?:use|service)| (?:and|&) conditions)?",
    r"impressum|imprint|legal(?: notice)?|cookie.{0,20}|accessibility(?: statement)?|barrierefreiheit",
    r"sitemap|site map|help|faqs?",
    r"careers?|jobs|karriere|skip (?:to|navigation).{0,30}|facebook|twitter|x|linkedin|instagram|youtube",
    r"flickr|tiktok|whatsapp",
    r"e-?mail|print|share|english|deutsch|fran[cç]ais|espa[nñ]ol|italiano|русский|українська|العربية|中文|日本語",
    r"[a-z]{2}",
    r"next(?: page)?|prev(?:ious)?(?: page)?|older(?: posts| entries)?|newer(?: posts| entries)?|first|last",
    r"weiter|zur[uü]ck",
    r"(?:page|seite|p[aá]gina|страница)? ?\d{1,4}|[«»‹›<>←→…\W]+|archives?|archiv|all news|show all",
    r"view all|see all|alle anzeigen",
)


_NEXT = _any_of(
    r"(?:go to )?(?:the )?next(?: page| results?| \d{1,3})?|earlier(?: posts| news)?",
    r"(?:show |view |see |load )?(?:more|older)"
    r"(?: (?:posts|entries|news|articles|stories|items|results|releases|updates|headlines))?",
    r"(?:n[aä]chste|folgende|weitere|[aä]ltere)(?: seite| beitr[aä]ge| artikel| meldungen| nachrichten| eintr[aä]ge)?",
    r"weiter|vor|mehr (?:laden|anzeigen)",
    r"(?:page )?suivante?s?|(?:articles |actualit[eé]s )?plus anciens|(?:articles|billets) pr[eé]c[eé]dents",
    r"(?:charger|afficher) plus",
    r"(?:p[aá]gina )?(?:siguiente|seguinte|pr[oó]xima?)(?: p[aá]gina)?|cargar m[aá]s|carregar mais|ver m[aá]s",
    r"(?:entradas |noticias |posts )?(?:m[aá]s )?antigu[ao]s|mais antig[oa]s",
    r"(?:pagina )?(?:successiv[ao]|prossima|avanti|seguente)(?: pagina)?|(?:articoli )?pi[uù] vecchi|carica altr[oi]",
    r"(?:volgende|oudere?)(?: pagina| berichten| artikelen)?|meer laden",
    r"(?:n[aä]sta|neste|n[aæ]ste)(?: sid[ae])?|(?:[aä]ldre|eldre|[aæ]ldre)(?: inl[aä]gg| innlegg| indl[aæ]g)?",
    r"seuraava(?: sivu)?|vanhemmat|nast[eę]pn[ay](?: strona)?|dalej|starsze(?: wpisy)?",
    r"dal[sš][ií](?: str[aá]nka)?|star[sš][ií]|k[oö]vetkez[oő](?: oldal)?|r[eé]gebbi(?:ek)?",
    r"(?:pagina )?urm[aă]toarea?|mai vechi|sljede[cć]a|naslednja|sonraki(?: sayfa)?|daha eski|επόμεν[ηο]",
    r"следующ(?:ая|ие)(?: страница)?|впер[её]д|дал(?:ее|ьше)|(?:более )?старые(?: записи)?",
    r"(?:показать|загрузить) ещ[её]",
    r"наступн[аі](?: сторінка)?|далі|старіші|показати (?:ще|більше)|напред|следваща",
    r"次(?:へ|の?ページ(?:へ)?|の\d{1,3}件)?|古い(?:記事|投稿)(?:へ)?|もっと(?:見る|読む)|下一?[页頁]|更多",
    r"다음(?: ?페이지)?|이전 글|더 ?보기|التالي|الصفحة التالية|الأقدم|הבא|לעמוד הבא",
    r"[»›>→≫⟩▶]{1,3}",
)


_COLLECTION = re.compile(
    r"/(?:them(?:a|en?)|topics?|tags?|series?|serien|categor(?:y|ies)|kategorien?|categorias?|rubri(?:k|ken|que|ques)"
    r"|authors?|autor(?:en|es)?|profil(?:es?)?|schlagwor(?:t|te)|sections?|collections?|people|personen|experts?|keywords?|search"
    r"|suche)/",
    re.IGNORECASE,
)


def is_collection(url: str) -> bool:
    """True where an address says that it leads to what is filed under a topic, tag or author."""
    return _COLLECTION.search(url) is not None


def is_call(text: str) -> bool:
    """True for "Read more", "Transcript" and the like: words that lead on and name nothing."""
    return len(text) <= 200 and _CALL.fullmatch(text.strip(" .:…»›>→-–—[]()")) is not None


def is_navigation(text: str) -> bool:
    """True for "Contact", "Next page", "Deutsch" and the like."""
    return len(text) <= 60 and _NAVIGATION.fullmatch(text.strip()) is not None


def is_next(text: str) -> bool:
    """True for "Next page", "Older posts", "»" and the like: words that lead on to the older part of a list."""
    bare = text.strip(" \t.:…")
    return len(bare) <= 40 and _NEXT.fullmatch(bare if bare in _SIGNS else bare.strip(" »›>→≫⟩▶«‹<")) is not None


# --- where newsrooms are ----------------------------------------------------------------------------------------------

_PRESS = _any_of(
    r"(?:all |latest |our )?press[ -]?releases?|news[ -]?releases?|media[ -]?releases?|press[ -]?room",
    r"newsroom|news[ -]?room",
    r"presse(?:mitteilung(?:en)?|meldung(?:en)?|informationen|aussendung(?:en)?|portal|bereich)?",
    r"medienmitteilung(?:en)?",
    r"communiqu[eé]s?(?: de presse)?|espace presse|salle de presse|sala de (?:prensa|imprensa)|notas? de prensa",
    r"comunicados?(?: de (?:prensa|imprensa))?|comunicati(?: stampa)?|sala stampa|ufficio stampa",
    r"persbericht(?:en)?|perskamer",
    r"pressmeddelanden?|pressemeddelelser?|pressemeldinger?|lehdist[oö]tiedotteet|tiedotteet",
    r"informacje prasowe|komunikaty(?: prasowe)?",
    r"tiskov[eé] zpr[aá]vy|sajt[oó]k[oö]zlem[eé]nyek|comunicate de pres[aă]|пресс-?релизы?|прес-?релізи?",
    r"прес-?центр|пресс-?центр",
    r"bas[ıi]n (?:bültenleri|odas[ıi]|a[cç][ıi]klamalar[ıi])",
    r"プレスリリース|報道発表|ニュースリリース|新闻稿|新聞稿|보도자료|بيانات صحفية",
)
_NEWS = _any_of(
    r"(?:all |latest |our |more )?news(?: (?:and|&) (?:events|media|press|insights|updates))?|press",
    r"media(?: cent(?:er|re))?",
    r"announcements?|statements?(?: (?:and|&) releases)?|briefings?(?: (?:and|&) statements)?|updates|blog",
    r"aktuelles|nachrichten|meldungen|neuigkeiten|actualit[eé]s?|noticias|not[ií]cias|notizie|novit[aà]",
    r"nieuws|nyheter|nyheder",
    r"uutiset|aktualno[sś]ci|aktuality|novinky|h[ií]rek|[sș]tiri|новости|новини|haberler|ニュース|新着情報|お知らせ|新闻",
    r"新聞|뉴스|الأخبار",
)
_ADDRESS_PRESS = re.compile(
    r"press|newsroom|news-room|media-?release|communiqu|prensa|imprensa|stampa|persbericht|medienmitteilung",
    re.IGNORECASE,
)
_ADDRESS_NEWS = re.compile(
    r"/(?:news|blog|aktuelles|nachrichten|meldungen|actualit|noticias|notizie|nieuws|nyhe|novosti|announcements|updates)",
    re.IGNORECASE,
)
_FEED = _any_of(
    r"(?:.{0,40}\W)?(?:rss|atom)(?:[- ]?feeds?)?(?:\W.{0,20})?",
    r"(?:news|web|xml|subscribe.{0,20})?[- ]?feeds?",
)
_FEED_ADDRESS = re.compile(
    r"[/._-](?:rss|atom|feed|rdf)s?(?:[/._?-]|$)|(?:rss|feed)\w{0,12}\.(?:xml|php|aspx?)"
    r"|[?&](?:feed|format|type)=(?:rss|atom|xml|feed)|(?:rss|atom|feed|index)\.(?:xml|rdf|json)",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"comment|kommentar|comentario|commentaire|комментар|replies", re.IGNORECASE)


def newsroom_rank(text: str, url: str) -> int:
    """How surely a link leads to a newsroom's list page: 3 it says press releases, 2 news, 1 only its address does."""
    label = text.strip(" .:…»›>→-–—|")
    if len(label) <= 50 and _PRESS.fullmatch(label):
        return 3
    if len(label) <= 50 and _NEWS.fullmatch(label):
        return 2
    return 1 if len(label) <= 40 and (_ADDRESS_PRESS.search(url) or _ADDRESS_NEWS.search(url)) else 0


def is_feed(text: str, url: str) -> bool:
    """True where a link looks as if it led to a feed."""
    return _FEED_ADDRESS.search(url) is not None or (len(text) <= 60 and _FEED.fullmatch(text.strip()) is not None)


def is_comments(text: str, url: str) -> bool:
    """True for a feed of readers' comments."""
    return _COMMENTS.search(text) is not None or _COMMENTS.search(url) is not None
