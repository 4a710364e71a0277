#!/usr/bin/env python3
"""An independent verifier of exported journals, written from FORMATS.md alone: "Journal tree and checkpoint", "Journal export".

    read_export.py [FILE ...]

Checks vector files (without arguments: exports/*.json beside this script): every case must come to what it says it comes to, by
the kinds of what is wrong. Exit status: 0 all cases hold, 1 some do not, 2 a file cannot be read or holds nothing to check, or a
library is missing. Python 3.9 or later; Ed25519 from python3-cryptography. Single entries are read by read_journal.py.
"""

import base64
import hashlib
import json
import pathlib
import re
import sys
import uuid

from read_journal import Refused, leaf_hash, open_entry

EMPTY = hashlib.sha256(b"").digest()
ENTRY = {"index", "facts", "facts_key", "persons", "persons_key", "leaf", "proof"}


class Unreadable(Exception):
    """A line that is not as the document says."""


def ed25519(key, signature, text):
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        print("python3-cryptography is needed for Ed25519", file=sys.stderr)
        sys.exit(2)
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
        return True
    except InvalidSignature:
        return False


def join(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def tree(leaves):
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    middle = 1 << (len(leaves) - 1).bit_length() - 1
    return join(tree(leaves[:middle]), tree(leaves[middle:]))


def included(root, size, index, leaf, proof):
    """Climbs from the leaf by the definition: which half the leaf is in, from the root down, gives the sides."""
    sides, start, end = [], 0, size
    if not 0 <= index < size:
        return False
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        sides.append(index < middle)
        start, end = (start, middle) if index < middle else (middle, end)
    if len(sides) != len(proof):
        return False
    for is_left, beside in zip(reversed(sides), proof):
        leaf = join(leaf, beside) if is_left else join(beside, leaf)
    return leaf == root


def consistent(old_root, old, new_root, new, proof):
    """SUBPROOF of RFC 9162, read backwards: gives both roots, or nothing."""
    if old == 0:
        return not proof and old_root == EMPTY
    if old == new:
        return not proof and old_root == new_root
    proof = list(proof)

    def roots(m, n, complete):
        if m == n:
            one = old_root if complete else proof.pop(0)
            return one, one
        k = 1 << (n - 1).bit_length() - 1
        if m <= k:
            older, newer = roots(m, k, complete)
            return older, join(newer, proof.pop(0))
        older, newer = roots(m - k, n - k, False)
        left = proof.pop(0)
        return join(left, older), join(left, newer)

    try:
        return roots(old, new, True) == (old_root, new_root) and not proof
    except IndexError:
        return False


def read_key(text):
    name, number, key = text.split("+", 2)
    key = base64.b64decode(key, validate=True)
    digest = hashlib.sha256(name.encode() + b"\n" + key).digest()
    if key[0] != 1 or len(key) != 33 or digest[:4].hex() != number:
        raise ValueError("not a public key")
    return name, digest[:4], key[1:]


def read_checkpoint(note, keys):
    """Gives origin, size and root, or None where the note is not believed."""
    text, empty, signatures = note.rpartition("\n\n")
    if not empty or not signatures.endswith("\n"):
        return None
    text += "\n"
    signer = None
    for line in signatures[:-1].split("\n"):
        match = re.fullmatch("\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)", line)
        if not match:
            return None
        blob = base64.b64decode(match[2])
        for name, number, key in keys:
            if (name, number) == (match[1], blob[:4]):
                if not ed25519(key, blob[4:], text.encode()):
                    return None
                signer = name
    lines = text.split("\n")
    if signer is None or len(lines) < 4 or lines[0] != signer or not re.fullmatch("0|[1-9][0-9]*", lines[1]):
        return None
    root = base64.b64decode(lines[2])
    return (lines[0], int(lines[1]), root) if len(root) == 32 else None


def hashes(texts):
    found = [base64.b64decode(text, validate=True) for text in texts]
    if any(len(one) != 32 for one in found):
        raise Unreadable
    return found


def raw(line, name):
    """The exact text of an entry's half: it is canonical JSON, so writing it again gives it back."""
    value = line.get(name)
    if value is None:
        return None
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def asked_for(part, facts, persons):
    person = part.get("person")
    if person is not None and persons is not None and person not in (persons["actor"], persons["subject"]):
        return False
    return not (facts["at"] < part.get("from", facts["at"]) or facts["at"] >= part.get("until", facts["at"] + 1))


def ranges(text):
    for one in text.split(","):
        first, _, last = one.partition("-")
        yield from range(int(first), int(last or first) + 1)


class Reading:
    """What was read of a file so far."""

    def __init__(self, header, checkpoint):
        self.header, self.checkpoint, self.part = header, checkpoint, header.get("part")
        self.wrong, self.leaves, self.last, self.entries = set(), [], -1, 0
        self.sequences, self.erased, self.declared, self.end = {}, [], set(), None

    def line(self, line):
        if self.end is not None:
            raise Unreadable
        if set(line) == {"end"}:
            self.end = line["end"]
            return
        index = line.get("index")
        if not isinstance(index, int) or not (set(line) <= ENTRY or (set(line) == {"index", "hash"} and self.part is None)):
            raise Unreadable
        if index <= self.last or (self.part is None and index != self.last + 1):
            self.wrong.add("out-of-order")
        self.last, self.entries = index, self.entries + 1
        if "hash" in line:
            self.leaves += hashes([line["hash"]])
            return
        leaf = base64.b64decode(line["leaf"])
        self.words(index, line, leaf)
        if (self.part is None) == ("proof" in line):
            raise Unreadable
        if self.part is None:
            self.leaves.append(leaf_hash(leaf))
        elif self.checkpoint and not included(self.checkpoint[2], self.checkpoint[1], index, leaf_hash(leaf), hashes(line["proof"])):
            self.wrong.add("proof")

    def words(self, index, line, leaf):
        stored = {"leaf": leaf.hex(), "facts": raw(line, "facts"), "persons": raw(line, "persons"), "persons_key": None}
        for name in ("facts_key", "persons_key"):
            if name in line:
                stored[name] = base64.b64decode(line[name]).hex()
        try:
            said = open_entry(self.header["workspace"], stored)
        except Refused:
            self.wrong.add("entry")
            return
        facts, persons = line["facts"], line.get("persons")
        if said == "erased":
            self.erased.append(index)
        elif facts["kind"] == "person.erased":
            self.declared.update(ranges(persons["words"].get("entries", "")))
        if self.part is not None:
            if not asked_for(self.part, facts, persons):
                self.wrong.add("unasked")
            return
        whole = self.header.get("communities")
        for community, sequence in facts["communities"]:
            if whole is None or community in whole:
                if sequence != self.sequences.get(community, 0) + 1:
                    self.wrong.add("gap")
                self.sequences[community] = sequence

    def finish(self, keys, kept):
        if self.end is None:
            self.wrong.add("cut-short")
        elif self.end != self.entries:
            self.wrong.add("count")
        if self.checkpoint is None:
            return
        _, size, root = self.checkpoint
        if self.part is None:
            if len(self.leaves) != size:
                self.wrong.add("length")
            elif tree(self.leaves) != root:
                self.wrong.add("root")
            if set(self.erased) - self.declared:
                self.wrong.add("undeclared")
        given = self.header.get("earlier")
        for note in dict.fromkeys(kept + ([given["checkpoint"]] if given else [])):
            _, old, old_root = read_checkpoint(note, keys)
            if old > size:
                self.wrong.add("rolled-back")
            elif given and given["checkpoint"] == note:
                if not consistent(old_root, old, root, size, hashes(given["consistency"])):
                    self.wrong.add("rewritten")
            elif self.part is None or old in (0, size):
                begins = tree(self.leaves[:old]) if self.part is None else (root if old else EMPTY)
                if begins != old_root:
                    self.wrong.add("rewritten")
            else:
                self.wrong.add("no-consistency")


def verify(case):
    keys = [read_key(key) for key in case["keys"]]
    lines = case["file"].split("\n")[:-1]
    try:
        header = json.loads(lines[0])
        if header["format"] != "sallyport-journal":
            return {"not-an-export"}
        uuid.UUID(header["workspace"])
    except (IndexError, KeyError, ValueError):
        return {"not-an-export"}
    if header["v"] != 1:
        return {"newer-version"}
    reading = Reading(header, read_checkpoint(header["checkpoint"], keys))
    if reading.checkpoint is None:
        reading.wrong.add("checkpoint")
    try:
        for line in lines[1:]:
            reading.line(json.loads(line))
    except (Unreadable, KeyError, TypeError, ValueError):
        return reading.wrong | {"line"}
    reading.finish(keys, case["kept"])
    return reading.wrong


def check(path):
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    wrong = 0
    for case in cases:
        found = sorted(verify(case))
        if found != case["expect"]:
            wrong += 1
            print(f"{path.name}: {case['name']}: {found}, not {case['expect']}", file=sys.stderr)
    return len(cases), wrong


def main():
    paths = [pathlib.Path(name) for name in sys.argv[1:]] or sorted((pathlib.Path(__file__).parent / "exports").glob("*.json"))
    try:
        results = [check(path) for path in paths]
    except (OSError, KeyError, ValueError) as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return 2
    if not sum(count for count, _ in results):
        print("there is nothing to check", file=sys.stderr)
        return 2
    return 1 if any(wrong for _, wrong in results) else 0


if __name__ == "__main__":
    sys.exit(main())
