"""Hypothesis strategies for papers as people write them: titles of every shape, long and short abstracts, scripts."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.rendered_papers import Made

_NOUNS = ["routers", "grids", "walks", "tokens", "kernels", "compilers", "students", "teachers", "graphs", "streams"]
_NOUNS += ["lattices", "budgets", "maps", "signals", "proofs", "tasks", "circuits", "caches", "oracles", "samplers"]
_ADJECTIVES = ["sparse", "deep", "robust", "causal", "frozen", "lazy", "convex", "neural", "tiny", "greedy"]
_NAMES = ["Lantern", "GridNet", "nnFold", "MoLA-2", "K2Vec", "BERTopia", "Δ-Prune", "PaLMetto", "C³", "Orbit"]
_STARTS = (
    "We study",
    "This paper presents",
    "We propose",
    "Existing methods rely on",
    "Our system combines",
    "Recent work on",
)
_MIDDLES = (
    "that adapt to new inputs",
    "which need no labels (e.g. for maps)",
    "whose cost grows with 1.5 times the length",
    "as in earlier work, i.e. without tuning",
    "of Smith et al. and others",
)
_ENDS = (
    "On five benchmarks the error falls by 12.5%.",
    "The code is public.",
    "Does this hold in practice? It does!",
    "Code: https://github.com/example-lab/grids.",
    "Results improve by 3.2 points over the baseline, at half of its cost.",
)
_CHINESE_TITLES = ("稀疏路由的分析", "面向网格的预测模型", "基于重放的持续学习方法", "街道地图的表示学习")
_CHINESE_SENTENCES = (
    "本文提出一种新的路由方法，无需标注数据。",
    "我们在十个城市中进行了实验，结果表明该方法有效。",
    "与已有工作相比，训练时间缩短了一半。",
)


@st.composite
def _english_titles(draw: st.DrawFn) -> str:
    word = st.sampled_from(_NOUNS)
    words = [draw(st.sampled_from(_ADJECTIVES)), *draw(st.lists(word, min_size=1, max_size=2))]
    words += ["for", draw(st.sampled_from(_ADJECTIVES)), *draw(st.lists(word, min_size=1, max_size=5))]
    shape = draw(st.sampled_from(["title", "sentence", "name", "question", "shout", "stop"]))
    if shape == "sentence":
        return " ".join(words).capitalize()
    phrase = " ".join(one if one == "for" else one.capitalize() for one in words)
    if shape == "name":
        return f"{draw(st.sampled_from(_NAMES))}: {phrase}"
    return {"question": f"How Do {phrase}?", "shout": f"{phrase}!", "stop": f"Towards {phrase}"}.get(shape, phrase)


@st.composite
def _english_paragraphs(draw: st.DrawFn) -> str:
    sentences = [
        f"{start} {adjective} {noun} {middle}."
        for start, adjective, noun, middle in draw(
            st.lists(st.tuples(*map(st.sampled_from, (_STARTS, _ADJECTIVES, _NOUNS, _MIDDLES))), min_size=1, max_size=6)
        )
    ]
    return " ".join([*sentences, draw(st.sampled_from(_ENDS))])


@st.composite
def _papers(draw: st.DrawFn, *, paragraphs: bool) -> Made:
    if draw(st.integers(0, 9)) == 0:
        title = draw(st.sampled_from(_CHINESE_TITLES))
        abstract = "".join(draw(st.lists(st.sampled_from(_CHINESE_SENTENCES), min_size=1, max_size=4)))
    else:
        title = draw(_english_titles())
        count = draw(st.integers(1, 3)) if paragraphs else 1
        abstract = "\n\n".join(draw(_english_paragraphs()) for _ in range(count))
    day, month = draw(st.integers(1, 28)), draw(st.integers(1, 12))
    return Made(
        title,
        abstract,
        f"{draw(st.integers(10, 29))}{month:02}.{draw(st.integers(0, 99999)):05}",
        tuple(
            draw(st.lists(st.sampled_from(["Ada Byron", "Karl Weiss", "Mei Lin"]), min_size=1, max_size=3, unique=True))
        ),
        draw(st.sampled_from(["", "", "Example Lab", "Northern University"])),
        f"{draw(st.integers(2001, 2029))}-{month:02}-{day:02}",
        draw(st.integers(0, 2000)),
        draw(st.sampled_from(["", "https://github.com/example-lab/code"])),
    )


def paper_lists(*, paragraphs: bool = True) -> st.SearchStrategy[list[Made]]:
    """Lists of papers with titles and ids of their own; `paragraphs`: abstracts may have several."""
    return st.lists(
        _papers(paragraphs=paragraphs),
        min_size=2,
        max_size=8,
        unique_by=(lambda paper: paper.title.lower(), lambda paper: paper.arxiv_id),
    )
