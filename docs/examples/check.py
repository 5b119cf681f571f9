"""Checks a season's log against receipts, with nothing but Python's standard library and docs/time-and-log.md.

python check.py SEASON.db RECEIPTS
"""

import hashlib
import json
import sqlite3
import sys


def root(hashes: list[bytes]) -> bytes:
    """RFC 6962, 2.1: a tree splits at the largest power of two smaller than its size."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + root(hashes[:split]) + root(hashes[split:])).digest()


database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
leaves = [leaf for (leaf,) in database.execute("SELECT leaf FROM log ORDER BY seq")]
hashes = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]

first = json.loads(leaves[0])
with open(sys.argv[2], encoding="utf-8") as lines:
    receipts = [json.loads(line) for line in lines]
ours = [r for r in receipts if (r["season"], r["origin"]) == (first["season"], first["origin"])]
for receipt in ours:
    seq = receipt["last_seq"]
    if seq > len(leaves):
        sys.exit(f"event {seq} was acknowledged, and the log has only {len(leaves)}")
    if hashes[seq - 1].hex() != receipt["leaf_hash"] or root(hashes[: receipt["size"]]).hex() != receipt["root"]:
        sys.exit(f"up to event {seq} the log is not what was acknowledged")
print(f"{len(leaves)} events agree with {len(ours)} receipts")
