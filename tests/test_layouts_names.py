"""Authors between titles and abstracts, in whatever script and form a page prints them, cost no paper its title."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from ingest.layouts.titles import is_names
from tests.dump_reading import read_content
from tests.printed_papers import PAPERS

FORMS = {
    "Cyrillic": [
        "Анна Смирнова, Пётр Иванов",
        "Олег Котов, Ирина Лебедева",
        "Лев Гусев, Вера Чайка",
        "Яна Белова, Ян Орлов",
    ],
    "Greek": [
        "Ελένη Παππά, Νίκος Δήμου",
        "Άννα Βλάχου, Ηλίας Δούκας",
        "Ζωή Φώτη, Εύα Ψάλτη",
        "Μαρία Ρήγα, Κώστας Νέζης",
    ],
    "Vietnamese": ["Trần Thị Ổn, Đỗ Yến", "Vũ Đình Ứng, Hoàng Ẩn", "Ngô Ước, Bùi Ân", "Hồ Ái, Lê Ánh"],
    "Japanese": ["田中 由紀, 佐藤 健", "鈴木 一郎, 高橋 愛", "渡辺 直人, 伊藤 舞", "小林 蓮, 加藤 凛"],
    "Devanagari": ["अनिल कुमार, सीमा शर्मा", "राज वर्मा, नेहा गुप्ता", "अमित राव, कविता नायर", "विजय सिंह, पूजा जोशी"],
    "Hebrew": ["יעל כהן, דוד לוי", "תמר ביטון, אורי דהן", "רוני עמר, גיל שלום", "שירה חדד, נועה פרץ"],
    "initials behind": [
        "Byron, A., Moth, M.",
        "Holm, I., Berg, T.",
        "Wei, L., Lund, T., & Cruz, A.",
        "Reed, S., Ito, K.",
    ],
    "one word": ["Ada Byron, Surya, Li Wei", "Ida Holm, Budi", "Tove Lund, Joko, Ana Cruz", "Sam Reed, Rini"],
    "accents apart": [
        unicodedata.normalize("NFD", name) for name in ["Zoë Lübeck, Renée Noël", "Inés Ríos, Ana Cruz"] * 2
    ],
    "more, unnamed": ["Ada Byron, Max Moth, +3 more", "Ida Holm, Tom Berg, +4 more"] * 2,
    "more, between": ["Ada Byron, Max Moth, +3 authors, Li Wei", "Ida Holm, Tom Berg, +12 authors, Sam Reed"] * 2,
    "et al.": ["Ada Byron, Max Moth, et al. (12 additional authors not shown)", "Ida Holm, et al. (3 more)"] * 2,
    "others": ["Ada Byron, Max Moth, and 3 others", "Ida Holm, Tom Berg and 4 others"] * 2,
    "year": ["Ada Byron, Max Moth (2025)", "Ida Holm, Tom Berg, 2024"] * 2,
    "venue": ["Ada Byron, Max Moth. Moss Days 2025", "Ida Holm, Tom Berg. Links 2024"] * 2,
    "organisations": ["Ada Byron (Stone River University), Max Moth (Quill AI)", "Ida Holm (Haddad Lab), Tom Berg"] * 2,
    "a dash": ["— Ada Byron, Max Moth", "— Ida Holm, Tom Berg"] * 2,
    "degrees": ["Robert Byron, Jr., Max Moth", "Ida Holm, PhD, Tom Berg, MD"] * 2,
    "long": [
        "Maria del Carmen de la Cruz Garcia Lopez, Jan van den Berg van der Meer",
        "Ana de la Torre y Vega, Li Wei",
    ]
    * 2,
    "a blank": ["Ada Byron , Max Moth", "Ida Holm , Tom Berg"] * 2,
    "teams": ["The Moss Team", "Quill AI", "Stone River University", "HaddadLab"],
}


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["compact", "blank lines"])
@pytest.mark.parametrize("form", FORMS)
def test_authors_in_any_form_are_no_title(form: str, between: str, tmp_path: Path) -> None:
    parts = zip(PAPERS, FORMS[form], strict=True)
    read = read_content(tmp_path, "\n\n".join(between.join((title, names, text)) for (title, text), names in parts))
    assert [(record.title, record.abstract) for record in read.records] == PAPERS


@pytest.mark.parametrize(
    ("form", "authors"),
    [
        ("Cyrillic", ("Анна Смирнова", "Пётр Иванов")),
        ("Japanese", ("田中 由紀", "佐藤 健")),
        ("initials behind", ("A. Byron", "M. Moth")),
        ("one word", ("Ada Byron", "Surya", "Li Wei")),
        ("more, unnamed", ("Ada Byron", "Max Moth")),
        ("more, between", ("Ada Byron", "Max Moth", "Li Wei")),
        ("et al.", ("Ada Byron", "Max Moth")),
        ("others", ("Ada Byron", "Max Moth")),
        ("year", ("Ada Byron", "Max Moth")),
        ("organisations", ("Ada Byron", "Max Moth")),
        ("a dash", ("Ada Byron", "Max Moth")),
    ],
)
def test_authors_are_named_without_what_stands_around_them(form: str, authors: tuple[str, ...], tmp_path: Path) -> None:
    parts = zip(PAPERS, FORMS[form], strict=True)
    read = read_content(tmp_path, "\n\n".join(f"{title}\n{names}\n{text}" for (title, text), names in parts))
    assert read.records[0].authors == authors


@pytest.mark.parametrize(
    "title",
    ["Deep Learning, Revisited", "Small Data, Big Models: A Study", "Mamba, Gates and Others", "Moss Days 2020"],
)
def test_titles_are_no_names(title: str) -> None:
    assert not is_names(title, few=True)


@pytest.mark.parametrize(
    "repeated", ["Ada Byron PhD, MD, ", "Ada de la Byron van der Moth ", "Ada Byron (x), ", "Jr, "]
)
def test_what_is_nearly_names_is_judged_at_once(repeated: str) -> None:
    assert not is_names(repeated * 200 + "!", few=True)
