"""Reads look-up secrets by FORMATS.md alone, and checks the frozen vectors. Exits 0 when all hold."""

import json
import pathlib
import sys

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KINDS = {"R": "recovery", "N": "invitation"}


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


def main():
    path = pathlib.Path(__file__).parent / "codes" / "forms.json"
    cases = json.loads(path.read_text(encoding="utf-8"))
    wrong = [case for case in cases if read(case["typed"]) != (case["reads"], case.get("canonical"))]
    for case in wrong:
        print("does not hold:", case["typed"], "reads", read(case["typed"]))
    print(f"{len(cases) - len(wrong)} of {len(cases)} hold")
    return 1 if wrong or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
