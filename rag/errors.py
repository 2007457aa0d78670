"""Everything that can go wrong for a reason a person can mend.

AskPapersError                  says what happened; `hint` says what to do
├── UsageError                  a command or setting cannot be understood         exit code 2
│   └── SettingsError           a value in the environment or .env
├── DumpError                   a given file cannot be read as a dump             exit code 1
├── StoreError                  the store cannot be used                          exit code 3
│   ├── EmptyIndexError         nothing has been ingested yet
│   ├── LockedError             another ingest is writing
│   ├── IndexMismatchError      the index was made with other embeddings
│   ├── DamagedStoreError       the store on disk cannot be read
│   └── UnwritableStoreError    no permission, or no space
├── EmbedderError               the embedding model or endpoint failed            exit code 3
└── ModelError                  the language model's endpoint failed; an extractive answer takes its place
"""


class AskPapersError(Exception):
    """What happened, in one sentence with the values; `hint` says what to do about it."""

    exit_code = 3

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(AskPapersError):
    """A command cannot be understood."""

    exit_code = 2


class SettingsError(UsageError):
    """A value in the environment or in .env cannot be used."""


class DumpError(AskPapersError):
    """A given file cannot be read as a dump."""

    exit_code = 1


class StoreError(AskPapersError):
    """The store cannot be used."""


class EmptyIndexError(StoreError):
    """Nothing has been ingested yet."""


class LockedError(StoreError):
    """Another ingest is writing."""


class IndexMismatchError(StoreError):
    """The index was made with other embeddings than the settings ask for."""


class DamagedStoreError(StoreError):
    """The store on disk cannot be read."""


class UnwritableStoreError(StoreError):
    """The data folder cannot be written: no permission, or no space."""


class EmbedderError(AskPapersError):
    """The embedding model or its endpoint failed."""


class ModelError(AskPapersError):
    """The language model's endpoint failed. `kind` names the fault for tests and for the page's choice of words."""

    def __init__(self, message: str, *, hint: str = "", kind: str = "failed") -> None:
        super().__init__(message, hint=hint)
        self.kind = kind
