"""How other languages than English say that the papers do not answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

MARKER = re.compile(r"\[\d{1,3}\]")
ONLY_MARKERS = r"\W*(?:\[\d{1,3}\]\W*)*$"  # up to the end of the sentence


@dataclass(frozen=True, slots=True)
class _Language:
    """One language, or some that are like each other."""

    words: tuple[re.Pattern[str], ...]  # for the papers, for denying, and for what papers may fail to do or to hold
    plain: tuple[re.Pattern[str], ...]  # sentences about the papers as a whole


def _language(papers: str, denial: str, saying: str, *plain: str) -> _Language:
    """In `plain`, <papers>, <not> and <say> stand for the words, <w> for any one word with the blank behind it, and
    <end> for nothing but markers."""
    parts = {"papers": papers, "not": denial, "say": saying, "w": r"[\w'’\-]+\s+", "end": ONLY_MARKERS}

    def pattern(text: str) -> re.Pattern[str]:
        for name, part in parts.items():
            text = text.replace(f"<{name}>", f"(?:{part})")
        return re.compile(text, re.IGNORECASE)

    return _Language(tuple(map(pattern, ("<papers>", "<not>", "<say>"))), tuple(map(pattern, plain)))


_LANGUAGES = (
    _language(  # German
        r"\b(?:Arbeit|Quelle|Abstract|Artikel|Papier|Paper|Beleg|Studie|Zusammenfassung|Dokument|Auszug|Auszüg)\w*"
        r"|\bTexte?n?\b",
        r"\b(?:nichts?|keine?[mnrs]?)\b",
        r"antwort|enth[aä]lt|angegeben|angabe|erwähn|\bnenn|genannt|hervor|information|vergl[ei]+ch|untersuch|behandel"
        r"|\bsag|gesagt|auskunft|aussage|hinweis|\brede\b|befass|\bfinde[tn]\s+sich|\bsteh",
        r"^\W*<w>{0,5}?<papers>\s+<w>{0,2}?\w*<say>\w*\s+<w>{0,6}?<not>",
        r"^\W*<w>{0,5}?<papers>\s+<w>{0,5}?<not>\s+<w>{0,2}?\w*<say>",
        r"^\W*<w>{0,3}?\w*<say>\w*\s+<w>{1,3}?<papers>\s+<w>{0,4}?<not>",
        r"^\W*<w>{0,2}?keine[rs]?\s+(?:der|dieser|von)\s+<w>{0,3}?<papers>\s+<w>{0,4}?\w*<say>",
        r"^\W*<w>{1,8}?<not>\s+<w>{0,2}?in\s+<w>{1,4}?<papers><end>",
    ),
    _language(  # Dutch
        r"\b(?:artikel|paper|bron|samenvatting|tekst|document|studie)\w*",
        r"\b(?:niets?|geen)\b",
        r"antwoord|vermeld|\bnoem|\bbeva|\binfo|\bzegg|\bzegt|\bstaa|genoemd|\bbehandel",
        r"^\W*<w>{0,4}?<papers>\s+<w>{0,2}?\w*<say>\w*\s+<w>{0,5}?<not>",
        r"^\W*<w>{0,4}?<papers>\s+<w>{0,5}?<not>\s+<w>{0,2}?\w*<say>",
        r"^\W*geen\s+(?:van\s+)?<w>{0,3}?<papers>\s+<w>{0,3}?\w*<say>",
        r"^\W*<w>{1,8}?<not>\s+<w>{0,2}?in\s+<w>{1,4}?<papers><end>",
    ),
    _language(  # French
        r"\b(?:articles?|documents?|résumés?|sources?|textes?|études?|extraits?)\b",
        r"(?<!\w)n(?:e\s+|['’])(?:(?:l[ea]s?|y|en)\s+|l['’])?|\baucune?\b",
        r"répon|inform|précis|mention|indiqu|contien|fourni|abord|trait|compar|évalu|étudi|\bdis|\bdit|parl|donn|perm"
        r"|figur|appara|\bse\s+trouv|\b(?:je|on)\s+ne\s+trouv",
        r"^\W*<w>{0,4}?<papers>\s+<w>{0,2}?<not>\w*<say>",
        r"^\W*<w>{0,2}?aucun\w*\s+(?:des?\s+)?<w>{0,1}?<papers>\s+<w>{0,3}?<not>\w*<say>",
        r"^\W*<w>{0,6}?<not>\w*(?:est|sont|<say>)\w*\s+(?:pas|nulle\s+part)\s+<w>{0,2}?dans\s+<w>{1,3}?<papers><end>",
        r"<papers>\s+<w>{0,2}muets?\b",
    ),
    _language(  # Spanish, Portuguese, Italian
        r"\b(?:art[ií](?:culo|go|col)[ois]*|documentos?|documenti|res[uú]m\w+|riassunti|fuentes?|fontes?|fonti|textos?"
        r"|testi|estud[ií]os?|estudos?|studi)\b",
        r"\b(?:no|não|non|nessun\w*|ning[uú]n\w*|nenhum\w*)\b",
        r"respond|rispond|cont(?:ien|en|êm|ém)|men[cçz]|ofre[cz]|offr[eo]|indica|especifi|proporcion|fornec|fornisc"
        r"|\bdi[cz]|inform|abord|affront|compar|confront|eval[uú]|avali|valuta|tratt?a|habl|fala|parl|aparec|figura"
        r"|\bconst|\bs[ei]\s+(?:encuentr|encontr|trov)|encontr(?:é|ei|ado)|trovato",
        r"^\W*<w>{0,4}?<papers>\s+<w>{0,2}?<not>\s+(?:(?:se|l[oaei]|l[oa]s|ne|nos|o|a|si|há|hay)\s+){0,2}\w*<say>",
        r"^\W*<w>{0,1}?(?:ning[uú]n|nessun|nenhum)\w*\s+(?:d\w+\s+)?(?:l[oa]s\s+)?<papers>\s+<w>{0,2}?\w*<say>",
        r"^\W*<w>{0,6}?<not>\s+(?:(?:se|si)\s+)?(?:est[áã]o?|è|sono|\w*<say>)\w*\s+<w>{0,2}?"
        r"(?:en|in|ne\w+|n[oa]s|d[oa]s)\s+<w>{0,3}?<papers><end>",
    ),
    _language(  # Russian
        r"\b(?:стат(?:ь\w+|ей)|источник\w*|аннотаци\w+|документ\w*|работ(?:а|ы|е|у|ах|ам|ой)?)\b",
        r"\b(?:не|нет|ни|ничего)\b",
        r"ответ|отвеча|упомина|упомян|информац|содерж|указ|сравн|говор|сказан|сообща|рассматр|обсужда|описа",
        r"^\W*<w>{0,4}?<papers>\s+<w>{0,4}?<not>\s+<w>{0,1}?\w*<say>",
        r"^\W*<w>{0,3}?<not>\s+<w>{0,3}?в\s+<w>{0,3}?<papers><end>",
    ),
    _language(  # Chinese
        r"论文|論文|摘要|文献|文獻|文章|资料|資料|文中",
        r"没有|沒有|没|未|无(?!需)|無(?!需)|不(?!需)",
        r"提到|提及|说明|說明|提供|回答|给出|給出|包含|涉及|讨论|討論|信息|資訊|答案|相关|相關|有关|无关|無關|比较|比較|内容"
        r"|內容|介绍|介紹|说|說|写|寫",
        r"^\W*\w{0,12}?<papers>(?:中|里|裡|内|內|都|均|并|並|也|对此|對此)*<not>(?:有|能|曾|直接|明确|具体|这方面的|任何)*<say>",
        r"^\W*(?:没有|沒有)(?:一篇|任何)?<papers><say>",
        r"^\W*\w{0,16}?不在\w{0,6}?<papers>中?<end>",
        r"^\W*\w{0,12}?<papers>\w{0,3}?(?:找不到|未找到|没找到)",
    ),
    _language(  # Japanese
        r"論文|要旨|抄録|文献|資料|文書",
        r"(?:ません(?:でした)?|ない|なかった)<end>",
        r"情報|記載|言及|答え|述べ|触れ|説明|含ま|比較|書かれ|書い|扱|見当|分か|わか|示さ|示し|あり|載っ",
        r"^\W*\w{0,16}?<papers>(?:の中)?(?:(?:では|には|からは|から|に|は|も|を)\w{0,20}?|で)<say>\w{0,8}?<not>",
    ),
    _language(  # Korean
        r"논문|초록|문서|자료",
        r"(?:없|않|못)\w*<end>",
        r"정보|언급|답|설명|포함|비교|다루|다룬|나와|나오|찾을\s|알\s|제시",
        r"^\W*<w>{0,3}?<papers>들?(?:은|는|이|가|에|에는|에서|에서는|에도|도|만으로는)\s+<w>{0,4}?\w*<say>\w*\s*<w>{0,3}?\w*"
        r"<not>",
    ),
)
_INDIRECT = (  # a question within the sentence is no clause of its own: "the papers do not say, how"
    r"wie|welch|ob\b|was\b|w[eo]r?\b|wann|warum|hoe|welke|wat\b|of\b|comment|quel|combien|pourquoi|cómo|qué|cuál|cuánt"
    r"|como|qual|quant|come|per ch[eé]|как|сколько|почему|где|ли\b"
)
# Where another clause begins; what that one says may be an answer.
_CLAUSE = re.compile(
    rf"[;:，；：、]|,(?!\s*(?:{_INDIRECT}))|\b(?:und|sondern|aber|wenn|et|mais|donc|que|y|pero|sino|aunque|cuando|e|ma|mas"
    r"|che|quando|и|а|но|если)\b"
    r"|而|但|ことを|場合|지만\b|다고\b|면\s|고\s|며\s"
)
_BY_THE_PAPERS = re.compile(  # "according to"
    r"\b(?:laut|gemäß|zufolge|volgens|selon|d['’]après|según|secondo|segundo|согласно|по данным)\b"
    r"|根据|根據|によれば|によると|따르면",
    re.IGNORECASE,
)
_LOOSE = tuple(
    re.compile(text, re.IGNORECASE)
    for text in (
        r"\b(?:keine?r?s?|nicht)\b.{0,60}\b(?:beantwort|enthalten|angegeben|erwähn|genannt|hervor|Information|Angabe"
        r"|Antwort)",
        r"\bn(?:e\s+|['’])\w+\s+(?:pas|aucune?)\b.{0,60}\b(?:répon|question|information|précis|mention|indiqu)",
        r"\bno\s+(?:\w+\s+){0,2}(?:responde|contiene|menciona|indica|especifica|proporciona|dice|hay información"
        r"|se (?:men|ind|esp))",
        r"(?:没有|未)(?:提到|提及|说明|提供|回答|给出)|无法回答|(?:未找到|没有找到|找不到)\w{0,6}(?:信息|内容|答案|论文)",
        r"答えていません|記載され?ていません|(?:記載|情報|答え)[がはも]\w{0,6}(?:ありません|見つかりません|見つからな)",
        r"\b(?:nichts|keine\s+\w+)\b.{0,40}\b(?:gefunden|finden)\b|\bniets\b.{0,40}\bgevonden\b",
        r"(?:\bне|ничего)\b.{0,40}\b(?:наш[ёе]л|найден)",
        r"(?:정보|답|내용)\w*\s+(?:찾을\s+수\s+)?(?:없|못)",
    )
)


def denies_plainly(sentence: str) -> bool:
    """Whether all that a sentence says is that the papers do not answer, so that it refuses even where it cites one."""
    bare = MARKER.sub("", sentence)
    if re.search(r"\d", bare) or _CLAUSE.search(bare) or _BY_THE_PAPERS.search(bare):
        return False
    return any(pattern.search(bare) for language in _LANGUAGES for pattern in language.plain)


def denies(sentence: str) -> bool:
    """Whether one of its clauses speaks of the papers, denies, and names what papers may fail to do, in any order."""
    clauses = _CLAUSE.split(sentence)
    return any(
        all(word.search(clause) for word in language.words) for language in _LANGUAGES for clause in clauses
    ) or any(pattern.search(sentence) for pattern in _LOOSE)
