"""Answers that say the papers do not answer, and those that only deny something, in many wordings and languages."""

from __future__ import annotations

import pytest

from rag.refusal import is_refusal, says_not_answered


@pytest.mark.parametrize(
    "text",
    [
        "The papers do not answer this question.",
        "None of the abstracts states the learning rate.",
        "I could not find this in the given papers.",
        "Unfortunately, the context does not contain enough information.",
        "Based on the papers provided, this cannot be determined.",
        "The exact number is not specified in the abstract [1].",
        "The evidence doesn't say which solver was used. However, [1] uses an off-the-shelf one.",
        "There is no information about the price.",
        "The learning rate is not reported.",
        "Die Arbeiten beantworten diese Frage nicht.",
        "Les articles ne précisent pas la taille du modèle.",
        "Los artículos no mencionan el número de parámetros.",
        "给出的论文没有提到这一点。",
        "The papers do not compare Lion with Sophia.",
        "The papers do not state the price [1].",
        "The papers study optimizers and do not mention cooking [1].",
        "This question is outside the scope of the provided papers.",
        "None of the papers are relevant to your question.",
        "The provided papers are unrelated to cooking.",
        "There is no data on the price in the papers.",
        "Keine der Arbeiten nennt den Preis [1].",
        "Aucun des articles ne mentionne le prix.",
        "Os artigos não mencionam isso.",
        "Gli articoli non contengono informazioni sul prezzo.",
        "De artikelen vermelden dit niet.",
        "В предоставленных статьях нет информации об этом.",
        "论文中没有相关信息。",
        "提供された論文には情報がありません。",
        "제공된 논문에는 관련 정보가 없습니다.",
    ],
)
def test_refusals_are_recognised_in_any_wording(text: str) -> None:
    assert is_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "TinyState does not need second moments [1].",
        "The method gives no guarantees for other problems [2].",
        "It needs half the epochs [1], but the papers do not say on which machine.",
        "There is no loss of accuracy at two bits [1].",
        "The approach cannot find the best point [1]. It is fast [2].",
        "It is faster [1]. It needs less memory [2]. The papers do not mention the batch size.",
        "There is no need for labelled data [1].",
        "There is no evidence that size alone helps [1].",
        "The method needs no data from the target domain [1].",
        "Earlier studies do not cover long documents [1]. LongReader extends them to whole books [1].",
        "Earlier studies do not cover long documents. LongReader extends them to whole books [1].",
        "The context does not cover all the code [1]. RepoMap ranks what fits [1].",
        "Models are unable to find mistakes on their own [1]. Tools help them [1].",
        "Whether a graph fits cannot be determined in polynomial time [1].",
        "Beide Arbeiten benötigen keine Trainingsdaten [1][2].",
        "Ces articles ne nécessitent pas de données [1].",
        "Os modelos não precisam de rótulos [1].",
        "该方法不需要标注数据[1]。",
        "",
    ],
)
def test_answers_that_deny_something_are_no_refusals(text: str) -> None:
    assert not is_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "The answer is not in these abstracts.",
        "Unfortunately this is not in the provided papers.",
        "I found nothing about ferries in the papers.",
        "It is unclear from the abstracts who built the gauge.",
        "The sources contain nothing about tides [2].",
        "No answer found.",
        "I cannot answer.",
        "Cannot say.",
        "That isn't something the papers tell.",
        "The given abstracts leave the cause open [1].",
        "How deep the canal is does not appear in the papers.",
        "Nothing about bridges can be read from the given texts.",
        "Wie tief der Kanal ist, steht nicht in den Arbeiten.",
        "Darüber geben die Abstracts keine Auskunft.",
        "Die Arbeiten erwähnen keine Brücken [1].",
        "Zu Fähren findet sich in den Texten nichts.",
        "Keine der Arbeiten behandelt Gezeiten.",
        "Les articles ne parlent pas de ponts [1].",
        "Cette information ne figure pas dans les résumés.",
        "Aucun des textes n'aborde les marées.",
        "Les documents ne donnent pas la profondeur du canal.",
        "Los artículos no hablan de puentes [1].",
        "La profundidad no aparece en los documentos.",
        "Ninguno de los artículos menciona las mareas.",
        "No he encontrado nada sobre esto en los artículos.",
        "Gli articoli non trattano di ponti [1].",
        "La profondità non compare negli articoli.",
        "Nessuno dei testi menziona le maree.",
        "Os artigos não falam de pontes [1].",
        "A profundidade não aparece nos documentos.",
        "Nenhum dos textos menciona as marés.",
        "В статьях не говорится о мостах [1].",
        "Глубина канала в документах не указана.",
        "Ни один из источников не упоминает приливы.",
        "В этих статьях нет информации о паромах.",
        "论文没有提到桥梁 [1]。",
        "运河的深度不在这些论文中。",
        "未找到关于渡轮的信息。",
        "文献均未讨论潮汐。",
        "論文は橋について述べていません [1]。",
        "運河の深さは論文に記載されていません。",
        "渡し船に関する情報は見つかりませんでした。",
        "どの論文も潮汐に触れていません。",
        "논문은 다리를 언급하지 않습니다 [1].",
        "운하의 깊이는 논문에 나와 있지 않습니다.",
        "나룻배에 대한 정보를 찾을 수 없습니다.",
        "어떤 초록도 조수를 다루지 않습니다.",
        "De artikelen zeggen niets over bruggen [1].",
        "De diepte staat niet in de samenvattingen.",
    ],
)
def test_refusals_are_recognised_in_any_language(text: str) -> None:
    assert is_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "The lock is not in the group of moving weirs [1].",
        "Nothing in the canal moves when the gate is shut [1].",
        "Unknown depths are estimated from the gauges [2].",
        "It is unclear from one gauge alone where the flood starts, so three are read [2].",
        "Facts that are not in the abstracts are marked by the reader [1].",
        "The model stays silent when the answer is not in the given text [1].",
        "The papers say nothing about bridges, but Weir saves 47 % of the water [1].",
        "The papers do not compare them directly, but Lock is quicker by 12 minutes [2].",
        "Die Arbeit Weir nennt 47 % weniger Wasser und untersucht keine Brücken [1].",
        "Die Texte der Pegel enthalten keine Lücken mehr, und der Fehler sinkt [2].",
        "Laut der Arbeit braucht das Wehr keine Angaben über die Tiefe [1].",
        "Die Studie vergleicht drei Wehre, von denen keines Strom braucht [1].",
        "L'article ne compare pas les ponts mais indique 47 % d'eau en moins [1].",
        "Selon l'étude, le barrage n'a pas besoin de données [1].",
        "Les textes ne sont pas coupés [2].",
        "El artículo no trata de puentes, sino que indica un ahorro de agua [1].",
        "Según el estudio, la esclusa no necesita datos [2].",
        "El artículo no usa bombas y compara tres esclusas [2].",
        "L'articolo non tratta di ponti ma indica un risparmio d'acqua [1].",
        "Secondo lo studio la chiusa non richiede dati [2].",
        "O artigo não trata de pontes, mas indica 47 % menos água [1].",
        "Segundo o estudo, a eclusa não precisa de dados [2].",
        "Статья не рассматривает мосты, но указывает экономию воды [1].",
        "По данным статьи, шлюз не требует сведений о глубине [2].",
        "В работе сравниваются три плотины, и ни одна не требует тока [1].",
        "论文没有比较桥梁，而是说明了节水 47 % [1]。",
        "论文提出的水闸不需要深度信息 [2]。",
        "文章说明水位不会下降 [1]。",
        "Weir 节水 47 %；论文没有讨论桥梁 [1]。",
        "論文は橋を扱わず、47 %の節水を説明している [1]。",
        "論文によれば、水門は深さの情報を必要としない [2]。",
        "論文は水位が下がらないと述べている [1]。",
        "논문은 다리를 다루지 않지만 물이 47 % 줄었다고 한다 [1].",
        "논문에 따르면 수문은 깊이 정보가 필요하지 않다 [2].",
        "논문은 수위가 내려가지 않는다고 설명한다 [1].",
        "Het artikel noemt een besparing van 47 % en behandelt geen bruggen [1].",
        "Die Arbeiten behandeln zwei Wehre, die keinen Strom brauchen. Weir spart 47 % [1].",
        "Los artículos no comparan los dos directamente, pero ambos ahorran agua. Weir ahorra 47 % [1].",
        "这些论文没有直接比较，但都节水。Weir 节水 47 % [1]。",
        "它们都不用电。[1] 论文比较了三种水闸。[2]",
        "Weir saves water [1]. The answer for ferries is not in the papers.",
    ],
)
def test_answers_that_deny_something_in_any_language_are_no_refusals(text: str) -> None:
    assert not is_refusal(text)


@pytest.mark.parametrize(
    ("sentence", "refuses"),
    [
        ("论文没有讨论桥梁 [1]。", True),
        ("论文没有讨论桥梁，但讨论了水闸 [1]。", False),
        ("Die Arbeiten sagen nicht, wie tief der Kanal ist [1].", True),
        ("Die Arbeiten sagen nicht alles, doch 47 % sind belegt [1].", False),
        ("В статьях не описано, как измеряли глубину [1].", True),
        ("Los artículos no mencionan puentes y miden la profundidad [1].", False),
    ],
)
def test_of_another_language_a_sentence_that_cites_refuses_only_where_it_says_nothing_else(
    sentence: str, refuses: bool
) -> None:
    assert says_not_answered(sentence) is refuses
