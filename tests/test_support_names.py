"""Which names a text knows, and which only lie hidden in its letters (rag/support/names.py)."""

from __future__ import annotations

import pytest

from rag.support import check_sentence
from rag.support.names import exchanged_names, knows_name, unknown_names


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PPO", "The framework supports agents."),
        ("RAG", "The average storage grows."),
        ("LoRA", "An exploration of rewards."),
        ("T4", "It runs at 40 frames."),
        ("BERT", "We tune RoBERTa and DistilBERT."),
        ("GPT2", "We tune DistilGPT2."),
        ("Adam", "AdamW is used."),
        ("GPT-4", "GPT-4o is asked 4 times."),
        ("Finch-large-v2", "Compared with Finch-large-v3."),
        ("Finch-2-Chat", "Compared with Finch-3-Chat."),
        ("Finch-7B-v0.2", "Compared with Finch-7B-v0.3 at 2 bits."),
    ],
)
def test_letters_inside_other_words_make_no_name(name: str, text: str) -> None:
    assert not knows_name(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("LLaMA-3-8B", "on Llama 3.1 (8B)"),
        ("Llama-3", "on Llama 3.1 with 8B"),
        ("CodeFinch", "We train Code Finch."),
        ("ResNet", "a ResNet50 of 50 layers"),
        ("A100", "on 8xA100 cards"),
        ("IoU", "an mIoU of 0.6"),
        ("GAN", "We train StyleGAN."),
        ("LSTM", "We train a BiLSTM."),
        ("Finch", "We train FinchMath."),
        ("AI", "the aims of XAI"),
        ("LoRAs", "a LoRA for each task"),
        ("LoRA", "many LoRAs at once"),
        ("LoRA", "使用LoRA方法"),
        ("GPUs", "trained on 256 H100s"),
        ("NVIDIA", "trained on A800-80GB cards"),
    ],
)
def test_a_name_is_known_beside_other_signs_and_as_part_of_its_family(name: str, text: str) -> None:
    assert knows_name(name, text)


def test_the_field_is_no_name() -> None:
    assert unknown_names("Explanations of AI help those who use ML.", "", "Saliency maps explain deep networks.") == ()


def test_two_words_may_be_one_name() -> None:
    assert unknown_names("It is tested on Human Eval and with Flash Attention.", "", "On HumanEval.") == (
        "Flash",
        "Attention",
    )
    assert unknown_names("It needs NVIDIA GPUs.", "", "It was trained on a TPU.") == ("NVIDIA", "GPUs")


def test_the_capital_of_a_first_word_is_no_name() -> None:
    text = "Two thirds of the models degrade beyond 64k tokens."
    assert exchanged_names("Roughly two-thirds of models degrade beyond 64k tokens.", text) == ()
    assert exchanged_names(
        "It is trained on KITTI and then on other roads.", "It is trained on Waymo and then on roads."
    )


def test_a_name_that_the_rules_know_is_no_fault_for_words_that_the_model_does_not_find() -> None:
    title = "Wagtail: reading handwritten weather logs"
    abstract = (
        "Weather logs of the last century exist on paper alone. We introduce a pipeline that reads them with little "
        "supervision. It combines page segmentation with a recogniser that learns from its own corrections."
    )
    for sentence in (
        "Wagtail, a multi-stage system, automates the transcription of historical handwritten weather records.",
        "Wagtail is a self-correcting pipeline for digitising paper weather records with minimal supervision.",
    ):
        assert check_sentence(sentence, title, abstract).support == "supported"
        assert check_sentence(sentence.replace("Wagtail", "Heron"), "", abstract).support != "supported"
