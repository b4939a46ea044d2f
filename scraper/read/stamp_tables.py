"""The words of date lines in the languages of newsrooms: labels, what stands around them and what denies them."""

from __future__ import annotations

import re

from scraper.dates.words import BEFORE_TIME, WEEKDAYS, fold

__all__ = ["BARE", "BEFORE", "BEHIND", "EVENTS", "JOINS", "MEMBERS", "PUBLICATIONS", "STOPPERS", "UPDATES"]

# Phrases of a language a line, "/" between them, "_" inside one of several words. Words that come before or behind
# ("last", "page", "was", "date") are in BEFORE and BEHIND and need no phrase of their own.
UPDATES = (
    (
        "updated/update/modified/revised/edited/amended/changed/modification/revision/current_as_of/last_mod/lastmod/"
        "update_posted/update_published/last_change/last_changes/date_of_last_update/up_to_date_as_of/correct_as_of/reviewed_and_updated"
    ),
    (
        "aktualisiert/aktualisierung/geändert/änderung/überarbeitet/bearbeitet/ergänzt/stand/stand_der_informationen/"
        "letztes_update/modifiziert/bearbeitung/geupdatet"
    ),
    (
        "mis_à_jour/mise_à_jour/maj/màj/modifié/modifiée/modification/actualisé/actualisée/actualisation/"
        "révisé/révisée/révision/dernière_révision/mis_à_jour_le"
    ),
    (
        "actualizado/actualizada/actualización/actualizacion/actualizamos/modificado/modificada/modificación/"
        "modificacion/revisado/revisada"
    ),
    "aggiornamento/aggiornato/aggiornata/modifica/modificato/modificata/modificazione",
    (
        "atualizado/atualizada/atualização/atualizacao/modificação/alteração/alterado/alterada/revisto/"
        "atualizado_em/actualização"
    ),
    (
        "bijgewerkt/gewijzigd/geactualiseerd/aangepast/wijziging/geüpdatet/geüpdate/geupdate/laatste_update/"
        "herzien/bijgewerkt_op/laatste_wijziging"
    ),
    (
        "обновлен/обновлена/обновлено/обновлены/обновление/обновления/изменен/изменена/изменено/изменены/изменение/"
        "изменения/отредактировано/отредактирован/редакция_от/актуально_на/обновлён/обновлёна/изменён/обновили"
    ),
    ("оновлено/оновлена/оновлений/оновлення/змінено/зміни/відредаговано/редаговано/актуально_на/оновлен"),
    (
        "aktualizacja/aktualizacji/zaktualizowano/zaktualizowany/zaktualizowana/aktualizowano/modyfikacja/modyfikacji/"
        "zmodyfikowano/zmodyfikowany/zmodyfikowana/zmiana/zmieniono/edytowano"
    ),
    "uppdaterad/uppdaterat/ändrad/ändrat/oppdatert/endret/opdateret/ændret/päivitetty/muokattu/sist_endret/redigert",
    "güncelleme/güncellenme/güncellendi/güncellenmiştir/son_güncelleme/düzenlenme",
    (
        "aktualizace/aktualizováno/aktualizované/aktualizovaný/upraveno/změna/změněno/frissítve/frissítés/módosítva/"
        "módosítás/actualizat/actualizată/actualizare/aktualizovane/posodobljeno/ažurirano/izmijenjeno/ажурирано/"
        "измењено/osvježeno/atjaunots/uuendatud/atnaujinta"
    ),
    "ενημέρωση/ενημερώθηκε/τροποποίηση/τροποποιήθηκε/актуализация/обновена/актуализирана/променена",
    "diperbarui/diperbaharui/pembaruan/dikemaskini/actualitzat/actualitzada/actualització/cập_nhật/eguneratua",
    "تحديث/التحديث/تعديل/التعديل/حُدّث/حدث/حدثت/تم_تحديثه/به‌روزرسانی/بروزرسانی/ویرایش/עודכן/עדכון/עדכון_אחרון/अपडेट/अपडेटेड/अद्यतन/ปรับปรุง/อัปเดต/แก้ไข",
    (
        "最終更新日時/最終更新日/最終更新/更新日時/更新日/更新时间/更新時間/更新日期/更新于/更新於/最后更新/最後更新/最近更新/更新/修改时间/"
        "修改日期/修改于/最终修改/最終改訂/改訂日/改定日/修訂日期/最后修改/最後修改/最后编辑/수정일/수정/업데이트/갱신/최종수정/최종_수정일"
    ),
)
PUBLICATIONS = (
    (
        "published/posted/issued/released/publication/publish/date/release/release_date/created/uploaded/filed/"
        "first_aired/date_of_issue/date_of_publication/press_release_date/for_immediate_release/written/added/submitted"
    ),
    (
        "veröffentlicht/erschienen/erstellt/datum/publiziert/veröffentlichung/veröffentlichungsdatum/"
        "erscheinungsdatum/online_seit/eingestellt/geschrieben/gepostet/meldung_vom/pressemitteilung_vom/"
        "nachricht_vom/artikel_vom/beitrag_vom/veröffentlichungsdatum"
    ),
    "publié/publiée/date_de_publication/paru/parue/créé/créée/mis_en_ligne/mise_en_ligne/rédigé/posté/diffusé",
    (
        "publicado/publicada/fecha/fecha_de_publicación/publicación/creado/creada/colgado/"
        "data_de_publicação/postado/postada/publicação/publicado_em/criado/divulgado"
    ),
    "pubblicato/pubblicata/data/data_di_pubblicazione/pubblicazione/data_pubblicazione/creato/inserito/notizia_del",
    "gepubliceerd/geplaatst/publicatiedatum/gepost/aangemaakt/nieuwsbericht/datum_van_publicatie/verschenen",
    (
        "опубликован/опубликована/опубликовано/опубликованы/дата/дата_публикации/создано/создан/размещено/размещена/"
        "размещён/добавлено/публикация/выложено"
    ),
    "опубліковано/опублікована/дата_публікації/створено/розміщено/публікація/додано",
    (
        "opublikowano/opublikowany/opublikowana/data_publikacji/dodano/utworzono/publikacja/data_dodania/"
        "data_utworzenia/zamieszczono"
    ),
    "publicerad/publicerat/publisert/publiseret/offentliggjort/udgivet/utgitt/julkaistu/skapad/opprettet/oprettet",
    "yayınlanma/yayınlandı/yayımlanma/yayın/giriş/oluşturulma/yayın_tarihi/eklenme/tarih",
    (
        "publikováno/vydáno/zveřejněno/vytvořeno/publikované/zverejnené/megjelent/közzétéve/létrehozva/publicat/"
        "publicată/data_publicării/objavljeno/objavljena/објављено/publikuota/avaldatud/publicēts"
    ),
    "δημοσιεύτηκε/δημοσιεύθηκε/δημοσίευση/ημερομηνία/публикувано/публикувана/дата_на_публикуване",
    "diterbitkan/dipublikasikan/tayang/dibuat/publicat_el/đăng/ngày_đăng/xuất_bản/argitaratua/diposting",
    "نشر/نُشر/نشرت/تاريخ_النشر/تم_النشر/تاريخ/صدر/انتشار/تاریخ_انتشار/پורסם/פורסם/תאריך/प्रकाशित/เผยแพร่/วันที่/ลงวันที่",
    (
        "公開日時/公開日/掲載日/掲載/公開/投稿日時/投稿日/投稿/配信日/配信/発表日/発表/発信日/発行日/作成日/登録日/発売日/报道时间/发布时间/发布日期/"
        "发布于/发布/发表时间/发表于/发表/發布時間/發布日期/發布/發佈/發佈日期/發表於/發表/刊登日期/出版日期/上传时间/创建时间/日期/时间/時間/来源时间/"
        "등록일/등록/입력/게시일/게시/작성일/작성/발행일/승인/게재/기사입력/보도일시"
    ),
)
BEFORE = frozenset(
    fold(word)
    for word in (
        "this the page pages content article story document release web webpage website site post entry item news "
        "was has been is last latest recently most first originally date time and on "
        "zuletzt letzte letztes letzter letzten diese dieser dieses seite artikel beitrag meldung wurde datum am der "
        "dernière derniere dernier date de la cette page cet article a été initialement le heure "
        "última ultima último ultimo fecha esta página pagina este artículo de la del fue data di da della ora hora "
        "questa questo articolo è stato stata il esta artigo foi "
        "laatst laatste voor het deze dit artikel is op datum van "
        "последнее последняя последний последние дата время страница материал статья была был "
        "останнє остання останні дата востаннє час сторінку статтю "
        "ostatnia ostatnio ostatnie data czas strona artykuł "
        "senast sist sidst viimeksi son poslední naposledy datum utolsó tarihi "
        "τελευταία последна terakhir darrera lần cuối "
        "آخر اخر تاريخ تم وقت آخرین תאריך "
        "最 終 终 后 後 近 初 回 본 최 종 최종 마지막"
    ).split()
)
"""What may come right before a label and belongs to it."""
BEHIND = frozenset(
    fold(word)
    for word in (
        "date time dates der seite informationen information daten am um de la del da il le em op på dnia den "
        "страницы материала сторінки strony tarihi 日 時 时 间 間 期 于 於 일 일시 시간"
    ).split()
)
"""What may come right behind a label and belongs to it."""
JOINS = (
    BEFORE_TIME
    | WEEKDAYS
    | BEFORE
    | frozenset(
        "on at the am vom le il lo el em op den dem der de del du dia dne dnia från fra kl in of by as since was is s "
        "z od от на в від за date time last page this content giorno alle kello klo den tarihi tarihinde ngay luc "
        "في بتاريخ يوم الموافق de do da dem pm gmt utc jst kst ist est edt et".split()
    )
)
"""What may stand between a label and its date."""
STOPPERS = re.compile(
    r"polic|terms|agreement|privacy|cookie|copyright|statement \(|datenschutz|impressum|conditions|mentions légales|"
    r"review|checked|geprüft|next update|nächste|effective|privacidad|confidentialité|конфиденциальн|regulamin",
    re.IGNORECASE,
)
"""Near a label: what was updated is not this page's text."""
MEMBERS = re.compile(
    r"registriert|registered|joined|member since|mitglied seit|inscrit|registrado|membre depuis|dabei seit|"
    r"зарегистрирован|регистрация",
    re.IGNORECASE,
)
"""Near a date: it is that of a person who writes here."""
BARE = frozenset(
    map(fold, "date release created datum fecha data дата tarih ημερομηνία تاريخ तारीख 日期 时间 時間 วันที่".split())
)
"""Labels of a publication that tell as often when something else was or will be."""
EVENTS = re.compile(
    r"(?:time|location|venue|where|place|doors|uhrzeit|zeit|ort|beginn|veranstaltungsort|heure|lieu|horaire|hora|lugar|"
    r"luogo|orario|locatie|tijd|plaats|local|horário|время|место|час|місце|godzina|miejsce|المكان|場所|会場|地点)\s*:",
    re.IGNORECASE,
)
"""Right behind a date with such a label: it is the day of an event."""
