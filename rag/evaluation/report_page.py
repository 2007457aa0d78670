"""The report as one page of HTML: figures with intervals, plots, the worst questions, what was measured.

It holds its style and its plots itself and asks for nothing from elsewhere; what questions and papers say is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from rag.errors import UsageError
from rag.evaluation import plots
from rag.evaluation.comparison import (
    MAIN,
    EvaluationComparison,
    comparisons_by_name,
    in_words,
    p_in_words,
    right_decision,
)
from rag.evaluation.evaluate import QuestionResult
from rag.evaluation.figures import RANKING, AnswerFigures, Figures
from rag.evaluation.metrics import Interval
from rag.evaluation.report import SHARES, Configuration, Report

_STYLE = Path(__file__).with_name("report_page.css")
_WORST = 12  # questions that are named
_FOUND = 3  # papers that are named as found instead
_NAMES = {"ndcg@10": "nDCG@10", "recall@10": "Recall@10", "mrr@10": "MRR@10", "hit@1": "hit@1"}
_EXPLAINED = {
    "nDCG@10": "How near to the best order the first ten papers stand; 1 is the best order.",
    "Recall@10": "The share of the papers that answer which are among the first ten.",
    "MRR@10": "1 divided by the place of the first paper that answers.",
    "hit@1": "How often the first paper answers.",
}


def write_page(path: Path, report: Report) -> None:
    """Write the page. Raises UsageError where that fails."""
    try:
        path.write_text(as_page(report), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.", hint="Give another path to --html.") from error


def as_page(report: Report) -> str:
    """The whole page."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>AskPapers: evaluation</title><style>{_STYLE.read_text(encoding='utf-8')}</style></head>\n"
        f"<body>{''.join(_sections(report))}</body></html>\n"
    )


def _sections(report: Report) -> Iterator[str]:
    figures, configuration = report.figures, report.configuration
    yield "<h1>How well are papers found, and questions answered?</h1>"
    yield (
        f'<p class="quiet">{figures.questions:,} questions ({escape(configuration.questions)}) over'
        f" {configuration.papers:,} papers. Each figure stands with its 95&nbsp;% confidence interval.</p>"
    )
    yield from _tiles(figures)
    for comparison in report.comparisons:
        yield from _comparison(comparison)
    if figures.judged:
        yield from _ranking(figures)
    if figures.answers is not None:
        yield from _answers(figures.answers)
    yield from _latency(report)
    yield from _worst(report)
    yield from _configuration(configuration)


def _tiles(figures: Figures) -> Iterator[str]:
    shown = [(_NAMES[name], value) for name, value in figures.ranking.items()]
    if figures.answers is not None:
        shown += [
            ("proof in the first 3 quotes", figures.answers.evidence_at_3),
            ("rightly refused", figures.answers.refused),
            ("wrongly refused", figures.answers.wrongly_refused),
        ]
    yield '<div class="tiles">'
    for name, value in shown:
        if value.count:
            yield (
                f'<div class="tile"><span>{name}</span><b>{value.mean:.3f}</b>'
                f"<span>{value.low:.3f}–{value.high:.3f}</span></div>"
            )
    yield "</div>"


def _comparison(comparison: EvaluationComparison) -> Iterator[str]:
    named = comparisons_by_name(comparison)
    reach = max((max(abs(found.gain.low), abs(found.gain.high)) for found in named.values()), default=0.0) or 1.0
    yield f'<h2>Compared</h2><p class="verdict {comparison.verdict.split()[0]}">{escape(in_words(comparison))}</p>'
    yield '<div class="rows gains">'
    for name, found in named.items():
        interval = f"<small>[{found.gain.low:+.3f}, {found.gain.high:+.3f}], {escape(p_in_words(found))}</small>"
        yield _row(escape(_shown(name)), plots.gain(found.gain, reach=reach), f"{found.gain.mean:+.3f} {interval}")
    yield "</div>"
    if comparison.changes:
        yield "<h3>Questions that changed most</h3>"
        yield _table(
            ["question", "before", "after"],
            ([escape(one.text), f"{one.first:.2f}", f"{one.second:.2f}"] for one in comparison.changes),
            numbers=2,
        )


