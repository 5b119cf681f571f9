"""Decisions, by kind of command. `engine.decide` is the way in."""
