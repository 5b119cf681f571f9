"""Trust policies that are not quite what the office gave: another quorum, other groups, keys, forms."""

from __future__ import annotations

import re
from random import Random

from tests.verifier.edits import edited


def policy_variant(chance: Random, content: bytes) -> bytes:
    """A policy with something changed: another quorum, groups, keys, or form."""
    lines = content.split(b"\n")[:-1]
    keys = re.findall(rb"[^ ]+\+[0-9a-f]{8}\+[^ \n]+", content) or [b"x+00000000+AAAA"]
    vkey = chance.choice(keys)
    name, _, rest = vkey.partition(b"+")
    body = [line for line in lines if not line.startswith((b"group", b"quorum"))]
    endings: list[tuple[bytes, ...]] = [
        (b"quorum none",), (b"quorum w0",), (b"quorum w2",), (b"group g all w0 w1 w2", b"quorum g"), (b"group g any w2 w0", b"quorum g"),
        (b"group g 3 w0 w1 w2", b"quorum g"), (b"group g 0 w0", b"quorum g"), (b"group g 2 w0", b"quorum g"),
        (b"group g 02 w0 w1", b"quorum g"),
        (b"group g all w0 w0", b"quorum g"), (b"group g any w0", b"group h any w0", b"quorum g"),
        (b"group g any w0", b"group h all g w1", b"quorum h"),
        (b"quorum g", b"group g any w0"), (b"group w0 any w1", b"quorum w0"), (b"group none any w1", b"quorum none"),
        (b"group g any none", b"quorum g"),
        (b"quorum none", b"quorum none"), (b"quorum",), (b"quorum none x",), (), (b"quorum nobody",), (b"quorum none", b"what is this"),
        (b"\tquorum \t none ",), (b"# quorum", b"", b" \t", b"quorum none"), (b"quorum none", b"constructor x"),
        (b"group g", b"quorum none"),
        (b"group g any", b"quorum none"), (b"group all all w0", b"quorum all"), (b"quorum none\r",), (b"quorum none\x0b",),
        (b"quorum none # no",),
        (b"quorum none", b"#\x7f"), (b"quorum none", b"#\xff"), (b"witness \xff w+00000000+AA", b"quorum none"),
        (b"group \xff any w0", b"quorum \xff"),
        (b"group g +1 w0", b"quorum g"), (b"group g 1_0 w0", b"quorum g"), (b"group g \xd9\xa1 w0", b"quorum g"), (b"Quorum none",),
    ]  # fmt: skip
    other = (
        b"log " + vkey,
        b"witness x " + vkey,
        b"log " + vkey + b" https://x",
        b"log " + vkey + b" a b",
        b"log",
        b"witness x",
        b"log x" + rest,
    )
    bent = (
        vkey[:-1],
        vkey + b"=",
        name + b"+" + rest.upper(),
        b"+" + rest,
        b"a b+" + rest,
        name + b"x+" + rest,
        vkey.replace(b"+A", b"+B"),
    )
    match chance.randrange(6):
        case 0 | 1 | 2:
            lines = [*body, *chance.choice(endings)]
        case 3:
            lines.insert(chance.randrange(len(lines) + 1), chance.choice(other))
        case 4:
            return content.replace(vkey, chance.choice(bent))
        case _:
            return chance.choice([edited(chance, content), content.rstrip(b"\n"), content.replace(b"\n", b"\r\n")])
    return b"".join(line + b"\n" for line in lines)