def _ranking(figures: Figures) -> Iterator[str]:
    yield '<h2>Ranking</h2><div class="columns">'
    named = {"all": figures.ranking, **figures.kinds}
    for metric in RANKING:
        name = _NAMES[metric]
        bars = _bars((kind, ranking[metric]) for kind, ranking in named.items())
        yield f'<div class="narrow"><h3>{name}</h3><p class="quiet">{_EXPLAINED[name]}</p>{bars}</div>'
    yield "</div>"


def _answers(answers: AnswerFigures) -> Iterator[str]:
    yield "<h2>Answers and refusals</h2>"
    yield _bars((words.strip(), getattr(answers, name)) for name, words in SHARES.items())
    if answers.citations.count:
        yield f'<p class="quiet">An answer has {answers.citations.mean:.1f} citations on average.</p>'
    yield '<div class="columns">'
    if answers.roc:
        working = (1 - answers.refused.mean, 1 - answers.wrongly_refused.mean)
        area = answers.auc
        yield (
            "<div><h3>Answer or refuse?</h3><p>The curve shows what a stricter or laxer confidence would do;"
            " the point is where it stands now."
            f" Area under the curve {area}.</p>"
            f"{plots.roc(answers.roc, working)}</div>"
        )
    yield '<div class="narrow">'
    for answerable, heading in ((True, "Wrongly refused, by kind"), (False, "Rightly refused, by kind")):
        kinds = [(name, kind.refused) for name, kind in answers.kinds.items() if kind.answerable == answerable]
        yield f"<h3>{heading}</h3>{_bars(kinds)}" if kinds else ""
    proofs = [(name, kind.evidence_at_3) for name, kind in answers.kinds.items() if kind.evidence_at_3.count]
    yield f"<h3>A proof among the first three quotes, by kind</h3>{_bars(proofs)}" if proofs else ""
    sure = [(f"How sure: {level}", share) for level, share in answers.sure.items()]
    yield f"<h3>Rightly answered or refused, by how sure it was</h3>{_bars(sure)}" if sure else ""
    yield "</div></div>"


def _latency(report: Report) -> Iterator[str]:
    results, figures = report.evaluation.results, report.figures
    yield '<h2>Time</h2><div class="columns">'
    shown = [("Search", [one.search_ms for one in results], figures.search_latency)]
    if figures.answers is not None:
        taken = [one.answer_ms for one in results if one.answer is not None]
        shown.append(("Answer, search included", taken, figures.answers.latency))
    for name, values, latency in shown:
        yield f"<div><h3>{name}</h3>{plots.histogram(values, p50=latency.p50.mean, p95=latency.p95.mean)}</div>"
    yield "</div>"


def _worst(report: Report) -> Iterator[str]:
    measure = RANKING[MAIN]
    judged = [(measure(one), one) for one in report.evaluation.results if one.question.answerable]
    worst = sorted((pair for pair in judged if pair[0] < 1), key=lambda pair: pair[0])[:_WORST]
    if worst:
        yield "<h2>Questions with the worst ranking</h2>"
        yield _table(
            ["question", "nDCG@10", "wanted", "found first"],
            (
                [
                    _asked(one),
                    f"{score:.2f}",
                    _list(_wanted(one)),
                    _list([escape(each) for each in one.titles[:_FOUND]]),
                ]
                for score, one in worst
            ),
        )
    if report.figures.answers is not None:
        yield from _wrong_decisions(report.evaluation.results)


def _wrong_decisions(results: Sequence[QuestionResult]) -> Iterator[str]:
    wrong = [one for one in results if one.answer is not None and one.question.judged and not right_decision(one)]
    for answerable, heading in ((True, "Wrongly refused"), (False, "Answered, though the papers do not say")):
        of_these = [one for one in wrong if one.question.answerable == answerable]
        of_these.sort(key=lambda one: (one.answer.confidence or 0.0) if one.answer else 0.0, reverse=not answerable)
        if of_these:
            yield f"<h2>{heading}</h2>"
            yield _table(
                ["question", "confidence", "found first"],
                (
                    [_asked(one), _confidence(one), _list([escape(each) for each in one.titles[:1]])]
                    for one in of_these[:_WORST]
                ),
            )


