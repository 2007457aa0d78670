"""Tests; a package so that they can share the fake server and the guard."""
