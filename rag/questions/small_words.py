"""The small words by which a language is told, and those that its questions begin with."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that English lacks, and a few that it shares ("was", "on"): such a word speaks for neither. "die", "man", "no",
# "me" and "come" are left out: one of them beside a name would be enough.
SMALL = {
    "German": _words(
        "der das dem den ein eine einen einem einer und oder nicht ist sind wird werden wurde wie welche welcher"
        " welches warum wieso wann wer wo mit für von vom zum zur zu auf aus bei durch gegen ohne über unter zwischen"
        " auch noch nur sich kann können soll gibt gibt's es im ich wir ihre ihr dass wenn als haben hat mehr viele"
        " alle diese dieser funktioniert braucht brauchen arbeiten verwendet beim sehr weniger besser was kostet spart"
        " zeig zeige mir erkläre erklär erklären nenne bitte"
    ),
    "French": _words(
        "le la les une des du est sont et ou dans avec pour par sur qui que quoi quel quelle quels quelles comment"
        " pourquoi combien aux ces cette cet ce il elle nous vous leur leurs peut peuvent plus moins sans entre fait"
        " y a-t-il fonctionne modèles méthodes articles ont été être sert utilisent moyen quand où explique"
        " expliquer expliquez moi-même moi montre résume résumé qu'est donne"
    ),
    "Spanish": _words(
        "el los las una unos del al y o es son está están con por para sobre que qué cuál cuáles cómo cuánto cuántos"
        " porque dónde cuándo se su sus más menos sin entre hay puede pueden lo le este esta estos estas como"
        " funciona modelos usan tiene tienen mejor explica explícame háblame muéstrame resumen resume hablan artículos"
    ),
    "Italian": _words(
        "il gli della delle dei degli nel nella un uno una è sono con per che chi cosa quale quali perché quanto quanti"
        " si più meno tra fra può possono non anche questo questa questi funziona modelli usano di alla sui sul sulla"
        " parlami spiegami mostrami dimmi articoli"
    ),
    "Portuguese": _words(
        "os uma um dos das no na nos nas é são com por para sobre que qual quais como quanto quantos porquê onde"
        " se seu sua mais menos sem entre há pode podem este esta estes funciona modelos usam tem têm não melhor ao"
        " explique artigos"
    ),
    "Dutch": _words(
        "de het een en of niet zijn wordt worden hoe welke waarom wanneer wie waar met voor van op uit bij door zonder"
        " over tussen ook nog kan kunnen er dat deze dit meer minder werkt gebruiken gebruikt wat beter"
    ),
    "Danish or Norwegian": _words(
        "og ikke hvad hva hvordan hvilke hvilken hvorfor hvor hvem det er med af av til som på fra virker fungerer"
        " handler om artikler den denne disse bruger bruker kan eller uten uden"
    ),
    "Swedish": _words(
        "och inte vad hur vilka vilken varför när vem det är med av till som på från fungerar handlar om artiklar den"
        " denna dessa använder kan eller utan ett"
    ),
    "Finnish": _words(
        "ja ei mikä mitä mitkä miten miksi kuinka missä kuka on ovat se tämä tämän nämä jotka joka kuin myös toimii tai"
        " ilman artikkelit"
    ),
    "Polish": _words(
        "i nie jak co jest są czy dlaczego które który która kiedy gdzie dla do na od przez się to w z że o jakie czym"
        " działa artykuły bez lub oraz"
    ),
    "Czech": _words(
        "a ne jak co kolik je jsou proč které který která kdy kde pro do na od se to v z že o jaké funguje články"
        " bez nebo"
    ),
    "Croatian, Bosnian or Serbian": _words(
        "i ne kako što šta je su zašto koji koje koja kada gdje za do na od se to u o radi članci bez ili li"
    ),
    "Romanian": _words(
        "și nu ce cum este sunt de-ce care când unde pentru din la în cu pe despre articole funcționează fără sau"
    ),
    "Hungarian": _words(
        "és nem mi mit hogyan hogy az a egy van vannak miért melyik mely mikor hol működik cikkek nélkül"
    ),
    "Turkish": _words("ve ne nedir nasıl neden hangi bir bu için ile mi mı çalışır makaleler olan hakkında var daha"),
    "Indonesian": _words("apa itu dan bagaimana mengapa yang ini untuk dengan dari tentang makalah cara adalah kerja"),
    "Vietnamese": _words("là gì và như thế nào tại sao những các của cho với bài về không hoạt động"),
}
ENGLISH = _words(
    "the a an of and or to in is are was were be been for on with by from as at that this these those it its how what"
    " which why when who where does do did can could should would will has have had not than then there their they we"
    " i you about into over under between more less most many much any some all using use used work works between"
)
FIRST = {
    "German": _words("wie welche welcher welches warum wieso wann was wer wo gibt's zeig zeige erkläre erklär nenne"),
    "French": _words("comment pourquoi quels quelles quel quelle combien explique expliquez montre résume"),
    "Spanish": _words("cómo qué cuáles cuál cuánto por explica explícame háblame muéstrame resumen"),
    "Italian": _words("perché quali quanto quanti come parlami spiegami mostrami dimmi"),
    "Portuguese": _words("quais porquê como"),
    "Dutch": _words("hoe welke waarom"),
    "Danish or Norwegian": _words("hvad hva hvordan hvilke hvilken hvorfor"),
    "Swedish": _words("vad hur vilka vilken varför"),
    "Finnish": _words("mikä mitä mitkä miten miksi kuinka"),
    "Polish": _words("jak czym dlaczego jakie które"),
    "Czech": _words("jak proč které jaké kolik"),
    "Croatian, Bosnian or Serbian": _words("kako što šta zašto koji"),
    "Romanian": _words("cum care"),
    "Hungarian": _words("hogyan miért melyik"),
    "Turkish": _words("nasıl neden hangi"),
    "Indonesian": _words("bagaimana mengapa"),
    "Vietnamese": frozenset[str](),
}
