"""What people see: words in their language, tables, and the JSON shapes that programs read.

Everything here is made from values of the engine (answers, verdicts, refusals); nothing here decides. The words themselves lie in
`locale/`, under codes (`reports.catalogue`).
"""
