"""Opposites in each other's place, in a sentence that else follows the abstract's word by word."""

from __future__ import annotations

from collections.abc import Sequence

from rag.support.alignment import align
from rag.support.polarity import Flip, families, points, read_opposites
from rag.support.words import Word, stem, word_set

_FOLLOWED = 0.5  # share of a sentence's words that stand in the quote in their order
# Opposites beside those of `polarity`: too common to be compared wherever they stand, but not in one place.
_OPPOSITE = read_opposites("""
above : below under beneath
high highest highly : low lowest
before : after
multiple many several numerous : single one few
often frequently usually mostly commonly generally consistently constantly : rarely seldom hardly occasionally
significant significantly substantial substantially considerable considerably heavy heavily extensive :
    marginal marginally minimal minimally negligible negligibly slight slightly
large : minimal negligible
heavy : lightweight light
maximize maximizes maximized maximizing maximum maximal maximally :
    minimize minimizes minimized minimizing minimum minimal minimally
inflate inflates inflated : deflate deflates deflated
previous preceding prior earlier past : subsequent following future later next
forward : backward inverse reverse
first : last second
beginning start starts : end ends
top : bottom
upper : lower
left : right
couple couples coupled coupling : decouple decouples decoupled decoupling
separate separately : unified jointly
deep deeper : shallow shallower
broad broader wide wider widen widens : narrow narrower narrows
amplify amplifies strengthen strengthens : dampen dampens weaken weakens attenuate attenuates
exacerbate exacerbates worsen worsens : mitigate mitigates curb curbs alleviate alleviates reduce reduces
internal internally : external externally
local locally : global globally
lengthen lengthens : shorten shortens
ascending : descending
plentiful abundant : scarce
preserve preserves preserving retain retains retaining maintain maintains maintaining :
    sacrifice sacrifices sacrificing lose loses losing compromise compromises compromising
benefit benefits : suffer suffers harm harms
excess excessive : insufficient lack absence
homogeneous : heterogeneous
deterministic deterministically : stochastic stochastically random randomly probabilistic
sublinear : superlinear linear
optimistic : pessimistic
strict strictly tight : loose loosely
majority : minority
well : poorly badly
gain gains improvement improvements : loss losses
win wins won : lose loses lost
outperform outperforms outperforming surpass surpasses surpassing exceed exceeds exceeding lead leads :
    trail trails trailing underperform underperforms lag lags lagging
relevant : irrelevant
""")
# First parts of words that are opposites there: "pre-training" and "post-training".
_PARTS = read_opposites("""
inter : intra
pre : post
over up : under down
multi many : single one mono
super : sub
top : bottom
closed : open
""")
# What turns a word round from beside it, or in whose company another word may say what its opposite says.
_TURNING = word_set(
    """
    no less fewer not never cannot without neither nor rather instead fails fail failed unable only hardly every lack
    lacks than
    """
)


def turned_in_place(sentence: str, quote: str) -> Flip | None:
    """A word of `sentence` in the place where `quote` has its opposite."""
    alignment = align(sentence, quote)
    if alignment.followed < _FOLLOWED:
        return None
    for place, stretch in enumerate(alignment.stretches):
        ours, theirs = _of_weight(stretch.ours), _of_weight(stretch.theirs)
        if stretch.is_equal or len(ours) != 1 or len(theirs) != 1:
            continue
        said, stated = ours[0], theirs[0]
        beside = {word.text.casefold() for word in alignment.differing_near(place) if word not in (said, stated)}
        turned = beside & _TURNING or any(word.endswith("n't") for word in beside)
        if not turned and _are_opposite(said.text, stated.text):
            return Flip(said.text, stated.text, is_close=True)
    return None


def _of_weight(words: Sequence[Word]) -> list[Word]:
    """The words that say something."""
    return [word for word in words if word.is_content or families(word.text) or families(word.text, _OPPOSITE)]


def _are_opposite(word: str, other: str) -> bool:
    if any(points(other, rivals) for _, rivals in (*families(word), *families(word, _OPPOSITE))):
        return True
    (first, _, rest), (second, _, behind) = word.partition("-"), other.partition("-")
    return bool(rest) and stem(rest) == stem(behind) and any(
        points(second, rivals)
        for table in (None, _OPPOSITE, _PARTS)
        for _, rivals in families(first, table)
    )  # fmt: skip
