"""The line that tells a publication or an update, as newsrooms of many languages write it (synthetic pages)."""

from __future__ import annotations

import pytest

from scraper.model import Origin, Release
from scraper.read import extract

URL = "https://office.example/news/harbour"
PROSE = "".join(
    f"<p>{text}</p>"
    for text in (
        "The harbour office opened the northern basin on Tuesday after eleven months of work on its walls and gates.",
        "Ships of up to 90 metres can now turn inside the basin, which halves the time of a manoeuvre for the pilots.",
        "The work cost 12 million, a tenth less than planned, because the old sheet piling could be used again.",
    )
)


def read(line: str, language: str) -> Release:
    article = f"<h1>Harbour opens its northern basin</h1><div class='line'>{line}</div>{PROSE}"
    return extract(f"<html lang='{language}'><body><article>{article}</article></body></html>".encode(), URL)


UPDATED = [
    ("en", "Last updated: 07 Sep. 2012 12:46", "2012-09-07T12:46"),
    ("en", "Last updated 25-May-2017 09:01", "2017-05-25T09:01"),
    ("en", "This page was last updated on Friday, September 7, 2012 at 3:05 PM", "2012-09-07T15:05"),
    ("en", "Page last modified: 7 September 2012", "2012-09-07"),
    ("en", "Content current as of: 7 Sept 2012", "2012-09-07"),
    ("en", "Updated on 7th September 2012", "2012-09-07"),
    ("en", "Updated 2010 GMT (0410 HKT) September 7, 2012", "2012-09-07T20:10"),
    ("fr", "Mis à jour le: 26 Mar. 2012 15:33", "2012-03-26T15:33"),
    ("fr", "Dernière mise à jour : 7 septembre 2012 à 12h46", "2012-09-07T12:46"),
    ("fr", "Modifié le vendredi 7 septembre 2012", "2012-09-07"),
    ("fr", "Actualisé le 1er août 2012", "2012-08-01"),
    ("fr", "MAJ : 07/09/2012 - 12:46", "2012-09-07T12:46"),
    ("de", "Stand: 07.09.2012, 12:46 Uhr", "2012-09-07T12:46"),
    ("de", "Zuletzt aktualisiert am 7. September 2012 um 12.46 Uhr", "2012-09-07T12:46"),
    ("de", "Letzte Änderung: 07.09.2012", "2012-09-07"),
    ("de", "Diese Seite wurde zuletzt am 7. September 2012 aktualisiert", "2012-09-07"),
    ("de", "Aktualisiert: Freitag, 7. März 2014, 8 Uhr", "2014-03-07T08:00"),
    ("es", "Actualizado: 7 sep 2012 - 12:46", "2012-09-07T12:46"),
    ("es", "Última actualización: viernes, 7 de septiembre de 2012 a las 12:46 h", "2012-09-07T12:46"),
    ("es", "Fecha de actualización: 07/09/2012", "2012-09-07"),
    ("es", "Modificado el 7 de setiembre de 2012", "2012-09-07"),
    ("it", "Ultimo aggiornamento: 7 settembre 2012, ore 12.46", "2012-09-07T12:46"),
    ("it", "Aggiornato il 07/09/2012 alle 12:46", "2012-09-07T12:46"),
    ("it", "Ultima modifica: venerdì 7 settembre 2012", "2012-09-07"),
    ("it", "Data di ultimo aggiornamento: 7 set 2012", "2012-09-07"),
    ("nl", "Laatst bijgewerkt op 7 september 2012 om 12:46 uur", "2012-09-07T12:46"),
    ("nl", "Laatste wijziging: 07-09-2012", "2012-09-07"),
    ("nl", "Gewijzigd: vrijdag 7 mrt 2014 8.30 uur", "2014-03-07T08:30"),
    ("nl", "Deze pagina is voor het laatst bijgewerkt op 7 mei 2012", "2012-05-07"),
    ("pt", "Atualizado em 07/09/2012 12h46", "2012-09-07T12:46"),
    ("pt", "Última atualização: 7 de setembro de 2012 às 12:46", "2012-09-07T12:46"),
    ("pt", "Última modificação: sexta-feira, 7 de Setembro de 2012", "2012-09-07"),
    ("ru", "Обновлено: 7 сентября 2012, 12:46", "2012-09-07T12:46"),
    ("ru", "Последнее обновление: 07.09.2012 12:46", "2012-09-07T12:46"),
    ("ru", "Дата изменения: 7 сентября 2012 г.", "2012-09-07"),
    ("ru", "Статья обновлена 7 сентября 2012 года в 12:46", "2012-09-07T12:46"),
    ("uk", "Оновлено: 7 вересня 2012, 12:46", "2012-09-07T12:46"),
    ("uk", "Останнє оновлення: 07.09.2012", "2012-09-07"),
    ("uk", "Востаннє змінено 7 вересня 2012 р. о 12:46", "2012-09-07T12:46"),
    ("pl", "Aktualizacja: 7 września 2012, 12:46", "2012-09-07T12:46"),
    ("pl", "Ostatnia aktualizacja: 07.09.2012 r.", "2012-09-07"),
    ("pl", "Data ostatniej modyfikacji: 7 września 2012 godz. 12:46", "2012-09-07T12:46"),
    ("pl", "Zaktualizowano: 2012-09-07 12:46", "2012-09-07T12:46"),
    ("ar", "آخر تحديث: 7 سبتمبر 2012 12:46", "2012-09-07T12:46"),
    ("ar", "تاريخ التحديث: ٧ سبتمبر ٢٠١٢", "2012-09-07"),
    ("ar", "تم التحديث في ٠٧/٠٩/٢٠١٢ الساعة ١٢:٤٦", "2012-09-07T12:46"),
    ("ar", "آخر تعديل: 7 أيلول/سبتمبر 2012", "2012-09-07"),
    ("ja", "更新日：2012年9月7日", "2012-09-07"),
    ("ja", "最終更新日時: 2012年9月7日(金) 12時46分", "2012-09-07T12:46"),
    ("ja", "2012年9月7日 12:46 更新", "2012-09-07T12:46"),
    ("ja", "最終更新：２０１２年９月７日　午後３時５分", "2012-09-07T15:05"),
    ("zh", "更新时间：2012-09-07 12:46", "2012-09-07T12:46"),
    ("zh", "最后更新：2012年9月7日 下午3:05", "2012-09-07T15:05"),
    ("zh", "最後更新於 2012/09/07", "2012-09-07"),
    ("ko", "최종수정 2012.09.07 오후 3:05", "2012-09-07T15:05"),
    ("tr", "Son güncelleme: 7 Eylül 2012 12:46", "2012-09-07T12:46"),
    ("sv", "Senast uppdaterad: 7 september 2012 kl. 12.46", "2012-09-07T12:46"),
    ("fi", "Päivitetty 7.9.2012 klo 12.46", "2012-09-07T12:46"),
    ("cs", "Aktualizováno: 7. září 2012, 12:46", "2012-09-07T12:46"),
    ("el", "Τελευταία ενημέρωση: 7 Σεπτεμβρίου 2012", "2012-09-07"),
]
PUBLISHED = [
    ("en", "Published: 07 Sep. 2012 12:46", "2012-09-07T12:46"),
    ("en", "Posted on September 7, 2012", "2012-09-07"),
    ("en", "Release date: 7 September 2012", "2012-09-07"),
    ("en", "First published 7 September 2012", "2012-09-07"),
    ("en", "07 Sep. 2012 -", "2012-09-07"),
    ("en", "Issued on 11 Jul. 2018", "2018-07-11"),
    ("fr", "Publié le 7 septembre 2012 à 12h46", "2012-09-07T12:46"),
    ("fr", "Date de publication : 07/09/2012", "2012-09-07"),
    ("fr", "Mis en ligne le 1er août 2012", "2012-08-01"),
    ("de", "Veröffentlicht am 07.09.2012 um 12:46 Uhr", "2012-09-07T12:46"),
    ("de", "Erschienen: 7. September 2012", "2012-09-07"),
    ("de", "Dieser Beitrag wurde am 7. September 2012 von der Redaktion veröffentlicht.", "2012-09-07"),
    ("es", "Publicado el 7 de septiembre de 2012 a las 12:46", "2012-09-07T12:46"),
    ("es", "Fecha de publicación: 07/09/2012", "2012-09-07"),
    ("it", "Pubblicato il 7 settembre 2012 alle 12:46", "2012-09-07T12:46"),
    ("it", "Data: 7 settembre 2012", "2012-09-07"),
    ("nl", "Gepubliceerd op 7 september 2012 om 12:46", "2012-09-07T12:46"),
    ("nl", "Nieuwsbericht | 07-09-2012 | 12:46", "2012-09-07T12:46"),
    ("pt", "Publicado em 07/09/2012 às 12h46", "2012-09-07T12:46"),
    ("pt", "Data de publicação: 7 de setembro de 2012", "2012-09-07"),
    ("ru", "Опубликовано: 7 сентября 2012, 12:46", "2012-09-07T12:46"),
    ("ru", "Дата публикации: 07.09.2012", "2012-09-07"),
    ("uk", "Опубліковано 7 вересня 2012 року о 12:46", "2012-09-07T12:46"),
    ("uk", "Дата публікації: 07.09.2012", "2012-09-07"),
    ("pl", "Opublikowano: 7 września 2012, 12:46", "2012-09-07T12:46"),
    ("pl", "Data publikacji: 07.09.2012", "2012-09-07"),
    ("ar", "نشر في 7 سبتمبر 2012 12:46", "2012-09-07T12:46"),
    ("ar", "تاريخ النشر: ٧ سبتمبر ٢٠١٢", "2012-09-07"),
    ("ja", "公開日：2012年9月7日", "2012-09-07"),
    ("ja", "掲載日時 2012年9月7日 12時46分", "2012-09-07T12:46"),
    ("zh", "发布时间：2012-09-07 12:46", "2012-09-07T12:46"),
    ("zh", "發布日期：2012年9月7日", "2012-09-07"),
    ("ko", "등록 2012.09.07 12:46", "2012-09-07T12:46"),
    ("tr", "Yayınlanma: 7 Eylül 2012", "2012-09-07"),
    ("sv", "Publicerad 7 september 2012 kl. 12.46", "2012-09-07T12:46"),
]


