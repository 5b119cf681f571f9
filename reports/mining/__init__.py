"""The log in the formats that process-mining programs read: XES, OCEL 2.0, and a plain table. See docs/process-mining.md."""
