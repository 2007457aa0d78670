"""Measures search and answers on a file of questions: `evaluate` runs them, `figures` sums up, `as_table` prints."""
