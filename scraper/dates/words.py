"""The words that dates are written with, in some twenty languages: months, weekdays, joining words, zones.

All are folded (see :func:`fold`): lower case and without accents, as the grammar of ``scraper.dates`` looks them up.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

__all__ = ["AFTER_DAY", "AFTER_YEAR", "AMBIGUOUS_ZONES", "BEFORE_TIME", "BEFORE_YEAR", "HOUR_WORDS", "MERIDIEM"]
__all__ += ["MONTHS", "ORDINALS", "PLACES", "WEEKDAYS", "ZONES", "fold"]


@lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """A word in lower case without accents and vowel signs, the form that the tables here have."""
    if word.isascii():
        return word.lower()
    return _known(word) if len(word) <= _MAX_KNOWN else _folded(word)


def _folded(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.lower())
    return unicodedata.normalize("NFC", "".join(c for c in letters if not unicodedata.combining(c) and c != "ـ"))


_MAX_KNOWN = 30
"""Characters of a word that is worth to be kept in mind."""
_known = lru_cache(maxsize=4096)(_folded)


# Twelve names a line, January first; "/" between the forms of one month, "_" inside a name of two words.
_MONTHS = (
    (
        "january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sep/sept october/oct "
        "november/nov december/dec"
    ),
    (
        "janvier/janv/jan fevrier/fevr/fev/feb mars avril/avr mai juin juillet/juil/juill aout septembre/sept octobre/oct "
        "novembre/nov decembre/dec"
    ),
    (
        "januar/jan/janner/jaenner/jaen/jan februar/feb/febr/feber marz/maerz/mrz april/apr mai juni/jun juli/jul "
        "august/aug september/sep/sept oktober/okt november/nov dezember/dez"
    ),
    (
        "enero/ene febrero/feb marzo/mar abril/abr mayo/may junio/jun julio/jul agosto/ago "
        "septiembre/setiembre/sep/sept/set octubre/oct noviembre/nov diciembre/dic"
    ),
    (
        "gennaio/genn/gen febbraio/febbr/feb marzo/mar aprile/apr maggio/magg/mag giugno/giu luglio/lug agosto/ago "
        "settembre/sett/set ottobre/ott novembre/nov dicembre/dic"
    ),
    (
        "januari/jan februari/febr/feb maart/mrt april/apr mei juni/jun juli/jul augustus/aug september/sept/sep "
        "oktober/okt november/nov december/dec"
    ),
    (
        "janeiro/jan fevereiro/fev marco/mar abril/abr maio/mai junho/jun julho/jul agosto/ago setembro/set outubro/out "
        "novembro/nov dezembro/dez"
    ),
    (
        "январь/января/январе/янв февраль/февраля/феврале/фев/февр март/марта/марте/мар апрель/апреля/апреле/апр "
        "май/мая/мае июнь/июня/июне/июн июль/июля/июле/июл август/августа/августе/авг "
        "сентябрь/сентября/сентябре/сен/сент октябрь/октября/октябре/окт ноябрь/ноября/ноябре/ноя/нояб "
        "декабрь/декабря/декабре/дек"
    ),
    (
        "січень/січня/січні/січ лютий/лютого/лютому/лют березень/березня/березні/бер квітень/квітня/квітні/квіт/кві "
        "травень/травня/травні/трав/тра червень/червня/червні/черв/чер липень/липня/липні/лип "
        "серпень/серпня/серпні/серп/сер вересень/вересня/вересні/вер жовтень/жовтня/жовтні/жовт/жов "
        "листопад/листопада/листопаді/лист/лис грудень/грудня/грудні/груд/гру"
    ),
    (
        "styczen/stycznia/styczniu/sty luty/lutego/lutym/lut marzec/marca/marcu/mar kwiecien/kwietnia/kwietniu/kwi "
        "maj/maja/maju czerwiec/czerwca/czerwcu/cze lipiec/lipca/lipcu/lip sierpien/sierpnia/sierpniu/sie "
        "wrzesien/wrzesnia/wrzesniu/wrz pazdziernik/pazdziernika/pazdzierniku/paz listopad/listopada/listopadzie/lis "
        "grudzien/grudnia/grudniu/gru"
    ),
    "يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر",
    "كانون_الثاني شباط اذار نيسان ايار حزيران تموز اب ايلول تشرين_الاول تشرين_الثاني كانون_الاول",
    "جانفي فيفري مارس افريل ماي جوان جويلية اوت سبتمبر اكتوبر نوفمبر ديسمبر",
    "يناير فبراير مارس ابريل ماي يونيه يوليه اغسطس شتنبر اكتوبر نونبر دجنبر",
    (
        "januari/jan februari/feb mars/mar april/apr maj juni/jun juli/jul augusti/aug september/sep/sept oktober/okt "
        "november/nov december/dec"
    ),
    (
        "januar/jan februar/feb marts/mars/mar april/apr maj/mai juni/jun juli/jul august/aug september/sep/sept "
        "oktober/okt november/nov december/desember/dec/des"
    ),
    (
        "tammikuuta/tammikuu helmikuuta/helmikuu maaliskuuta/maaliskuu huhtikuuta/huhtikuu toukokuuta/toukokuu "
        "kesakuuta/kesakuu heinakuuta/heinakuu elokuuta/elokuu syyskuuta/syyskuu lokakuuta/lokakuu marraskuuta/marraskuu "
        "joulukuuta/joulukuu"
    ),
    (
        "leden/ledna/led unor/unora/uno brezen/brezna/bre duben/dubna/dub kveten/kvetna/kve cerven/cervna "
        "cervenec/cervence srpen/srpna/srp zari rijen/rijna/rij listopad/listopadu prosinec/prosince/pro"
    ),
    (
        "januar/januara februar/februara marec/marca april/aprila maj/maja jun/juna jul/jula august/augusta "
        "september/septembra oktober/oktobra november/novembra december/decembra"
    ),
    (
        "ocak/oca subat/sub mart/mar nisan/nis mayıs/may haziran/haz temmuz/tem agustos/agu eylul/eyl ekim/eki kasım/kas "
        "aralık/ara"
    ),
    (
        "ianuarie/ian februarie/feb martie/mar aprilie/apr mai iunie/iun iulie/iul august/aug septembrie/sept "
        "octombrie/oct noiembrie/noi/nov decembrie/dec"
    ),
    (
        "januar/jan februar/febr marcius/marc aprilis/apr majus/maj junius/jun julius/jul augusztus/aug "
        "szeptember/szept oktober/okt november/nov december/dec"
    ),
    (
        "ιανουαριος/ιανουαριου/ιαν φεβρουαριος/φεβρουαριου/φεβ μαρτιος/μαρτιου/μαρ απριλιος/απριλιου/απρ "
        "μαιος/μαιου/μαι ιουνιος/ιουνιου/ιουν ιουλιος/ιουλιου/ιουλ αυγουστος/αυγουστου/αυγ σεπτεμβριος/σεπτεμβριου/σεπ "
        "οκτωβριος/οκτωβριου/οκτ νοεμβριος/νοεμβριου/νοε δεκεμβριος/δεκεμβριου/δεκ"
    ),
    "януари февруари март април май юни юли август септември октомври ноември декември",
    "januari februari maret april mei juni juli agustus/agt september/sep oktober/okt november/nov desember/des",
    (
        "gener/gen febrer/febr marc/marc abril/abr maig juny/jun juliol/jul agost setembre/set octubre/oct novembre/nov "
        "desembre/des"
    ),
)
MONTHS = {
    name.replace("_", " "): number
    for line in _MONTHS
    for number, forms in enumerate(line.split(), start=1)
    for name in map(fold, forms.split("/"))
}
"""Name or abbreviation of a month, without a full stop, to its number."""

WEEKDAYS = frozenset(
    map(
        fold,
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun "
        "lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim "
        "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so "
        "lunes martes miercoles jueves viernes sabado domingo mie jue vie sab dom "
        "lunedi martedi mercoledi giovedi venerdi sabato domenica gio "
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo "
        "segunda terca quarta quinta sexta feira понедельник вторник среда четверг пятница суббота воскресенье пн вт "
        "ср чт пт сб вс понеділок вівторок середа четвер пятниця субота неділя poniedziałek wtorek środa "
        "czwartek piątek sobota niedziela الاثنين الثلاثاء الاربعاء الخميس الجمعة السبت الاحد mandag tirsdag "
        "pazartesi salı çarşamba perşembe cuma cumartesi pazar onsdag torsdag fredag lordag sondag måndag tisdag "
        "lördag söndag 月 火 水 木 金 土 日 曜 星 期 一 二 三 四 五 六 周 월 화 수 목 금 토 일 요".split(),
    )
)

ORDINALS = frozenset("st nd rd th er ere re e o a eme º ª го й ая е".split())
"""What may stick to the day of the month."""

AFTER_DAY = frozenset("of de del di d do da den من".split())
"""Joins a day to its month."""

BEFORE_YEAR = frozenset("de del do of di da".split())
"""Joins a month to its year."""

AFTER_YEAR = frozenset("г р год года року r roku g an".split())
"""Stands behind a year and means one."""

BEFORE_TIME = frozenset(
    fold(word)
    for word in "at um a à las les ore alle às as kl klo kello klokken klokka om uur o godz godzina в о об около the "
    "on time h t "
    "الساعة på heures hora horas saat στις ώρα ob ab от".split()
)
"""Joins a date to its time of day, or the other way round."""

HOUR_WORDS = frozenset("h uhr hrs hr hours uur std heures horas часов ч год ur".split())
"""Stands behind a time of day."""

MERIDIEM = {"am": 0, "a": 0, "pm": 12, "p": 12, "午前": 0, "上午": 0, "오전": 0, "凌晨": 0, "早上": 0}
MERIDIEM |= {"午後": 12, "下午": 12, "오후": 12, "晚上": 12, "中午": 12, "ص": 0, "صباحا": 0, "م": 12, "مساء": 12}
"""Half of the day to the hours that it adds."""

_HOURS_EAST = (
    "gmt/0 utc/0 wet/0 z/0 cet/1 mez/1 west/1 cest/2 mesz/2 eet/2 cat/2 sast/2 eest/3 msk/3 eat/3 trt/3 gst/4 pkt/5 "
    "ist/5.5 wib/7 ict/7 hkt/8 sgt/8 awst/8 pht/8 wita/8 jst/9 kst/9 wit/9 aest/10 aedt/11 nzst/12 nzdt/13 brt/-3 "
    "art/-3 nst/-3.5 ndt/-2.5 ast/-4 adt/-3 est/-5 edt/-4 cst/-6 cdt/-5 mst/-7 mdt/-6 pst/-8 pdt/-7 akst/-9 akdt/-8 "
    "hst/-10 bst/1 acst/9.5 acdt/10.5 wat/1 мск/3"
)
ZONES = {name: float(hours) for name, hours in (pair.split("/") for pair in _HOURS_EAST.split())}
"""Abbreviation of a zone to its hours east of Greenwich."""

AMBIGUOUS_ZONES = frozenset("bst ist cst ast gst".split())
"""Abbreviations that name several zones: what is read from them is an assumption."""

_AMERICA = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")
PLACES = dict(zip("et ct mt pt eastern central mountain pacific".split(), _AMERICA * 2, strict=True))
"""Names of zones that don't say whether it is summer, to the IANA zone that knows."""
