"""The file of conversations: SQLite beside the index, written so that a kill loses nothing and several may write.

A question is on disk before it is answered, an answer as soon as it is whole. Each call opens the file anew: tabs,
processes and a data folder that was moved meanwhile do not get into each other's way.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.conversations.answers import read_answer, write_answer
from rag.conversations.kept import Feedback, KeptConversation, KeptExchange, Problem
from rag.conversations.schema import SCHEMA, VERSION
from rag.corpus import Answer
from rag.database import Connection, open_database, open_to_read, store_errors
from rag.errors import DamagedStoreError, UsageError
from rag.redaction import hide_keys

FILE = "conversations.sqlite"
_LISTED = """
SELECT c.conversation_id, c.name, c.owner, c.created, c.changed, c.set_aside, count(e.number),
       (SELECT question FROM exchanges f WHERE f.conversation_id = c.conversation_id ORDER BY number LIMIT 1)
FROM conversations c LEFT JOIN exchanges e ON e.conversation_id = c.conversation_id
"""
_EXCHANGE = """
SELECT exchange_id, question, asked, set_aside, answer, problem, stopped, feedback, suggestions, revision
FROM exchanges
"""


def new_id() -> str:
    """A name that nobody guesses: 80 random bits."""
    return secrets.token_hex(10)


class Conversations:
    """All conversations of a data folder. Threads and processes may share it. All methods raise StoreError."""

    def __init__(self, data_dir: Path, *, keys: Sequence[str] = ()) -> None:
        """Nothing is opened or made yet. `keys` are hidden in whatever is written."""
        self.path = data_dir / FILE
        self._keys = tuple(key for key in keys if key)

    def add_question(
        self, conversation_id: str, exchange_id: str, question: str, *, owner: str = "", set_aside: Sequence[str] = ()
    ) -> None:
        """Keep a question before it is answered; the first one begins its conversation."""
        now = _now()
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO conversations VALUES (?, ?, '', ?, ?, '[]')"
                " ON CONFLICT (conversation_id) DO UPDATE SET changed = excluded.changed",
                (conversation_id, owner, now, now),
            )
            asked = hide_keys(_clean(question), self._keys)
            connection.execute(
                "INSERT INTO exchanges (exchange_id, conversation_id, question, asked, set_aside, searched)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (exchange_id, conversation_id, asked, now, json.dumps(list(set_aside)), asked.casefold()),
            )

    def add_answer(self, exchange_id: str, answer: Answer) -> None:
        """Keep the answer to a question, in place of one that it had; what was thought of that goes with it."""
        searched = hide_keys(_clean(f"{answer.question}\n{answer.text}"), self._keys).casefold()
        self._change(
            exchange_id, answer=write_answer(answer, self._keys), searched=searched, problem=None, stopped=None,
            feedback=None, suggestions="[]",
        )  # fmt: skip

    def add_problem(self, exchange_id: str, problem: Problem) -> None:
        """Keep why there is no answer, or no new one in place of the one that it has."""
        said = {
            "kind": problem.kind,
            "message": hide_keys(problem.message, self._keys),
            "hint": hide_keys(problem.hint, self._keys),
        }
        self._change(exchange_id, problem=json.dumps(said), stopped=None)

    def add_stopped(self, exchange_id: str, text: str) -> None:
        """Keep the text so far of an answer that the reader stopped."""
        self._change(exchange_id, stopped=hide_keys(_clean(text), self._keys), problem=None)

    def add_feedback(self, exchange_id: str, feedback: Feedback | None) -> None:
        """Keep what the reader thinks of an answer."""
        self._change(exchange_id, feedback=feedback)

    def add_suggestions(self, exchange_id: str, suggestions: Sequence[str]) -> None:
        """Keep questions that may follow."""
        self._change(exchange_id, suggestions=json.dumps(list(suggestions)))

    def rename(self, conversation_id: str, name: str) -> None:
        """Call it `name`; an empty one stands for its first question."""
        with self._writing() as connection:
            values = (hide_keys(" ".join(_clean(name).split()), self._keys), conversation_id)
            connection.execute("UPDATE conversations SET name = ? WHERE conversation_id = ?", values)

    def set_aside(self, conversation_id: str, paper_ids: Sequence[str]) -> None:
        """Papers that shall no longer stay at hand."""
        with self._writing() as connection:
            values = (json.dumps(list(paper_ids)), conversation_id)
            connection.execute("UPDATE conversations SET set_aside = ? WHERE conversation_id = ?", values)

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation with all that was said in it, for good."""
        with self._writing() as connection:
            connection.execute("DELETE FROM exchanges WHERE conversation_id = ?", (conversation_id,))
            connection.execute("DELETE FROM conversations WHERE conversation_id = ?", (conversation_id,))

    def listed(self, *, owner: str | None = None, words: str = "", limit: int = 200) -> list[KeptConversation]:
        """Conversations, the last changed first; of one owner, and those alone that hold all of `words` somewhere."""
        conditions, values = ["TRUE"], []
        if owner is not None:
            conditions.append("c.owner = ?")
            values.append(owner)
        for word in words.casefold().split():
            conditions.append(
                "(instr(folded(c.name), ?) OR EXISTS (SELECT 1 FROM exchanges s"
                " WHERE s.conversation_id = c.conversation_id AND instr(s.searched, ?)))"
            )
            values += [word, word]
        query = f"{_LISTED} WHERE {' AND '.join(conditions)} GROUP BY c.conversation_id ORDER BY c.changed DESC LIMIT ?"
        with self._reading() as connection:
            if connection is None:
                return []
            return [_conversation(row) for row in connection.execute(query, (*values, limit))]

    def conversation(self, conversation_id: str) -> KeptConversation | None:
        """One conversation; None where there is none of this id."""
        with self._reading() as connection:
            if connection is None:
                return None
            query = f"{_LISTED} WHERE c.conversation_id = ? GROUP BY c.conversation_id"
            row = connection.execute(query, (conversation_id,)).fetchone()
        return _conversation(row) if row else None

    def find(self, beginning: str) -> KeptConversation:
        """The conversation whose id begins so. Raises UsageError where there is none, or more than one."""
        ids = [each.conversation_id for each in self.listed(limit=-1)]
        found = [each for each in ids if each.startswith(beginning)] if beginning else []
        kept = self.conversation(found[0]) if len(found) == 1 else None
        if kept is None:
            what = f"{len(found)} conversations begin with" if found else "There is no conversation"
            raise UsageError(f"{what} {beginning}.", hint="`python -m rag conversations` lists them.")
        return kept

    def exchanges(self, conversation_id: str) -> list[KeptExchange]:
        """All that was asked and answered, in its order."""
        with self._reading() as connection:
            if connection is None:
                return []
            rows = connection.execute(f"{_EXCHANGE} WHERE conversation_id = ? ORDER BY number", (conversation_id,))
            return [_exchange(row) for row in rows]

    def exchange(self, exchange_id: str) -> KeptExchange | None:
        """One exchange; None where there is none of this id."""
        with self._reading() as connection:
            if connection is None:
                return None
            row = connection.execute(f"{_EXCHANGE} WHERE exchange_id = ?", (exchange_id,)).fetchone()
        return _exchange(row) if row else None

    def revisions(self, conversation_id: str) -> dict[str, int]:
        """exchange_id -> revision, in the order of the conversation: tells what another tab changed."""
        with self._reading() as connection:
            if connection is None:
                return {}
            query = "SELECT exchange_id, revision FROM exchanges WHERE conversation_id = ? ORDER BY number"
            return dict(connection.execute(query, (conversation_id,)).fetchall())

    def _change(self, exchange_id: str, **values: object) -> None:
        """Set columns of one exchange; one that was deleted meanwhile stays deleted."""
        columns = ", ".join(f"{name} = ?" for name in values)
        with self._writing() as connection:
            changes = f"{columns}, revision = revision + 1"
            query = f"UPDATE exchanges SET {changes} WHERE exchange_id = ?"  # noqa: S608 - our own keywords, above
            connection.execute(query, (*values.values(), exchange_id))

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that is on disk when it ends."""
        with self._errors():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)  # what people ask is theirs alone
            with closing(open_database(self.path)) as connection:
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("BEGIN IMMEDIATE")
                try:
                    self._prepare(connection)
                    yield connection
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")

    @contextmanager
    def _reading(self) -> Iterator[Connection | None]:
        """A connection to read with; None where nothing has been kept yet."""
        if not self.path.is_file():
            yield None
            return
        with self._errors(), closing(open_to_read(self.path)) as connection:
            connection.create_function("folded", 1, str.casefold, deterministic=True)
            yield connection if self._version(connection) else None

    def _prepare(self, connection: Connection) -> None:
        if not self._version(connection):
            for statement in SCHEMA.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")

    def _version(self, connection: Connection) -> int:
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if found not in (0, VERSION):
            raise DamagedStoreError(
                f"{self.path} is of another version of AskPapers ({found} instead of {VERSION}).",
                hint="Update AskPapers; moved aside, it would be out of sight."
                if found > VERSION
                else "Move it aside; conversations begin anew, and the papers stay.",
            )
        return found

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            with store_errors(self.path):
                yield
        except DamagedStoreError as error:
            if "damaged" not in error.message:
                raise
            raise DamagedStoreError(
                error.message, hint="Move it aside; conversations begin anew, and the papers stay."
            ) from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _clean(text: str) -> str:
    """Without half surrogate pairs, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _conversation(row: Sequence[Any]) -> KeptConversation:
    conversation_id, name, owner, created, changed, set_aside, exchanges, first = row
    return KeptConversation(
        conversation_id=conversation_id,
        name=name or first or "",
        renamed=bool(name),
        owner=owner,
        created=created,
        changed=changed,
        exchanges=exchanges,
        set_aside=tuple(json.loads(set_aside)),
    )


def _exchange(row: Sequence[Any]) -> KeptExchange:
    exchange_id, question, asked, set_aside, text, said, stopped, feedback, suggestions, revision = row
    answer, problem = None, Problem(**json.loads(said)) if said else None
    try:
        answer = read_answer(text) if text else None
    except DamagedStoreError as error:  # the rest of the conversation can still be read
        problem = Problem(type(error).__name__, error.message, error.hint)
    return KeptExchange(
        exchange_id=exchange_id,
        question=question,
        asked=asked,
        set_aside=tuple(json.loads(set_aside)),
        answer=answer,
        problem=problem,
        stopped=stopped,
        feedback=feedback,
        suggestions=tuple(json.loads(suggestions)),
        revision=revision,
    )
