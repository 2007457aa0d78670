"""Facts below labels: addresses under any name, labels of a page's own below authors, separators of other scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dump_reading import read_content

PAPERS = [
    (
        "Lighthouse Keepers as Annotators of Fog",
        "Fog has no edge that two people would draw alike. Nine keepers drew it daily for a year, and the lines agree "
        "within two miles. We release the lines, and what the keepers wrote beside them on 212 days.",
        ["Ada Byron", "Mei Lin"],
        "2403.01234",
    ),
    (
        "Do carrier pigeons need attention?",
        "Pigeons return without maps. We compare nine loft designs and find that light from the east alone explains "
        "who returns. Nothing that the birds could attend to on the way changed their order.",
        ["Ola Nordmann", "Ruth Adeyemi", "Jan Vos"],
        "2403.02345",
    ),
    (
        "Ferry Timetables as Sparse Codes",
        "A timetable of ferries is mostly empty. Coded sparsely it fits on a coin, and a machine reads it back without "
        "an error in 99 of 100 cases. The hundredth was a ferry that had sunk the year before.",
        ["Pia Holm", "Ines Duarte"],
        "2403.03456",
    ),
]


@pytest.mark.parametrize(
    "form",
    [
        "{title}\n{text}\nPaper: https://arxiv.org/abs/{id}\nCode: https://github.com/ferry/{n}\n\n",
        "{title}\n\n{text}\n\nRead the paper: https://arxiv.org/abs/{id}\nRepo: https://github.com/ferry/{n}\n\n",
        "{title}\nabs: https://arxiv.org/abs/{id}\nGitHub: https://github.com/ferry/{n}\n\n{text}\n\n",
        "{title}\n{text}\n链接：https://arxiv.org/abs/{id}\n代码：https://github.com/ferry/{n}\n\n",
    ],
)
def test_an_address_is_a_fact_under_any_name(form: str, tmp_path: Path) -> None:
    text = "".join(form.format(title=t, text=a, id=i, n=n) for n, (t, a, _, i) in enumerate(PAPERS))
    read = read_content(tmp_path, text)
    assert [(one.title, one.abstract, one.arxiv_id) for one in read.records] == [(t, a, i) for t, a, _, i in PAPERS]
    assert [one.code_urls for one in read.records] == [(f"https://github.com/ferry/{n}",) for n in range(3)]


@pytest.mark.parametrize("blank", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "label", ["Venue: NeurIPS 2024", "Date Added: March {n}, 2024 10:2{n} AM", "Affiliation: Ferry Lab", "Rating: {n}"]
)
def test_labels_of_a_pages_own_below_authors_are_no_authors(label: str, blank: str, tmp_path: Path) -> None:
    form = "{title}" + blank + "Authors: {names}\n" + label + blank + "{text}\n\n"
    text = "".join(
        form.format(title=t, names=", ".join(names), n=n, text=a) for n, (t, a, names, _) in enumerate(PAPERS, 1)
    )
    read = read_content(tmp_path, text)
    assert [(one.title, one.abstract, list(one.authors)) for one in read.records] == [paper[:3] for paper in PAPERS]
    assert read.rejected == []


@pytest.mark.parametrize("label", ["Description", "TL;DR"])
def test_an_abstract_below_authors_is_kept_whatever_its_label(label: str, tmp_path: Path) -> None:
    text = "".join(f"{t}\n\nAuthors: {', '.join(names)}\n\n{label}: {a}\n\n" for t, a, names, _ in PAPERS)
    read = read_content(tmp_path, text)
    assert read.titles == [paper[0] for paper in PAPERS]
    assert all(one.abstract.endswith(a) for one, (_, a, *_) in zip(read.records, PAPERS, strict=True))


@pytest.mark.parametrize("separator", ["、", "，", "；"])
def test_labels_and_separators_of_chinese(separator: str, tmp_path: Path) -> None:
    names = ["张伟", "李娜", "王芳"]
    titles = ["没有扶手的楼梯与居民的习惯", "水壶的声音能否预测沸腾时间", "渡轮时刻表的稀疏编码方法"]
    text = "".join(
        f"标题：{title}\n作者：{separator.join(names)}\n发布日期：2024年3月{n}日\n链接：https://arxiv.org/abs/2403.0000{n}\n"
        f"摘要：我们走访了二百一十二座楼房，记录了{n}个季节的数据。结果表明方法是有效的，且成本很低。\n\n"
        for n, title in enumerate(titles, 1)
    )
    read = read_content(tmp_path, text)
    assert [(one.title, list(one.authors)) for one in read.records] == [(title, names) for title in titles]
    assert [(one.date, one.arxiv_id) for one in read.records] == [(f"2024-03-0{n}", f"2403.0000{n}") for n in (1, 2, 3)]
