"""Encodings that a page declares, and that nothing names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dump_reading import read_content

RUSSIAN = [
    ("Лестницы без перил в старых домах", "Перила снимают чаще, чем ставят. Мы обошли 212 домов и нашли 31 лестницу."),
    ("Как слушают чайник", "Чайник шумит раньше, чем кипит. По шуму время угадали 46 человек из пятидесяти."),
]
CHINESE = [
    ("旧楼中没有扶手的楼梯", "扶手被拆除的次数多于安装的次数。我们走访了二百一十二座楼房，发现三十一座楼梯没有扶手。"),
    ("水壶之声的预测方法", "水壶在沸腾之前便发出声响。五十人中有四十六人根据声响猜中了时间，误差不到十秒。"),
]
TRADITIONAL = [
    ("舊樓中沒有扶手的樓梯", "扶手被拆除的次數多於安裝的次數。我們走訪了二百一十二座樓房，發現三十一座樓梯沒有扶手。"),
    ("水壺之聲的預測方法", "水壺在沸騰之前便發出聲響。五十人中有四十六人根據聲響猜中了時間，誤差不到十秒。"),
]
JAPANESE = [
    ("手すりのない階段の調査", "手すりは付けられるより外されることが多い。二百十二軒を訪ね、三十一の階段を見つけた。"),
    ("やかんの音を聞く人々", "やかんは沸く前に鳴り始める。五十人のうち四十六人が音から時間を言い当てた。"),
]
POLISH = [
    ("Schody bez poręczy w starych domach", "Poręcze częściej się zdejmuje, niż zakłada. Obejrzeliśmy 212 domów."),
    ("Jak słucha się czajnika", "Czajnik szumi, zanim się zagotuje. Czas odgadło 46 osób na pięćdziesiąt."),
]
GREEK = [
    ("Σκάλες χωρίς κάγκελα", "Τα κάγκελα αφαιρούνται συχνότερα απ' όσο τοποθετούνται. Είδαμε 212 σπίτια στην πόλη."),
    ("Ακούγοντας τον βραστήρα", "Ο βραστήρας θορυβεί πριν βράσει. Τον χρόνο μάντεψαν 46 από τους πενήντα."),
]
META = '<!DOCTYPE html><html><head><meta charset="{charset}"></head><body>'
HTTP_EQUIV = (
    '<html><head><title>-</title><META content="text/html; charset={charset}" http-equiv=Content-Type></head><body>'
)


@pytest.mark.parametrize("head", [META, HTTP_EQUIV])
@pytest.mark.parametrize(
    ("papers", "declared", "codec"),
    [
        (RUSSIAN, "windows-1251", "cp1251"),
        (RUSSIAN, "KOI8-R", "koi8-r"),
        (CHINESE, "gb2312", "gbk"),
        (TRADITIONAL, "Big5", "big5"),
        (JAPANESE, "Shift_JIS", "cp932"),
        (JAPANESE, "x-sjis", "cp932"),
        (JAPANESE, "euc-jp", "euc_jp"),
        (POLISH, "iso-8859-2", "iso8859-2"),
        (GREEK, "windows-1253", "cp1253"),
        (RUSSIAN, "utf-8", "utf-8"),
        (RUSSIAN, "windows-1251", "utf-8"),  # as a browser saves it
        (RUSSIAN, "no-such-thing", "utf-8"),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_declares(
    papers: list[tuple[str, str]], declared: str, codec: str, head: str, tmp_path: Path
) -> None:
    body = "".join(
        f'<article><h3><a href="https://arxiv.org/abs/2403.0123{n}">{title}</a></h3><p>{text}</p></article>'
        for n, (title, text) in enumerate(papers)
    )
    page = f"{head.format(charset=declared)}{body}</body></html>"
    read = read_content(tmp_path, page.encode(codec), "page.html")
    assert [(one.title, one.abstract) for one in read.records] == papers
    assert not read.file.notes


def test_a_feed_is_read_in_the_encoding_that_it_declares(tmp_path: Path) -> None:
    entries = "".join(f"<entry><title>{title}</title><summary>{text}</summary></entry>" for title, text in POLISH)
    feed = f"<?xml version='1.0' encoding='ISO-8859-2'?><feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>"
    read = read_content(tmp_path, feed.encode("iso8859-2"), "feed.xml")
    assert [(one.title, one.abstract) for one in read.records] == POLISH
    assert read.file.encoding == "iso8859-2"


@pytest.mark.parametrize(
    ("papers", "codec"), [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (CHINESE, "gb18030"), (JAPANESE, "cp932")]
)
def test_text_in_an_encoding_that_nothing_names_is_refused(
    papers: list[tuple[str, str]], codec: str, tmp_path: Path
) -> None:
    text = "".join(f"{title}\n\n{text}\n\n" for title, text in papers)
    assert [(one.title, one.abstract) for one in read_content(tmp_path, text).records] == papers
    read = read_content(tmp_path, text.encode(codec))
    assert read.records == []
    (refused,) = read.rejected
    assert refused.reason == "dump does not say which encoding it is in, and is no UTF-8; save it as UTF-8."
