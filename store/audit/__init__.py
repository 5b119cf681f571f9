"""What is signed and proven of a log: keys, checkpoints, witnesses, proofs, and copies against each other."""
