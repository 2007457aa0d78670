"""Papers in our own words, and the furniture that pages put around them: what the tests of ingest/layouts print."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Made:
    """A paper that a test made up."""

    title: str
    abstract: str  # paragraphs parted by a blank line
    arxiv_id: str = ""
    authors: tuple[str, ...] = ()
    organisation: str = ""
    date: str = ""  # ISO
    upvotes: int = 0
    code: str = ""

    @property
    def address(self) -> str:
        """On the papers page."""
        return f"https://huggingface.co/papers/{self.arxiv_id}"

    @property
    def printed_date(self) -> str:
        """As the pages print it: "Oct 4, 2026"."""
        year, month, day = self.date.split("-")
        return f"{'JanFebMarAprMayJunJulAugSepOctNovDec'[int(month) * 3 - 3 :][:3]} {int(day)}, {year}"


PAPERS = (
    Made(
        "Lantern: Sparse Routing for Very Deep Transformers",
        "Deep transformers spend most of their time in layers that change little. We present Lantern, a router that "
        "skips such layers for each token. On four public benchmarks it halves the cost of inference and loses less "
        "than 0.3 points of accuracy. Code is at https://github.com/example-lab/lantern.",
        "2410.05434",
        ("Ada Byron", "Karl Weiss"),
        "Example Lab",
        "2024-10-07",
        74,
        "https://github.com/example-lab/lantern",
    ),
    Made(
        "Do Small Models Need Large Teachers?",
        "Distillation is usually done with the largest teacher at hand. This paper asks whether that is needed. We "
        "find that a teacher three times as large as the student is enough on six tasks, and that larger ones can "
        "even harm: the student imitates what it cannot represent.",
        "2306.14898",
        ("Mei Lin",),
        "",
        "2023-06-26",
        0,
    ),
    Made(
        "Count Your Tokens!",
        "Budgets for context are set by habit. We measure what is read, and propose to stop early.",
        "2502.06858",
        ("Ana Sousa", "Jan Novak", "Li Wei"),
        "Northern University",
        "2025-02-07",
        1234,
    ),
    Made(
        "grid2vec: learning maps from walks",
        "We learn vectors of places from random walks on a street grid.\n\nThe vectors predict travel times better "
        "than hand-made features do, in nine of ten cities that were tried.",
        "1802.08979",
        ("Tom Berg", "Ida Holm"),
        "",
        "2018-02-24",
        5,
    ),
    Made(
        "面向街道网格的地图表示学习",
        "本文提出一种从随机游走中学习地点向量的方法。实验表明,该方法在十个城市中的九个上优于人工特征,"
        "并且训练时间更短。",
        "2104.13100",
        ("王伟",),
        "",
        "2021-04-26",
        2,
    ),
)

FURNITURE = (
    "new",
    "Get trending papers in your email inbox once a day!",
    "Get trending papers in your email inbox!",
    "Subscribe",
    "byAK and the research community",
    "Daily Papers",
    "Daily",
    "Weekly",
    "Monthly",
    "Daily / Weekly / Monthly",
    "May 8",
    "Models",
    "Datasets",
    "Spaces",
    "Log In",
    "Sign Up",
    "Pricing",
    "Trending Papers",
    "Previous",
    "System theme",
    "Privacy",
    "·",
    "42",
    "View PDF",
    "3 authors",
    "Oct 7, 2024",
)