def ids(rows: list[tuple[str, str, str]]) -> list[str]:
    return [f"{language}: {line}" for language, line, _ in rows]


@pytest.mark.parametrize(("language", "line", "expected"), UPDATED, ids=ids(UPDATED))
def test_update_is_read_as_it_is_labelled(language: str, line: str, expected: str) -> None:
    release = read(line, language)
    stamp = release.stamp
    assert stamp is not None
    assert stamp.origin is Origin.TEXT
    assert stamp.at.strftime("%Y-%m-%dT%H:%M" if "T" in expected else "%Y-%m-%d") == expected
    assert stamp.precision.is_date is ("T" not in expected)
    assert release.published is None


@pytest.mark.parametrize(("language", "line", "expected"), PUBLISHED, ids=ids(PUBLISHED))
def test_publication_is_read_as_it_is_labelled(language: str, line: str, expected: str) -> None:
    release = read(line, language)
    published = release.published
    assert published is not None
    assert published.origin is Origin.TEXT
    assert published.at.strftime("%Y-%m-%dT%H:%M" if "T" in expected else "%Y-%m-%d") == expected
    assert published.precision.is_date is ("T" not in expected)
    assert release.stamps == ()


@pytest.mark.parametrize(("language", "published", "expected"), PUBLISHED, ids=ids(PUBLISHED))
def test_the_two_are_told_apart_on_one_page(language: str, published: str, expected: str) -> None:
    updated = next(line for tag, line, _ in UPDATED if tag == language)
    for between in (" | ", "<br>", "</div><div>"):
        release = read(f"{published}{between}{updated}", language)
        assert release.published is not None
        assert release.stamp is not None
        assert release.published.at.strftime("%Y-%m-%d") == expected[:10]
        assert release.stamp.at.strftime("%Y-%m-%d") == next(day for tag, _, day in UPDATED if tag == language)[:10]
