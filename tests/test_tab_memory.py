"""rag/page/tab_memory.py: what a tab has chosen comes back to that tab and that visitor alone, for a while."""

from __future__ import annotations

from rag.page.tab_memory import TabMemory


def test_a_tab_finds_what_it_kept_until_it_is_old() -> None:
    now = [0.0]
    memory: TabMemory[str] = TabMemory(lambda: now[0])
    memory.keep("a", "tiny", "me")
    assert memory.find("a", "me") == "tiny"
    assert memory.find("b", "me") is None
    now[0] = 11 * 3600.0
    assert memory.find("a", "me") == "tiny"
    now[0] = 13 * 3600.0
    assert memory.find("b", "me") is None
    assert len(memory) == 0  # whoever looks for anything: keys of old do not lie about
    assert memory.find("a", "me") is None


def test_nobody_else_finds_it() -> None:
    memory: TabMemory[str] = TabMemory()
    memory.keep("a", "tiny", "me")
    assert memory.find("a", "somebody") is None


def test_what_is_forgotten_is_gone() -> None:
    memory: TabMemory[str] = TabMemory()
    memory.keep("a", "tiny", "me")
    memory.forget("a")
    memory.forget("never kept")
    assert memory.find("a", "me") is None


def test_the_longest_unused_goes_when_many_come() -> None:
    memory: TabMemory[int] = TabMemory()
    memory.keep("first", 0, "me")
    memory.keep("second", 0, "me")
    memory.keep("first", 1, "me")
    for number in range(199):
        memory.keep(str(number), number, "me")
    assert memory.find("second", "me") is None
    assert memory.find("first", "me") == 1
