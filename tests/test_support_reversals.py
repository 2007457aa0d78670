"""Sentences that follow the abstract's closely and turn them round: a "not", a prefix, a bound, two words exchanged."""

from __future__ import annotations

import pytest

from rag.support import check_sentence
from rag.support.bounds import turned_bound
from rag.support.in_place import turned_in_place
from rag.support.negation import turned_negation
from rag.support.polarity import comparison_swapped, find_flips
from rag.support.prefixes import turned_prefix
from rag.support.word_order import exchanged_words

TITLE = "Heron: scheduling jobs on shared clusters"
ABSTRACT = (
    "Shared clusters waste energy. We present Heron, a scheduler whose estimates are unbiased, and show that the bound "
    "is tight for convex costs. Heron assigns each job without additional training and does not rely on user hints. "
    "On TraceBench, Heron consistently outperforms Magpie, while Magpie needs a smaller queue. "
    "Each decision takes under 20 milliseconds, and the queue holds more than 5,000 jobs."
)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The bound is not tight for convex costs.", "says “not tight”, the abstract says “tight”"),
        ("Heron does rely on user hints.", "says “rely”, the abstract says “not rely”"),
        ("Heron needs additional training for each job.", "says “additional”, the abstract says “without additional”"),
        ("The scheduler's estimates are biased.", "says “biased”, the abstract says “unbiased”"),
        (
            "On TraceBench, Magpie consistently outperforms Heron.",
            "puts “Magpie” and “Heron” in each other's place",
        ),
        (
            "Each decision takes over 20 milliseconds.",
            "says “over 20 milliseconds”, the abstract says “under 20 milliseconds”",
        ),
        ("Magpie needs a larger queue.", "says “larger”, the abstract says “smaller”"),
    ],
)
def test_a_sentence_turned_round_is_noticed_and_the_reader_sees_both_wordings(sentence: str, reason: str) -> None:
    verdict = check_sentence(sentence, TITLE, ABSTRACT)
    assert (verdict.support, verdict.reason) == ("unsupported", reason)


@pytest.mark.parametrize(
    "sentence",
    [
        "The bound is tight for convex costs.",
        "Heron does not rely on hints from users.",
        "No additional training is needed before Heron assigns a job.",
        "The scheduler's estimates are not biased.",
        "Magpie is consistently outperformed by Heron on TraceBench.",
        "Each decision takes no more than 20 milliseconds.",
    ],
)
def test_the_same_said_otherwise_is_supported(sentence: str) -> None:
    assert check_sentence(sentence, TITLE, ABSTRACT).support == "supported"


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Pruning does not harm the accuracy of small models.", "Pruning harms the accuracy of small models."),
        ("The solver scales to large graphs.", "The solver fails to scale to large graphs."),
        ("Labels can be learnt by the student.", "Labels cannot be learnt by the student."),
        ("Ravens cannot be identified by their calls.", "The calls of ravens identify the birds, a survey shows."),
        ("The encoder needs a pretrained tokenizer.", "We train the encoder without a pretrained tokenizer."),
    ],
)
def test_a_negation_on_one_side_alone_is_noticed(sentence: str, text: str) -> None:
    assert turned_negation(sentence, text, [text])
    assert not turned_negation(text, text, [text])


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The backbone is not updated during training.", "The backbone remains frozen during training."),
        ("The probe is fast without losing accuracy.", "The probe is fast while keeping its accuracy."),
        ("Models rarely answer before the end.", "Models answer only at the end."),
        ("It does not only save memory but time.", "It saves memory and time."),
        ("It works with neither labels nor hints.", "It works without labels or hints."),
        ("The speed-up is no more than 3x on large graphs.", "The speed-up is up to 3x on large graphs."),
        ("Hints are tied to users and not to jobs.", "Hints are tied to users rather than to jobs."),
        ("Good hints are not required for a schedule.", "We ask whether good hints are required for a schedule."),
        ("Short vowels are missing from the transcripts.", "The transcripts come without short vowels."),
    ],
)
def test_a_denial_in_other_words_is_none_that_was_added_or_lost(sentence: str, text: str) -> None:
    assert not turned_negation(sentence, text, [text])


def test_a_denial_that_another_sentence_shares_is_not_added() -> None:
    text = "The owl hears mice under snow."
    sentence = "The owl cannot hear mice under snow."
    assert turned_negation(sentence, text, [text])
    assert not turned_negation("In storms no mice under snow are heard by the owl.", text,
                               [text, "In storms, owls cannot hear mice under the snow."])  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "text", "exchanged"),
    [
        ("Larks wake before owls do.", "Owls wake before larks do.", ("Larks", "owls")),
        ("Tree search clearly beats greedy decoding.", "Greedy decoding clearly beats tree search.",
         ("Tree search", "greedy decoding")),
        ("With Magpie as the teacher, our student is Heron.", "With Heron as the teacher, our student is Magpie.",
         ("Magpie", "Heron")),
        ("Energy is the main limit, not cost, says the survey of clusters.",
         "Cost is the main limit, not energy, says the survey of clusters.", ("Energy", "cost")),
    ],
)  # fmt: skip
def test_two_words_in_each_others_place_are_noticed(sentence: str, text: str, exchanged: tuple[str, str]) -> None:
    assert exchanged_words(sentence, text) == exchanged


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("It learns from sounds and images of birds.", "It learns from images and sounds of birds."),
        ("It covers wrens, larks and owls.", "It covers owls, larks and wrens."),
        ("The speed of Heron is similar to that of Magpie.", "The speed of Magpie is similar to that of Heron."),
        ("Magpie is outperformed by Heron.", "Heron outperforms Magpie."),
        ("The model suppresses noise adaptively.", "The model is built on adaptive noise suppression."),
    ],
)
def test_what_may_stand_either_way_round_is_not_exchanged(sentence: str, text: str) -> None:
    assert exchanged_words(sentence, text) is None


