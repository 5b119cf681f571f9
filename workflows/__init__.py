"""Procedures, plans, seasons and scenarios as TOML, and what turns those files into the engine's values.

A person writes these files, so a mistake in one is never the first of a row: all of them are collected, each with its file, its
key path, and a guess. No sentences here: a mistake is a code and typed fields; the words are made in `reports`.
"""
