"""Finds a Chromium for the browser tests; run as `python -m scripts.chromium` it installs one where there is none.

As root on Debian that is Debian's own package, otherwise Playwright's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The path of a Chromium: CHROMIUM, else one of the system, else Playwright's; None where there is none."""
    named = os.environ.get("CHROMIUM", "")
    if named:
        return shutil.which(named)
    on_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    return on_path or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def install_chromium() -> None:
    """Install a Chromium. Raises CalledProcessError where that fails; the installer has said why."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=True, env=quiet
        )
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def main() -> int:
    """Make sure that there is one; returns the exit code."""
    if find_chromium():
        return 0
    print("Installing Chromium for the browser tests (once) ...", flush=True)
    try:
        install_chromium()
    except subprocess.CalledProcessError as error:
        print(
            f"Chromium could not be installed ({error}); install it, or name one with CHROMIUM=PATH.", file=sys.stderr
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
