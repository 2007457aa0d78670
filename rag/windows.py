"""Where a text that is longer than a model's window is cut."""

from __future__ import annotations


def cut_windows(count: int, *, room: int, overlap: int) -> list[tuple[int, int]]:
    """Where to cut `count` tokens for a model that reads `room` at once: windows (start, end) of like length.

    What fits is one window; in a longer text neighbours share `overlap` tokens or a few more.
    """
    windows = 1 if count <= room else -(-(count - overlap) // (room - overlap))
    size = -(-(count + overlap * (windows - 1)) // windows)
    starts = [index * (count - size) // max(windows - 1, 1) for index in range(windows)]
    return [(start, start + size) for start in starts]