@pytest.mark.parametrize(
    ("sentence", "text", "found"),
    [
        ("It costs over $3 per job.", "It costs under $3 per job.", ("over 3", "under 3")),
        ("Fewer than 40 birds were seen.", "More than 40 birds were seen.", ("Fewer than 40", "More than 40")),
        ("It needs at least half of the data.", "It needs less than half of the data.",
         ("at least half", "less than half")),
        ("It costs no more than $3 per job.", "It costs under $3 per job.", None),
        ("It costs over $3 per job.", "It costs over $3 per job.", None),
        ("It costs over $3 per job.", "It costs $3 per job.", None),
        ("All models stay below 50%.", "No model exceeds 50%.", None),
        ("It does not fall below 92%.", "It exceeds 92%.", None),
        ("It runs within 10 epochs.", "It runs over 10 epochs.", None),
    ],
)  # fmt: skip
def test_a_bound_turned_round_is_noticed(sentence: str, text: str, found: tuple[str, str] | None) -> None:
    assert turned_bound(sentence, [text]) == found


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The solver handles smooth objectives.", "The solver handles non-smooth objectives."),
        ("Sleep is spread uniformly over the night.", "Over the night, sleep is spread non-uniformly."),
        ("A professional tone keeps users calm.", "An unprofessional tone keeps users calm."),
    ],
)
def test_a_prefix_on_one_side_alone_is_noticed(sentence: str, text: str) -> None:
    assert turned_prefix(sentence, text, text)
    assert turned_prefix(text, sentence, sentence)


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The penalty keeps the curves from crossing.", "The penalty gives non-crossing curves."),
        ("The tone was not professional at all.", "The tone was unprofessional."),
        ("Few people notice the slant in the data.", "The slant in the data went unnoticed."),
        ("It learns in context from a few words.", "In-context learning takes a few words."),
        ("Both linear and nonlinear systems are learnt.", "We learn nonlinear and linear systems."),
    ],
)
def test_a_prefix_said_in_other_words_is_none_that_was_lost(sentence: str, text: str) -> None:
    assert not turned_prefix(sentence, text, text)


def test_the_opposite_in_a_words_place_is_noticed_where_nothing_else_turns_it() -> None:
    text = "Deeper trees are slower on large files but easier to read than rules."
    assert turned_in_place("Deeper trees are faster on large files but easier to read than rules.", text)
    assert not turned_in_place("Deeper trees are not faster on large files but easier to read than rules.", text)
    assert not turned_in_place("Deeper trees are slower on large files but less hard to read than rules.", text)


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The queue is emptied after the jobs end.", "The queue is emptied before the jobs end."),
        ("Heron keeps multiple queues for all jobs.", "Heron keeps a single queue for all jobs."),
        ("Users rarely cancel the jobs that wait.", "Users often cancel the jobs that wait."),
        ("We prove an upper bound on the waiting time.", "We prove a lower bound on the waiting time."),
        ("It is made for low-priority jobs of one user.", "It is made for high-priority jobs of one user."),
        ("The gain comes from post-training on logs.", "The gain comes from pre-training on logs."),
    ],
)
def test_what_is_too_common_to_compare_elsewhere_is_compared_in_its_place(sentence: str, text: str) -> None:
    found = turned_in_place(sentence, text)
    assert found
    assert found.is_close
    assert not turned_in_place(text, text)


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Hosting Heron is cheaper by half.", "Heron halves the cost of hosting."),
        ("A simple scheduler is proposed for clusters.", "We name the challenges of a scheduler for clusters."),
        ("Small clusters can use the scheduler.", "The scheduler, largely written in C, suits any cluster."),
        ("The filter enables attention in the network.", "The attention block of the network is a filter."),
    ],
)
def test_words_that_only_share_a_stem_point_nowhere(sentence: str, text: str) -> None:
    assert not find_flips(sentence, text)


def test_opposites_in_two_clauses_speak_of_two_things() -> None:
    text = "Heron removes idle nodes, and its ratio of jobs stays at one."
    assert not find_flips("The scheduler keeps the ratio of jobs at one.", text)
    assert find_flips("Heron keeps idle nodes.", text)


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Heron offers efficient scheduling of jobs.", "Heron reduces inefficient scheduling of jobs."),
        ("Heron reduces the energy of jobs.", "Heron runs more jobs with less energy."),
        ("In dynamic clusters, jobs wait longer.", "Jobs wait as long again as in the existing static clusters."),
    ],
)
def test_opposites_of_other_things_are_no_contradiction(sentence: str, text: str) -> None:
    assert not find_flips(sentence, text)


def test_who_is_worse_loses_and_a_lower_figure_tells_nothing() -> None:
    text = "Heron clearly outperforms the greedy scheduler."
    assert comparison_swapped("Heron does worse than the greedy scheduler.", text)
    assert not comparison_swapped("The greedy scheduler does worse than Heron.", text)
    assert not comparison_swapped("Heron is consistently outperformed by nobody, and no worse than others.", text)
    assert not comparison_swapped("The greedy scheduler has a lower score than Heron.", text)
