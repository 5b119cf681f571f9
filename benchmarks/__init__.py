"""Measurements of our own; see README.md beside this file. They never run in CI: a busy machine would make them lie."""
