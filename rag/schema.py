"""The tables of the catalogue, in SQLite's words. `user_version` is raised with every change of meaning."""

from __future__ import annotations

import uuid

from rag.database import Connection

VERSION = 1

SCHEMA = """
-- One row: which generation readers see. `revision` grows with every change that a reader can notice.
CREATE TABLE state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    corpus TEXT NOT NULL,        -- random name of this corpus, so that two of them can share a Chroma server
    generation INTEGER NOT NULL, -- 0: nothing published yet
    revision INTEGER NOT NULL
);

CREATE TABLE generations (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    created TEXT NOT NULL,   -- ISO time, UTC
    passport TEXT NOT NULL,  -- JSON, see rag/passport.py
    chroma_url TEXT NOT NULL, -- '' where Chroma is embedded in the generation's own folder
    collection TEXT NOT NULL -- its name; on a server a slash and the mark of this generation behind it
);

CREATE TABLE papers (
    number INTEGER PRIMARY KEY, -- in the order of arrival
    paper_id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,             -- as shown and searched
    abstract TEXT NOT NULL,
    original_title TEXT NOT NULL,    -- as the dump had them
    original_abstract TEXT NOT NULL,
    abstract_key TEXT NOT NULL,      -- hash of the abstract's letters: finds one paper under two titles
    external_id TEXT,
    arxiv_id TEXT,
    url TEXT,
    authors TEXT NOT NULL,           -- JSON list
    organisation TEXT,
    date TEXT,
    upvotes INTEGER,
    code_urls TEXT NOT NULL,         -- JSON list
    is_summary INTEGER NOT NULL,
    first_run INTEGER NOT NULL,
    changed_run INTEGER NOT NULL
);
CREATE INDEX papers_by_external_id ON papers (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX papers_by_arxiv_id ON papers (arxiv_id) WHERE arxiv_id IS NOT NULL;
CREATE INDEX papers_by_abstract ON papers (abstract_key);

-- Every normalised title under which a paper was seen.
CREATE TABLE names (
    title TEXT NOT NULL, -- in normalise_title's form, or as it is where that is empty
    paper_id TEXT NOT NULL,
    PRIMARY KEY (title, paper_id)
) WITHOUT ROWID;
CREATE INDEX names_by_paper ON names (paper_id);

CREATE TABLE dumps (
    dump INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE, -- absolute; inside archives "archive.zip/member"
    name TEXT NOT NULL,        -- as shown to people
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,     -- bytes
    layout TEXT NOT NULL,
    encoding TEXT NOT NULL,
    notes TEXT NOT NULL,       -- JSON list
    rules TEXT NOT NULL,       -- which version of the reading rules read it
    records INTEGER NOT NULL,
    first_run INTEGER NOT NULL,
    last_run INTEGER NOT NULL, -- the last run that found it in place
    vanished_run INTEGER       -- the first run that looked for it in vain
);

-- Every place where a paper was seen.
CREATE TABLE sightings (
    paper_id TEXT NOT NULL,
    dump INTEGER NOT NULL,
    line INTEGER NOT NULL,
    record TEXT NOT NULL,  -- hash of all that stood there, so that nothing is merged twice
    gone_run INTEGER,      -- the run that no longer found it there
    PRIMARY KEY (paper_id, dump, line)
) WITHOUT ROWID;
CREATE INDEX sightings_by_dump ON sightings (dump, line);
CREATE INDEX sightings_by_record ON sightings (record);

-- Which dump gave which fact of a paper.
CREATE TABLE facts (
    paper_id TEXT NOT NULL,
    fact TEXT NOT NULL,
    dump INTEGER NOT NULL,
    line INTEGER NOT NULL,
    run INTEGER NOT NULL,
    PRIMARY KEY (paper_id, fact)
) WITHOUT ROWID;

CREATE TABLE rejected (
    dump INTEGER NOT NULL,
    line INTEGER NOT NULL,
    reason TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX rejected_by_dump ON rejected (dump);

CREATE TABLE chunks (
    paper_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,     -- characters into the abstract
    stop INTEGER NOT NULL,
    text_key TEXT NOT NULL,     -- hash of the embedded text; the vector's id is "<paper_id>:<text_key>"
    position INTEGER,           -- row of the generation's matrix; NULL while it has no vector yet
    PRIMARY KEY (paper_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX chunks_without_vector ON chunks (paper_id) WHERE position IS NULL;
CREATE INDEX chunks_by_position ON chunks (position) WHERE position IS NOT NULL;

-- The ingest log.
CREATE TABLE runs (
    run INTEGER PRIMARY KEY AUTOINCREMENT,
    started TEXT NOT NULL,     -- ISO time, UTC
    options TEXT NOT NULL,     -- JSON
    generation INTEGER NOT NULL,
    papers_total INTEGER NOT NULL,
    embedded INTEGER NOT NULL,
    vanished INTEGER NOT NULL, -- papers that no dump in place holds since this run
    pruned INTEGER NOT NULL,
    seconds REAL NOT NULL
);
CREATE TABLE run_dumps (
    run INTEGER NOT NULL,
    dump INTEGER NOT NULL,
    records INTEGER NOT NULL,
    new INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    PRIMARY KEY (run, dump)
) WITHOUT ROWID;
CREATE TABLE events (
    run INTEGER NOT NULL,
    dump INTEGER NOT NULL,
    line INTEGER NOT NULL,
    paper_id TEXT NOT NULL,
    kind TEXT NOT NULL,   -- new, changed, duplicate, vanished, pruned
    title TEXT NOT NULL,  -- of that time: the paper may be gone by now
    detail TEXT NOT NULL  -- which facts changed
);
CREATE INDEX events_by_run ON events (run, dump);
"""

# All that the page's list of papers is ordered and filtered by, so that it reads no abstract (see rag/listing.py).
# Made where it is missing: catalogues of before are served without it, more slowly, until the next ingest.
BROWSING = """
CREATE INDEX IF NOT EXISTS papers_to_browse
ON papers (title, date, upvotes, first_run, code_urls, authors, paper_id)
"""


def create_schema(connection: Connection) -> None:
    """Make the tables where there are none."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            for statement in SCHEMA.split(";\n"):
                connection.execute(statement)
            connection.execute("INSERT INTO state VALUES (1, ?, 0, 0)", (uuid.uuid4().hex[:12],))
            connection.execute(f"PRAGMA user_version = {VERSION}")
        if connection.execute("PRAGMA user_version").fetchone()[0] == VERSION:
            connection.execute(BROWSING)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