def _asked(result: QuestionResult) -> str:
    kind = f" <small>{escape(result.question.kind)}</small>" if result.question.kind else ""
    return f"{escape(result.question.text)}{kind}"


def _wanted(result: QuestionResult) -> list[str]:
    places = {key: place for place, key in enumerate(result.keys, start=1)}
    return [
        f"{escape(name)} <small>{f'place {places[key]}' if key in places else 'not found'}</small>"
        for key, name in result.question.wanted.items()
    ]


def _configuration(configuration: Configuration) -> Iterator[str]:
    facts = {
        "Questions": configuration.questions,
        "Index": f"{configuration.data}, generation {configuration.generation}",
        "Papers": f"{configuration.papers:,} in {configuration.chunks:,} chunks, dumps: {configuration.dumps:,}",
        "Embeddings": f"{configuration.embeddings}, {configuration.dimension} dimensions",
        "Their fingerprint": configuration.fingerprint,
        "Hits put in order by": configuration.ordered_by or "the search alone",
        "Answers": configuration.answers or "not measured",
        "Measured": configuration.measured,
    }
    yield "<h2>What was measured</h2><dl>"
    yield from (f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    yield "</dl>"
    yield from _note(configuration.note)
    yield (
        '<p class="quiet">Intervals: for shares the score interval, else 2,000 draws of the questions with replacement.'
        " Differences are paired by question; p-values come from flipping their signs by chance.</p>"
    )


def _note(note: str) -> Iterator[str]:
    """Lines that are moved in are items of a list, others flow together."""
    for is_item, lines in groupby(note.splitlines(), key=lambda line: line.startswith("  ")):
        if is_item:
            items = (line.strip().partition("  ") for line in lines)
            yield "<ul>"
            yield from (f"<li><b>{escape(name)}</b> {escape(text.strip())}</li>" for name, _, text in items)
            yield "</ul>"
        else:
            yield f"<p>{escape(' '.join(lines))}</p>"


def _bars(named: Iterable[tuple[str, Interval]]) -> str:
    """A row for each figure: its name and how much it is a figure of, the bar, the figure with its interval."""
    rows = (
        _row(
            f"{escape(name)} <small>{value.count:,}</small>",
            plots.bar(value),
            f"{value.mean:.3f} <small>[{value.low:.3f}, {value.high:.3f}]</small>",
        )
        for name, value in named
        if value.count
    )
    return f'<div class="rows">{"".join(rows)}</div>'


def _row(name: str, plot: str, value: str) -> str:
    return f'<div><span>{name}</span>{plot}<span class="value">{value}</span></div>'


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: int = 1) -> str:
    """Cells hold HTML; the first column holds text, the next ones `numbers`."""
    kinds = [' class="number"' if 1 <= place <= numbers else "" for place in range(len(heads))]
    head = "".join(f"<th{kind}>{name}</th>" for kind, name in zip(kinds, heads, strict=True))
    names = ["", *(f' data-name="{name}"' for name in heads[1:])]
    tags = [f"<td{kind}{name}>" for kind, name in zip(kinds, names, strict=True)]
    body = "".join(
        f"<tr>{''.join(f'{tag}{cell}</td>' for tag, cell in zip(tags, row, strict=True))}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _list(items: Sequence[str]) -> str:
    if len(items) < 2:
        return "".join(items) or "nothing"
    return f"<ol>{''.join(f'<li>{item}</li>' for item in items)}</ol>"


def _confidence(result: QuestionResult) -> str:
    known = result.answer is not None and result.answer.confidence is not None
    return f"{result.answer.confidence:.2f}" if known and result.answer else "-"


def _shown(name: str) -> str:
    metric, comma, kind = name.partition(",")
    return f"{_NAMES.get(metric, metric)}{comma}{kind}"
