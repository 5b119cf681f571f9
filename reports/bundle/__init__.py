"""What lies in every bundle: the verifier, which stands by itself and imports nothing of ours."""
