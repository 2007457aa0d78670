"""Which records are one paper, and what is kept of each."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from ingest.merge import abstract_key, find_same, merge, paper_of
from ingest.record import Record
from rag.corpus import Paper, Source, paper_key

WALK = (
    "We study how walkers choose paths in dense cities, from the traces of ten thousand people. A model with three "
    "terms predicts most of their turns, and is simple enough to be read."
)
FUSE = (
    "This paper presents a compiler that fuses small kernels without rules. It searches for good fusions with a cost "
    "that it learns, and runs twice as fast on four devices."
)
RECORD = Record("Graph Mamba: Paths in Cities", WALK, 3)


def _known(record: Record, *more: Record) -> Paper:
    paper = merge(None, record, Source("first", record.line)).paper
    for number, other in enumerate(more):
        paper = merge(paper, other, Source(f"more{number}", other.line)).paper
    return paper


def test_a_new_paper_is_mended_and_keyed_by_its_title() -> None:
    outcome = merge(
        None, Record("Paths~(in Cities)", "We walk.We run.", 1, "2410.05434", upvotes=3), Source("a.txt", 1)
    )
    assert outcome.kind == "new"
    assert (outcome.paper.title, outcome.paper.abstract) == ("Paths (in Cities)", "We walk. We run.")
    assert outcome.paper.paper_id == paper_key("Paths in cities!")
    assert outcome.paper.arxiv_id == "2410.05434"
    assert outcome.facts == ("title", "abstract", "external_id", "arxiv_id", "upvotes")
    assert outcome.paper.sources == (Source("a.txt", 1),)


def test_seen_again_here_and_elsewhere() -> None:
    known = _known(RECORD)
    assert merge(known, RECORD, Source("first", 3)).kind == "unchanged"
    outcome = merge(known, RECORD, Source("second", 9))
    assert (outcome.kind, outcome.facts) == ("duplicate", ())
    assert outcome.paper.sources == (Source("first", 3), Source("second", 9))


def test_richer_facts_win() -> None:
    poor = replace(RECORD, date="May 8", authors=("A. Byron",), upvotes=3, url="https://example.org/paths")
    rich = replace(
        RECORD,
        external_id="2410.05434",
        date="2024-10-07",
        authors=("Ada Byron", "Karl Weiss"),
        upvotes=74,
        url="https://huggingface.co/papers/2410.05434",
        organisation="Example Lab",
        code_urls=("https://github.com/example-lab/paths",),
    )
    outcome = merge(_known(poor), rich, Source("rich", 1))
    assert outcome.kind == "changed"
    assert set(outcome.facts) == {
        "external_id", "arxiv_id", "url", "organisation", "date", "authors", "upvotes", "code_urls",
    }  # fmt: skip
    paper = outcome.paper
    assert (paper.date, paper.upvotes, paper.authors) == ("2024-10-07", 74, ("Ada Byron", "Karl Weiss"))
    assert merge(paper, poor, Source("poor", 1)).facts == ()


def test_a_summary_never_replaces_an_abstract() -> None:
    summary = replace(RECORD, abstract="A model with three terms predicts how walkers turn.", is_summary=True)
    known = _known(RECORD)
    assert merge(known, summary, Source("trending", 1), newer=True).paper.abstract == WALK
    outcome = merge(_known(summary), RECORD, Source("full", 1))
    assert (outcome.paper.abstract, outcome.paper.is_summary) == (WALK, False)
    assert "abstract" in outcome.facts


@pytest.mark.parametrize("cut", [WALK[:120], WALK[:119] + "...", WALK[:110] + " …"])
def test_a_cut_off_abstract_never_replaces_the_whole_one(cut: str) -> None:
    whole, short = RECORD, replace(RECORD, abstract=cut)
    assert merge(_known(whole), short, Source("b", 1), newer=True).paper.abstract == WALK
    assert merge(_known(short), whole, Source("b", 1)).paper.abstract == WALK


def test_a_longer_or_a_newer_abstract_replaces() -> None:
    shorter = replace(
        RECORD, abstract="We study walkers in cities. Their turns can be predicted with a model of three terms."
    )
    assert merge(_known(shorter), RECORD, Source("b", 1)).paper.abstract == WALK
    assert merge(_known(RECORD), shorter, Source("b", 1)).paper.abstract == WALK
    second = WALK.replace("ten thousand people", "many people").replace("most of their turns", "all turns")
    revised = replace(RECORD, abstract=second)
    assert (
        merge(_known(RECORD), revised, Source("b", 1)).paper.abstract == WALK
    )  # shorter, and no sign that it is newer
    assert merge(_known(RECORD), revised, Source("b", 1), newer=True).paper.abstract == second


def test_of_one_text_damaged_differently_the_sound_one_is_kept() -> None:
    damaged = WALK.replace("in dense cities", "in ( dense cities )").replace("turns, and", "turns , and")
    for first, second in itertools.permutations((WALK, damaged)):
        known = _known(replace(RECORD, abstract=first))
        for newer in (False, True):
            assert merge(known, replace(RECORD, abstract=second), Source("b", 1), newer=newer).paper.abstract == WALK


def test_a_correction_takes_the_place_of_what_was_said_before() -> None:
    wrong = replace(
        RECORD,
        abstract=f"{WALK} Sign in to read on.",
        date="1970-01-01",
        authors=("Ada Byron", "A. Robot"),
        upvotes=90,
        url="https://a.example",
        code_urls=("https://github.com/other/paths",),
        organisation="The Wrong Laboratory",
    )
    right = replace(
        RECORD,
        title="Graph Mamba: paths in cities",
        date="2024-10-07",
        authors=("Ada Byron",),
        upvotes=9,
        url="https://example.org/paths",
        code_urls=("https://github.com/example-lab/paths",),
        organisation="Lab",
    )
    outcome = merge(_known(wrong), right, Source("first", 3), newer=True, corrects=True)
    assert outcome.paper == replace(_known(right), paper_id=outcome.paper.paper_id)
    assert set(outcome.facts) == {
        "title", "abstract", "url", "organisation", "date", "authors", "upvotes", "code_urls",
    }  # fmt: skip


def test_what_only_says_less_corrects_nothing() -> None:
    known = _known(replace(RECORD, date="2024-10-07", authors=("Ada Byron",), upvotes=9, url="https://example.org/p"))
    for less in (
        RECORD,
        replace(RECORD, abstract=WALK[:80]),
        replace(RECORD, abstract=WALK[:80] + "..."),
        replace(RECORD, abstract="A model predicts turns.", is_summary=True),
        replace(RECORD, title="Graph Mamba: Paths...", date="2024"),
        replace(RECORD, date="Oct 7"),
    ):
        assert merge(known, less, Source("first", 3), newer=True, corrects=True).facts == ()


def test_the_order_of_dumps_does_not_matter() -> None:
    records = [
        replace(RECORD, abstract=WALK[:90], date="2024", upvotes=5),
        replace(RECORD, title="GRAPH MAMBA - Paths in cities", external_id="acl:1", date="Oct 7", organisation="Lab"),
        replace(RECORD, arxiv_id="2410.05434", abstract="A model predicts turns.", is_summary=True, upvotes=74),
        replace(RECORD, url="https://arxiv.org/abs/2410.05434", authors=("Ada Byron",), date="2024-10-07"),
        replace(
            RECORD, url="https://huggingface.co/papers/2410.05434", authors=("Ada Byron", "K. Weiss"), date="2024-10-09"
        ),
    ]
    outcomes = {replace(_known(*order), sources=()) for order in itertools.permutations(records)}
    assert len(outcomes) == 1
    (paper,) = outcomes
    assert (paper.abstract, paper.date, paper.upvotes, paper.external_id) == (WALK, "2024-10-07", 74, "2410.05434")


def test_near_titles_stay_apart() -> None:
    known = _known(RECORD)
    for title in ("Graph-Mamba2: Paths in Cities", "Graph Mamba: Paths in the Cities", "Mamba: Paths in Cities"):
        assert find_same(replace(RECORD, title=title, abstract=FUSE), [known]) is None
    lion, other = Record("Lion", WALK, 1), Record("LION: Fusing Kernels", FUSE, 1)
    assert find_same(other, [_known(lion)]) is None


def test_punctuation_and_case_make_no_other_paper() -> None:
    for title in ("graph mamba - paths in cities", "Graph-Mamba: Paths in Cities!", "Graph~Mamba: Paths in Cities"):
        assert find_same(replace(RECORD, title=title), [_known(RECORD)]) == _known(RECORD)


def test_the_id_says_that_two_titles_are_one_paper() -> None:
    known = _known(replace(RECORD, arxiv_id="2410.05434"))
    renamed = replace(RECORD, title="Paths in Cities, Revisited", external_id="2410.05434v2", abstract=FUSE)
    assert find_same(renamed, [known]) == known, "the version is no part of an id"
    assert find_same(replace(renamed, external_id="2410.05434"), [known]) == known
    stranger = replace(renamed, title="Fusing Kernels", external_id="2410.05434")
    assert find_same(stranger, [known]) is None, "an id that went astray: neither title nor abstract fit"


def test_the_abstract_says_that_two_titles_are_one_paper() -> None:
    known = _known(RECORD)
    assert find_same(replace(RECORD, title="GraphMamba: Paths in Cities"), [known]) == known
    assert find_same(replace(RECORD, title="Graph Mamba: Paths in Big Cities"), [known]) == known
    assert find_same(replace(RECORD, title="Something Else"), [known]) is None
    assert find_same(replace(RECORD, title="GraphMamba: Paths in Cities", arxiv_id="2410.00001"), [known]) == known
    other = _known(replace(RECORD, arxiv_id="2410.05434"))
    assert find_same(replace(RECORD, title="GraphMamba: Paths in Cities", arxiv_id="2410.00001"), [other]) is None


def test_one_title_with_other_ids_and_other_abstracts_is_two_papers() -> None:
    first = _known(replace(RECORD, external_id="acl:1"))
    second = replace(RECORD, external_id="acl:2", abstract=FUSE)
    assert find_same(second, [first]) is None
    outcome = merge(None, second, Source("b", 1), taken={first.paper_id})
    assert outcome.paper.paper_id == paper_key(RECORD.title, apart="acl:2") != first.paper_id
    assert find_same(second, [first, outcome.paper]) == outcome.paper
    assert find_same(replace(RECORD, external_id="acl:1"), [outcome.paper, first]) == first
    assert find_same(replace(RECORD, abstract=FUSE), [first, outcome.paper]) == outcome.paper, (
        "without an id the text tells"
    )
    assert find_same(replace(second, external_id=None), [first]) == first, "no id, no second paper"
    assert find_same(replace(RECORD, external_id="hf:9"), [first]) == first, "the abstract says that they are one"


@pytest.mark.parametrize("sign", ["++", "+", "#"])
def test_a_sign_behind_a_name_makes_another_paper_where_the_abstract_is_another(sign: str) -> None:
    plain = _known(replace(RECORD, title="Walking in C", abstract=WALK))
    other = replace(RECORD, title=f"Walking in C{sign}", abstract=FUSE)
    assert find_same(other, [plain]) is None
    signed = merge(None, other, Source("b", 1), taken={plain.paper_id}).paper
    assert signed.paper_id != plain.paper_id
    for order in ([plain, signed], [signed, plain]):
        assert find_same(other, order) == signed
        assert find_same(replace(RECORD, title="Walking in C"), order) == plain
        assert find_same(replace(other, title="walking in c" + sign, abstract="We walk."), order) == signed
    assert find_same(replace(other, abstract=WALK), [plain]) == plain, "a sign that was lost: the text tells"
    assert find_same(replace(RECORD, title=f"C {sign} Walking"), [_known(replace(RECORD, title="C Walking"))])


def test_an_id_of_another_database_is_no_other_paper_where_the_authors_are_the_same() -> None:
    rewritten = (
        "How do walkers choose paths in dense cities? From the traces of ten thousand people we build a model, which "
        "is simple, and predicts turns. Shops near a corner matter more than its angle, whatever the hour "
        "and the weather."
    )
    preprint = replace(RECORD, arxiv_id="2403.01234", authors=("Ada Byron", "Karl Weiss"))
    printed = replace(RECORD, abstract=rewritten, external_id="s2:4f", authors=("K. Weiss", "A. Byron"))
    for first, second in itertools.permutations((preprint, printed)):
        assert find_same(second, [_known(first)]) == _known(first)
    known = _known(preprint)
    assert find_same(replace(printed, authors=("Ida Holm",)), [known]) is None
    assert find_same(replace(printed, abstract=FUSE), [known]) is None, "one editor's two notes under one heading"
    assert find_same(replace(printed, arxiv_id="2403.09999"), [known]) is None, "arXiv has two"
    cited = replace(RECORD, external_id="byron2024", url="https://doi.org/10.1000/Paths")
    other_key = replace(cited, abstract=FUSE, external_id="acm:17", url="https://doi.org/10.1000/paths")
    assert find_same(other_key, [_known(cited)]) == _known(cited), "one DOI"


def test_a_source_s_own_id_and_its_text_outlive_a_new_title() -> None:
    known = _known(replace(RECORD, external_id="aB3_x"))
    renamed = replace(RECORD, title="Turns: What Walkers Do", external_id="aB3_x")
    assert find_same(renamed, [known]) == known
    assert find_same(replace(renamed, external_id="cD4_y"), [known]) is None
    assert find_same(replace(renamed, abstract=FUSE), [known]) is None, "a number of a row"
    short = _known(replace(RECORD, external_id="1", abstract="We walk."))
    assert find_same(replace(renamed, external_id="1", abstract="We walk."), [short]) is None


def test_a_title_under_which_a_paper_was_seen_before_is_still_its_title() -> None:
    known = _known(replace(RECORD, title="GraphMamba: Paths", arxiv_id="2410.05434"), RECORD)
    earlier = replace(RECORD, title="GraphMamba: Paths", abstract="We walk in cities.")
    assert known.title == RECORD.title
    assert find_same(earlier, [known], named={known.paper_id}) == known
    assert find_same(replace(earlier, arxiv_id="2410.05434"), [known], named={known.paper_id}) == known
    stranger = replace(earlier, arxiv_id="2410.00001", abstract=FUSE)
    assert find_same(stranger, [known], named={known.paper_id}) is None, "another id and another abstract"
    namesake = _known(replace(earlier, arxiv_id="2410.00001", abstract=FUSE))
    named = {known.paper_id, namesake.paper_id}
    assert find_same(replace(earlier, abstract=WALK), [namesake, known], named=named) == known, "the text tells"
    assert find_same(replace(earlier, abstract=FUSE), [known, namesake], named=named) == namesake
    twin = replace(namesake, abstract=WALK)
    for order in ([known, twin], [twin, known]):
        assert find_same(replace(earlier, abstract=WALK), order, named=named) == twin, "the title that it has now"


@pytest.mark.parametrize(
    "record",
    [
        RECORD,
        replace(RECORD, external_id="acl:2", arxiv_id="2410.05434"),
        replace(RECORD, abstract="We walk."),
        replace(RECORD, title="???", abstract=""),
    ],
)
def test_a_new_paper_never_gets_the_key_of_a_known_one(record: Record) -> None:
    taken: set[str] = set()
    for _ in range(6):
        key = merge(None, record, Source("b", 1), taken=taken).paper.paper_id
        assert key not in taken
        taken.add(key)


def test_an_abstracts_key_is_of_its_letters() -> None:
    assert abstract_key(WALK) == abstract_key(WALK.upper().replace(" ", "\n").replace(",", " ,"))
    assert abstract_key(WALK) != abstract_key(FUSE)
    assert abstract_key("We walk.") == "", "too short to prove anything"


def test_an_id_from_the_sources_own_is_an_arxiv_id_where_it_looks_like_one() -> None:
    assert paper_of(replace(RECORD, external_id="2410.05434")).arxiv_id == "2410.05434"
    assert paper_of(replace(RECORD, external_id="4983")).arxiv_id is None
