#!/usr/bin/env python3
"""An independent reader of the journal, written from FORMATS.md, "Journal leaf", alone.

    read_journal.py [FILE ...]

Checks vector files (without arguments: journal/*.json beside this script): every case must give what it says it
gives, a failure of exactly its kind included. Exit status: 0 all cases hold, 1 some do not, 2 a file cannot be read
or holds nothing to check. Python 3.9 or later, standard library only.
"""

import hashlib
import hmac
import json
import pathlib
import re
import sys
import uuid

VERSION = 1
LEAF_LENGTH = 81
GREATEST = 2**53 - 1
FACTS_LABEL = b"sallyport/journal/facts/v1"
PERSONS_LABEL = b"sallyport/journal/persons/v1"
KIND = re.compile(r"[a-z0-9.-]{1,64}")
WORD_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class Refused(Exception):
    """Carries the kind of failure, in the words of the document."""


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def commitment(key, label, text):
    return hmac.new(key, label + b"\0" + text.encode("utf-8"), hashlib.sha256).digest()


def leaf_hash(leaf):
    return hashlib.sha256(b"\0" + leaf).digest()


def is_whole(value, least, greatest):
    # In Python a bool is an int; in JSON it is not a number.
    return type(value) is int and least <= value <= greatest


def is_uuid(value):
    try:
        return isinstance(value, str) and str(uuid.UUID(value)) == value
    except ValueError:
        return False


def once(pairs):
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise ValueError("a name comes twice")
    return dict(pairs)


def parse(text, names, failure):
    try:
        value = json.loads(text, object_pairs_hook=once)
        if not isinstance(value, dict) or not is_whole(value.get("v"), 0, 2**64 - 1):
            raise ValueError("no version")
        if value["v"] != VERSION:
            raise Refused("unknown-version")
        if set(value) != names or canonical(value).encode("utf-8") != text.encode("utf-8"):
            raise ValueError("not canonical")
    except (ValueError, RecursionError) as error:
        raise Refused(failure) from error
    return value


def check_facts(facts):
    communities = facts["communities"]
    good = (
        is_whole(facts["at"], -GREATEST, GREATEST)
        and isinstance(facts["kind"], str)
        and KIND.fullmatch(facts["kind"])
        and isinstance(communities, list)
        and all(isinstance(pair, list) and len(pair) == 2 for pair in communities)
        and all(is_uuid(name) and is_whole(number, 1, GREATEST) for name, number in communities)
    )
    if not good:
        raise Refused("facts-malformed")
    names = [name for name, _ in communities]
    if names != sorted(set(names)):
        raise Refused("facts-malformed")


def check_persons(persons):
    words = persons["words"]
    good = (
        all(persons[who] is None or is_uuid(persons[who]) for who in ("actor", "subject"))
        and isinstance(words, dict)
        and all(WORD_NAME.fullmatch(name) and isinstance(value, str) for name, value in words.items())
    )
    if not good:
        raise Refused("persons-malformed")


def read_key(text):
    key = bytes.fromhex(text)
    if len(key) != 32:
        raise Refused("key-malformed")
    return key


def open_entry(workspace, stored):
    """Says "whole" or "erased", or raises Refused with the first check that fails."""
    leaf = bytes.fromhex(stored["leaf"])
    if leaf and leaf[0] != VERSION:
        raise Refused("unknown-version")
    if len(leaf) != LEAF_LENGTH:
        raise Refused("leaf-malformed")
    if leaf[1:17] != uuid.UUID(workspace).bytes:
        raise Refused("other-workspace")

    expected = commitment(read_key(stored["facts_key"]), FACTS_LABEL, stored["facts"])
    if not hmac.compare_digest(leaf[17:49], expected):
        raise Refused("facts-do-not-match")
    check_facts(parse(stored["facts"], {"at", "communities", "kind", "v"}, "facts-malformed"))

    text, key = stored["persons"], stored["persons_key"]
    if text is None and key is None:
        return "erased"
    if text is None or key is None:
        raise Refused("persons-half-erased")
    expected = commitment(read_key(key), PERSONS_LABEL, text)
    if not hmac.compare_digest(leaf[49:], expected):
        raise Refused("persons-do-not-match")
    check_persons(parse(text, {"actor", "subject", "v", "words"}, "persons-malformed"))
    return "whole"


def seal_entry(case):
    """Makes the bytes of an entry from what was decided, or raises Refused."""
    draft = case["draft"]
    numbered = []
    for name in sorted(set(draft["communities"])):
        numbers = [number for community, number in case["sequences"] if community == name]
        if len(numbers) != 1:
            raise Refused("sequence")
        numbered.append([name, numbers[0]])
    if not KIND.fullmatch(draft["kind"]):
        raise Refused("kind")
    if not is_whole(draft["at"], -GREATEST, GREATEST) or not all(is_whole(n, 1, GREATEST) for _, n in numbered):
        raise Refused("number")
    if not all(WORD_NAME.fullmatch(name) for name in draft["words"]):
        raise Refused("word-name")

    facts = canonical({"at": draft["at"], "communities": numbered, "kind": draft["kind"], "v": VERSION})
    persons = canonical(
        {"actor": draft["actor"], "subject": draft["subject"], "v": VERSION, "words": draft["words"]}
    )
    leaf = (
        bytes([VERSION])
        + uuid.UUID(case["workspace"]).bytes
        + commitment(bytes.fromhex(draft["facts_key"]), FACTS_LABEL, facts)
        + commitment(bytes.fromhex(draft["persons_key"]), PERSONS_LABEL, persons)
    )
    return {"facts": facts, "persons": persons, "leaf": leaf.hex(), "leaf_hash": leaf_hash(leaf).hex()}


def run(case):
    """What a case gives, in the form of what it expects."""
    try:
        if "draft" in case:
            return "sealed", seal_entry(case)
        return open_entry(case["workspace"], case), {"leaf_hash": leaf_hash(bytes.fromhex(case["leaf"])).hex()}
    except Refused as refused:
        return str(refused), None


def holds(case):
    found, made = run(case)
    if found != case["expect"]:
        return f"expected {case['expect']}, found {found}"
    if made is None:
        return None
    wanted = case["sealed"] if "draft" in case else {"leaf_hash": case["leaf_hash"]}
    return None if made == wanted else "the bytes differ"


def main(arguments):
    paths = [pathlib.Path(a) for a in arguments] or sorted(pathlib.Path(__file__).parent.glob("journal/*.json"))
    checked = failed = 0
    for path in paths:
        try:
            cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            print(f"{path.name}: cannot be read: {error}", file=sys.stderr)
            return 2
        for case in cases:
            checked += 1
            wrong = holds(case)
            if wrong:
                failed += 1
                print(f"{path.name}: {case['name']}: {wrong}", file=sys.stderr)
    print(f"{checked - failed} of {checked} cases hold")
    if checked == 0:
        return 2
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
