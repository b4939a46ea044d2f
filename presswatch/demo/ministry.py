"""The releases of an invented German ministry."""

from __future__ import annotations

from datetime import timedelta

from presswatch.demo.model import Text

NAME = "Ministerium für Küsten und Gezeiten"
FEED = "/presse/rss.xml"
LISTING = "/presse/"
ZONE = "Europe/Berlin"

DYKES = "/presse/mitteilungen/deichprogramm-verlaengert.html"
TIDES = "/presse/mitteilungen/gezeitenkalender-erschienen.html"
FERRIES = "/presse/mitteilungen/faehren-im-winter.html"
BIRDS = "/presse/mitteilungen/rastvoegel-gezaehlt.html"
SAND = "/presse/mitteilungen/sandvorspuelung-beendet.html"
GAUGES = "/presse/mitteilungen/pegel-online.html"
SCHOOLS = "/presse/mitteilungen/schulen-am-watt.html"
LOCKS = "/presse/mitteilungen/schleuse-wird-saniert.html"
WARNING = "/presse/mitteilungen/sturmflut-warnung-neu.html"

TEXTS = (
    Text(
        path=DYKES,
        title="Deichprogramm wird um fünf Jahre verlängert",
        lede="Das Programm zur Verstärkung der Deiche läuft fünf Jahre länger als geplant. Das hat das Ministerium am "
        "Donnerstag bekannt gegeben.",
        paragraphs=(
            (
                "Für die Verlängerung stehen 310 Millionen Euro bereit. Damit sollen 84 Kilometer Deich erhöht und 17 "
                "Siele erneuert werden, vor allem an der westlichen Küste und an den Mündungen der kleineren Flüsse."
            ),
            (
                "Nach Angaben des Ministeriums entsprechen heute 71 Prozent der Deiche dem neuen Maß. Bis zum Ende des "
                "Programms sollen es mindestens 90 Prozent sein."
            ),
            (
                "Die Deichverbände hatten darauf hingewiesen, dass die Preise für Klei und für Transporte gestiegen "
                "sind. Das Ministerium will deshalb die Zuschüsse jedes Jahr anpassen."
            ),
        ),
        age=timedelta(days=1, hours=6),
    ),
    Text(
        path=TIDES,
        title="Gezeitenkalender für das kommende Jahr erschienen",
        lede="Der amtliche Gezeitenkalender für das kommende Jahr liegt vor. Er nennt die Zeiten von Hoch- und "
        "Niedrigwasser für 52 Orte.",
        paragraphs=(
            (
                "Neu aufgenommen wurden drei Sportboothäfen und ein Anleger, von dem aus seit dem Frühjahr wieder eine "
                "Fähre verkehrt. Erstmals gibt es eine Fassung in einfacher Sprache."
            ),
            (
                "Der Kalender kostet 7,50 Euro und ist im Buchhandel erhältlich. Die Zeiten stehen außerdem kostenlos "
                "auf den Seiten des Ministeriums, auch als Datei für Kalenderprogramme."
            ),
            (
                "Wind und Luftdruck können die Wasserstände stark verändern. Vor jeder Wanderung im Watt sollte "
                "deshalb auch die aktuelle Vorhersage gelesen werden."
            ),
        ),
        age=timedelta(days=2, hours=9),
        rotating=True,
    ),
    Text(
        path=FERRIES,
        title="Fähren fahren im Winter nach erweitertem Plan",
        lede="Die Fähren zu den kleinen Inseln fahren in diesem Winter häufiger. Das Ministerium und die Reedereien "
        "haben sich auf einen erweiterten Plan geeinigt.",
        paragraphs=(
            (
                "Statt drei gibt es künftig vier Abfahrten am Tag, sofern das Wasser hoch genug steht. Die zusätzliche "
                "Abfahrt am frühen Abend ist vor allem für Schülerinnen und Schüler gedacht."
            ),
            (
                "Das Land übernimmt die Mehrkosten von rund 2,4 Millionen Euro. Die Fahrpreise für Einheimische "
                "bleiben unverändert, für Gäste steigen sie um einen Euro."
            ),
            (
                "Bei Eisgang entscheidet die Reederei am Vorabend, ob gefahren wird. Die Entscheidung wird bis 18 Uhr "
                "veröffentlicht."
            ),
        ),
        age=timedelta(days=4, hours=2),
    ),
    Text(
        path=BIRDS,
        title="Mehr Rastvögel im Wattenmeer gezählt",
        lede="Bei der Herbstzählung wurden im Wattenmeer 1,2 Millionen Rastvögel erfasst, so viele wie seit zehn "
        "Jahren nicht mehr.",
        paragraphs=(
            (
                "Gezählt wurde an zwei Wochenenden von 140 Ehrenamtlichen an 96 Stellen. Besonders zugenommen haben "
                "Knutt und Alpenstrandläufer, während die Zahl der Austernfischer weiter zurückging."
            ),
            (
                "Fachleute führen den Anstieg auf ruhigeres Wetter und auf neue Schutzzonen zurück. Ob er von Dauer "
                "ist, lässt sich nach einer einzigen Zählung nicht sagen."
            ),
            (
                "Die nächste Zählung findet im Frühjahr statt. Wer mithelfen will, kann sich bei den "
                "Naturschutzstationen melden."
            ),
        ),
        age=timedelta(days=7, hours=4),
    ),
    Text(
        path=SAND,
        title="Sandvorspülung vor der Nordinsel abgeschlossen",
        lede="Vor der Nordinsel ist die Sandvorspülung dieses Jahres abgeschlossen. Rund 900.000 Kubikmeter Sand "
        "schützen nun wieder die Dünen.",
        paragraphs=(
            (
                "Zwei Schiffe haben den Sand acht Seemeilen vor der Küste aufgenommen und über eine Rohrleitung an den "
                "Strand gespült. Die Arbeiten dauerten 61 Tage und damit neun Tage weniger als vorgesehen."
            ),
            (
                "Jede Sturmflut trägt einen Teil des Sandes wieder ab. Das ist gewollt: Was das Meer vom Strand nimmt, "
                "nimmt es nicht von den Dünen."
            ),
            "Die Kosten betragen 8,6 Millionen Euro. Der Strand ist ab sofort wieder auf ganzer Länge zugänglich.",
        ),
        age=timedelta(days=10, hours=8),
    ),
    Text(
        path=GAUGES,
        title="Alle Pegel der Küste jetzt im Netz abrufbar",
        lede="Die Wasserstände aller 38 Pegel an der Küste sind ab sofort im Netz abrufbar, im Abstand von einer "
        "Minute und ohne Anmeldung.",
        paragraphs=(
            (
                "Bisher wurden die Werte nur alle zehn Minuten veröffentlicht, und elf Pegel fehlten ganz. Die neuen "
                "Geräte messen mit Radar und arbeiten auch bei Eis zuverlässig."
            ),
            (
                "Die Daten dürfen frei weiterverwendet werden. Das Ministerium bittet darum, die Quelle zu nennen und "
                "Warnungen unverändert zu übernehmen."
            ),
            (
                "Für die Umstellung wurden 1,9 Millionen Euro aufgewendet, etwa zur Hälfte für neue Leitungen zu "
                "abgelegenen Stationen."
            ),
        ),
        age=timedelta(days=13, hours=3),
        rotating=True,
    ),
    Text(
        path=SCHOOLS,
        title="Hundert Schulen lernen am Watt",
        lede="Im Programm „Schule am Watt“ hat sich die hundertste Schule angemeldet. Seit dem Beginn vor sechs "
        "Jahren haben rund 21.000 Kinder teilgenommen.",
        paragraphs=(
            (
                "Jede Klasse verbringt drei Tage an der Küste, untersucht den Boden und misst den Wasserstand. Die "
                "Ergebnisse werden gesammelt und mit denen früherer Jahre verglichen."
            ),
            (
                "Das Ministerium trägt die Kosten für Unterkunft und Begleitung. Die Anreise zahlen die Schulen, für "
                "weite Wege gibt es einen Zuschuss."
            ),
            "Anmeldungen für das nächste Schuljahr sind bis Ende Februar möglich.",
        ),
        age=timedelta(days=18, hours=5),
    ),
    Text(
        path=LOCKS,
        title="Schleuse am Binnenhafen wird saniert",
        lede="Die Schleuse am Binnenhafen wird vom Frühjahr an saniert. Für Sportboote bleibt sie an den Wochenenden "
        "geöffnet.",
        paragraphs=(
            (
                "Die Tore stammen aus dem Jahr 1938 und schließen nicht mehr dicht. Sie werden durch neue aus Stahl "
                "ersetzt, die bis zu einem Wasserstand von 6,20 Metern über Normalnull halten."
            ),
            (
                "Die Bauzeit beträgt vierzehn Monate. In dieser Zeit fahren Frachtschiffe einen Umweg von elf "
                "Kilometern über den Seitenkanal."
            ),
            "Die Kosten von 27 Millionen Euro tragen Land und Hafen je zur Hälfte.",
        ),
        age=timedelta(days=23, hours=1),
    ),
    Text(
        path=WARNING,
        title="Neues Warnsystem für Sturmfluten nimmt Betrieb auf",
        lede="Ein neues Warnsystem für Sturmfluten hat heute den Betrieb aufgenommen. Es rechnet zwölf Stunden voraus "
        "und wird alle dreißig Minuten auf den neuesten Stand gebracht.",
        paragraphs=(
            (
                "Das System verbindet die Messwerte der Pegel mit der Wettervorhersage. In einem Probelauf über zwei "
                "Winter lag die Abweichung im Mittel bei elf Zentimetern."
            ),
            (
                "Warnungen gehen an die Leitstellen, an die Häfen und an alle, die sich dafür anmelden. Die Anmeldung "
                "ist kostenlos und kann jederzeit beendet werden."
            ),
            "Das bisherige System bleibt noch ein Jahr lang in Betrieb, damit beide verglichen werden können.",
        ),
        age=None,
    ),
)
