"""The names of encodings that browsers know, and the codec of Python that comes nearest to each.

The Encoding Standard's table, whole and nothing else: what Python knows beyond it (``utf-7``, ``unicode_escape``,
``hex``) is no encoding of pages and would let a page smuggle text past its readers.
https://encoding.spec.whatwg.org/#names-and-labels
"""

from __future__ import annotations

__all__ = ["CODECS", "REPLACEMENT"]

REPLACEMENT = "replacement"
"""Encodings that browsers show as one replacement character, since the same bytes can be read in two ways."""

# Without what only differs in writing: ``iso-8859-N``, ``iso8859-N`` and ``iso8859N``.
_LATIN = {
    2: "csisolatin2 iso-ir-101 iso_8859-2 iso_8859-2:1987 l2 latin2",
    3: "csisolatin3 iso-ir-109 iso_8859-3 iso_8859-3:1988 l3 latin3",
    4: "csisolatin4 iso-ir-110 iso_8859-4 iso_8859-4:1988 l4 latin4",
    5: "csisolatincyrillic cyrillic iso-ir-144 iso_8859-5 iso_8859-5:1988",
    6: "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso-ir-127 "
    "iso_8859-6 iso_8859-6:1987",
    7: "csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso_8859-7 iso_8859-7:1987 sun_eu_greek",
    8: "csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso_8859-8 iso_8859-8:1988 visual csiso88598i "
    "iso-8859-8-i logical",
    10: "csisolatin6 iso-ir-157 l6 latin6",
    13: "",
    14: "",
    15: "csisolatin9 iso_8859-15 l9",
}
_OTHERS = {
    "utf-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8",
    "utf-16-le": "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le",
    "utf-16-be": "unicodefffe utf-16be",
    "cp866": "866 cp866 csibm866 ibm866",
    "iso8859-16": "iso-8859-16",
    "koi8-r": "cskoi8r koi koi8 koi8-r koi8_r",
    "koi8-u": "koi8-ru koi8-u",
    "mac-roman": "csmacintosh mac macintosh x-mac-roman",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "cp874": "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874",
    # Every page that claims the first 256 characters or fewer was written with those of Windows.
    "cp1252": "ansi_x3.4-1968 ascii cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 "
    "iso_8859-1:1987 l1 latin1 us-ascii x-user-defined",
    "cp1254": "csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5",
    "gb18030": "chinese csgb2312 csiso58gb231280 gb18030 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "euc_jp": "cseucpkdfmtjapanese euc-jp x-euc-jp",
    "iso2022_jp": "csiso2022jp iso-2022-jp",
    "cp932": "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis",
    "cp949": "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 "
    "windows-949",
    REPLACEMENT: "csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr replacement",
}
CODECS = {label: codec for codec, labels in _OTHERS.items() for label in labels.split()}
"""Each label, in lower case, with its codec."""
CODECS |= {label: f"iso8859-{part}" for part, labels in _LATIN.items() for label in labels.split()}
CODECS |= {f"{iso}{part}": f"iso8859-{part}" for part in _LATIN for iso in ("iso-8859-", "iso8859-", "iso8859")}
CODECS |= {f"{prefix}{page}": f"cp{page}" for page in range(1250, 1259) for prefix in ("cp", "windows-", "x-cp")}
