"""The public formats of transparency logs: what a stranger's program can read and check without us."""
