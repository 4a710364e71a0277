#!/usr/bin/env python3
"""An independent reader of look-up secrets, written from FORMATS.md alone.

    read_codes.py [FILE ...]

Checks vector files (without arguments: codes/*.json beside this script). Exit status: 0 all cases hold, 1 some do not,
2 a file cannot be read or holds nothing to check. Python 3.9 or later, standard library only.
"""

import json
import pathlib
import sys

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KINDS = {"R": "recovery", "N": "invitation", "P": "password", "K": "kit", "M": "moving", "D": "pairing", "G": "granted", "H": "handed-over"}


def times(a, b):
    product = 0
    for bit in range(5):
        if b >> bit & 1:
            product ^= a << bit
    for top in range(9, 4, -1):
        if product >> top & 1:
            product ^= 0b100101 << (top - 5)
    return product


def power(exponent):
    value = 1
    for _ in range(exponent):
        value = times(value, 2)
    return value


def read(text):
    """The kind and the canonical form, or the failure."""
    symbols = [c for c in text if not c.isspace() and c not in "-_\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212"]
    if not symbols:
        return "empty", None
    if len(symbols) == 6 and all(c in "0123456789" for c in symbols):
        return "authenticator", "".join(symbols)
    if len(symbols) not in (15, 25):
        return "length", None
    folded = [{"O": "0", "I": "1", "L": "1"}.get(c.upper(), c.upper()) if c.isascii() else c for c in symbols]
    if any(c not in ALPHABET for c in folded):
        return "mistyped", None
    values = [ALPHABET.index(c) for c in folded]
    total = 0
    for i, value in enumerate(values):
        total ^= times(power(len(values) - 1 - i), value)
    if total:
        return "mistyped", None
    kind = "backup" if len(values) == 15 else KINDS.get(folded[0])
    return (kind, "".join(folded)) if kind else ("mistyped", None)


def main(arguments):
    paths = [pathlib.Path(a) for a in arguments] or sorted(pathlib.Path(__file__).parent.glob("codes/*.json"))
    checked = failed = 0
    for path in paths:
        try:
            cases = [(case["typed"], (case["reads"], case.get("canonical"))) for case in json.loads(path.read_text(encoding="utf-8"))]
        except (OSError, ValueError, KeyError, TypeError) as error:
            print(f"{path.name}: cannot be read: {error}", file=sys.stderr)
            return 2
        wrong = [(typed, read(typed)) for typed, expected in cases if read(typed) != expected]
        for typed, found in wrong:
            print(f"{path.name}: {typed}: reads as {found}", file=sys.stderr)
        checked += len(cases)
        failed += len(wrong)
    print(f"{checked - failed} of {checked} cases hold")
    if checked == 0:
        return 2
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
