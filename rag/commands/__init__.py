"""One file a command: `add_arguments` says what it takes, `run` does it and returns the exit code.

These modules are all imported for `--help`: what is slow to import is imported inside `run`.
"""
