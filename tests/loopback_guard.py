"""Notices every attempt of Python code to reach another machine, through the interpreter's audit events.

Names under .invalid are let through: no name server knows them (RFC 6761), and tests use them for "no such host".
Set ASKPAPERS_GUARD=exit to end the process at the first attempt; `python -m tests.loopback_guard MODULE ...` does
so and runs a module like `python -m` does.
"""

from __future__ import annotations

import ipaddress
import os
import runpy
import sys

EXIT_CODE = 97  # of a guarded process that tried to leave this machine

attempts: list[str] = []  # what was tried, in order; for the process that installed the guard


def is_local(host: object) -> bool:
    """True for loopback addresses, this machine's own names, and no host at all."""
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    if (
        not isinstance(host, str)
        or host in {"", "localhost", "ip6-localhost"}
        or host.endswith((".localhost", ".invalid"))
    ):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        target = address[0] if isinstance(address, tuple) and address else ""  # a Unix socket's address is a path
    elif event == "socket.getaddrinfo":
        target = arguments[0]
    else:
        return
    if is_local(target):
        return
    attempts.append(f"{event} {target!r}")
    if os.environ.get("ASKPAPERS_GUARD") == "exit":
        sys.stderr.write(f"{event} to {target!r} would leave this machine\n")
        sys.stderr.flush()
        os._exit(EXIT_CODE)
    message = f"a test tried to leave this machine: {attempts[-1]}"
    raise ConnectionRefusedError(message)


def install() -> None:
    """Watch this process from now on; an audit hook cannot be taken away again."""
    sys.addaudithook(_watch)


if __name__ == "__main__":
    os.environ["ASKPAPERS_GUARD"] = "exit"
    install()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
