"""The tables of the file of conversations. `user_version` is raised with every change of meaning."""

from __future__ import annotations

VERSION = 1

SCHEMA = """
CREATE TABLE conversations (
    conversation_id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,     -- '' for the person at this machine, see rag/page/visitor.py
    name TEXT NOT NULL,      -- '' where it is called by its first question
    created TEXT NOT NULL,   -- ISO time, UTC
    changed TEXT NOT NULL,   -- of the last question
    set_aside TEXT NOT NULL  -- JSON list of paper_ids that shall not stay at hand
);
CREATE INDEX conversations_by_owner ON conversations (owner, changed);

CREATE TABLE exchanges (
    number INTEGER PRIMARY KEY AUTOINCREMENT, -- the order within a conversation
    exchange_id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL,
    question TEXT NOT NULL,
    asked TEXT NOT NULL,     -- ISO time, UTC
    set_aside TEXT NOT NULL, -- JSON list of paper_ids, when it was asked
    searched TEXT NOT NULL,  -- question and answer in small letters
    answer TEXT,             -- JSON, see rag/conversations/answers.py
    problem TEXT,            -- JSON: kind, message, hint
    stopped TEXT,
    feedback TEXT,           -- good or bad
    suggestions TEXT NOT NULL DEFAULT '[]', -- JSON list of questions
    revision INTEGER NOT NULL DEFAULT 0     -- grows with every change
);
CREATE INDEX exchanges_by_conversation ON exchanges (conversation_id, number)
"""
