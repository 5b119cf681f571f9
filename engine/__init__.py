"""The engine: procedures, guards, decisions and their fold. Values in, values out.

Nothing in this package reads a clock, a file, a database or a random number, and nothing prints. What a decision needs to
know is handed to it as a value, so a replay years later gets the same answer.
"""
