"""How pages label the time of an update and of a publication, in the languages of newsrooms.

A label counts only at the beginning of a text or behind a sign that parts it from what comes before, and only where
a date follows at once: "Updated: 7 May" is one, "the minister updated parliament on 7 May" is none.
"""

from __future__ import annotations

import re

__all__ = ["PUBLISHED", "STOPPERS", "UPDATED"]

_UPDATED = (
    (
        r"(?:(?:this|the) )?(?:(?:page|content|article|story|document|release|web ?page|site) )?(?:was |"
        r"has been )?(?:last |latest |recently |most recently )?"
        r"(?:updated?|modified|revised|edited|amended|changed|modification|revision)(?: date)?"
    ),
    (
        r"content current as of|current as of|(?:date|time) (?:last )?(?:updated|modified)|date of last update|"
        r"last(?: |-)?mod|last change|lastmod"
    ),
    (
        r"(?:zuletzt |letzte |letztes |letzter )?(?:aktualisiert|aktualisierung|geändert|änderung|überarbeitet|"
        r"bearbeitet|update|stand)"
        r"(?: der (?:seite|informationen|information|daten))?"
    ),
    r"(?:dernière )?(?:mise? à jour|maj|màj|modifiée?|modification|actualisée?|actualisation)",
    (
        r"(?:última |ultima )?(?:actualizad[oa]|actualización|actualizacion|modificad[oa]|modificación|"
        r"modificacion)|(?:fecha de )(?:actualización|modificación)"
    ),
    r"(?:ultimo |ultima |data )?(?:aggiornamento|aggiornat[oa]|modifica|modificat[oa])(?: il)?",
    r"(?:última |ultima |data da )?(?:atualizad[oa]|atualização|actualizad[oa]|modificação|modificad[oa]|alteração)",
    (
        r"(?:laatst |laatste |voor het laatst )?(?:bijgewerkt|gewijzigd|geactualiseerd|aangepast|wijziging|"
        r"geüpdatet|geupdate)"
    ),
    (
        r"(?:последнее |дата |время |последние )?(?:обновлен[оаы]?|обновлено|обновление|обновления|изменен[оаы]?|"
        r"изменено|изменение|изменения|отредактировано)"
    ),
    r"(?:останнє |дата |востаннє )?(?:оновлен[оаы]?|оновлено|оновлення|змінено|зміни)",
    (
        r"(?:ostatnia |ostatnio |data )?(?:aktualizacja|aktualizacji|zaktualizowan[oay]|modyfikacja|modyfikacji|"
        r"zmodyfikowan[oay]|zmiana)"
    ),
    (
        r"(?:senast |sist |sidst )?(?:uppdaterad|uppdaterat|ändrad|ändrat|oppdatert|endret|opdateret|ændret)|"
        r"(?:viimeksi )?(?:päivitetty|muokattu)"
    ),
    r"(?:son )?(?:güncelleme|güncellenme|güncellendi)(?: tarihi)?",
    (
        r"(?:poslední )?(?:aktualizace|aktualizováno|aktualizované|upraveno|změna)|(?:utolsó )?(?:frissítve|"
        r"frissítés|módosítva)|(?:ultima )?actualiza(?:t|re)"
    ),
    (
        r"(?:τελευταία )?(?:ενημέρωση|ενημερώθηκε)|(?:последна )?(?:актуализация|обновена)|"
        r"(?:terakhir )?(?:diperbarui|diperbaharui)|(?:última )?actualitza(?:t|ció)"
    ),
    r"(?:آخر |تاريخ |تم )?(?:تحديث|التحديث|تعديل|التعديل|حُدّث|حدث)",
    (
        r"最終更新日?時?間?|更新日時?|更新日|更新时间|更新時間|更新日期|更新于|更新於|最后更新|最後更新|最近更新|更新|修改时间|最終改訂|"
        r"(?:최종 ?)?(?:수정|업데이트|갱신)(?:일|일시)?"
    ),
)
_PUBLISHED = (
    (
        r"(?:first |originally |date )?(?:published|posted|issued|released|publication|publish)(?: date)?|date|"
        r"release date|created"
    ),
    (
        r"veröffentlicht|erschienen|erstellt|datum|publiziert|publiée?|date de publication|paru|créée?|"
        r"mis en ligne|publicad[oa]|"
        r"fecha(?: de publicación)?|pubblicat[oa]|data(?: di pubblicazione)?|gepubliceerd|geplaatst|"
        r"data de publicação|postado|"
        r"опубликован[оа]?|дата(?: публикации)?|создано|опубліковано|opublikowan[oay]|data publikacji|dodano|"
        r"publicerad|publisert|offentliggjort|"
        r"julkaistu|yayınlanma|yayın|giriş|oluşturulma|publikováno|vydáno|δημοσιεύτηκε|δημοσίευση|нашр|نشر|"
        r"تاريخ النشر|公開日|掲載日|公開|发布时间|发布|發布|등록|입력|게시"
    ),
)
_EDGE = r"(?:^|(?<=[\s|/(\[•·,;:.–—-]))"
UPDATED = re.compile(rf"{_EDGE}(?:{'|'.join(_UPDATED)})(?![^\W\d_])", re.IGNORECASE)
PUBLISHED = re.compile(rf"{_EDGE}(?:{'|'.join(_PUBLISHED)})(?![^\W\d_])", re.IGNORECASE)
STOPPERS = re.compile(
    r"polic|terms|agreement|privacy|cookie|copyright|statement \(|datenschutz|impressum|conditions|mentions légales|"
    r"review|checked|geprüft|next update|nächste",
    re.IGNORECASE,
)
"""Near a label: what was updated is not this page's text."""
