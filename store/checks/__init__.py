"""What `verify` checks, one module a subject. Each takes the log row by row and remembers units, never events."""
