"""Whom to trust about checkpoints, as C2SP tlog-policy writes it: logs, witnesses, a quorum."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ledger.proof.checkpoints import Opened, open_checkpoint, parse_text
from ledger.proof.errors import Unproven
from ledger.proof.keys import COSIGNATURE, ED25519, Key, parse_key
from ledger.proof.notes import parse_note

MOST_BYTES = 100_000
"""More than 32 logs, 32 witnesses and 32 groups need (tlog-policy, "Implementation limits")."""
NONE = b"none"
_FORBIDDEN = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")
_THRESHOLD = re.compile(rb"[1-9][0-9]{0,4}")


class Group(NamedTuple):
    """So many of these witnesses and groups must have cosigned (tlog-policy, "witness group")."""

    least: int
    members: tuple[bytes, ...]


class Policy(NamedTuple):
    """What a policy file says; names are bytes that mean nothing outside of it."""

    logs: tuple[Key, ...]
    witnesses: dict[bytes, Key]
    groups: dict[bytes, Group]
    """In the order of the file: a group names only what stands before it."""
    quorum: bytes

    def open(self, data: bytes, logs: Sequence[Key] = ()) -> Opened:
        """Return a checkpoint that a listed log signed and the quorum cosigned.

        (tlog-policy, "What is a policy?".) ``logs`` are keys known from elsewhere, besides
        those of the file. A log signs for the origin that its key is named for. Raises Unproven.
        """
        origin = parse_text(parse_note(data).text).origin
        own = [key for key in (*self.logs, *logs) if key.name == origin]
        opened = open_checkpoint(data, origin, {*own, *self.witnesses.values()})
        signed = {signer.key for signer in opened.signers}
        if not signed & set(own):
            raise Unproven("policy_log", value=origin)
        met = {name for name, key in self.witnesses.items() if key in signed} | {NONE}
        for name, group in self.groups.items():
            if len(met & set(group.members)) >= group.least:
                met.add(name)
        if self.quorum not in met:
            raise Unproven("policy_quorum", value=_shown(self.quorum))
        return opened


def parse_policy(data: bytes) -> Policy:
    """Return what a policy file says (tlog-policy, "Policy file syntax and structure").

    Raises Unproven with the number of the line that is malformed, names what is not defined
    above it, or says something twice.
    """
    if len(data) > MOST_BYTES:
        raise Unproven("note_long", value=len(data), limit=MOST_BYTES)
    reading = _Reading()
    lines = data.split(b"\n")
    for no, line in enumerate(lines, 1):
        words = line.split()
        if _FORBIDDEN.search(line) or (no == len(lines) and line):
            raise Unproven("policy_line", value=no)
        if words and not words[0].startswith(b"#"):
            try:
                known = reading.take(words)
            except Unproven as wrong:
                raise Unproven("policy_key", value=no, detail=wrong) from wrong
            if not known:
                raise Unproven("policy_line", value=no)
    if reading.quorum is None:
        raise Unproven("policy_no_quorum")
    return Policy(tuple(reading.logs), reading.witnesses, reading.groups, reading.quorum)


class _Reading:
    """A policy as far as it has been read."""

    def __init__(self) -> None:
        self.logs: list[Key] = []
        self.witnesses: dict[bytes, Key] = {}
        self.groups: dict[bytes, Group] = {}
        self.quorum: bytes | None = None
        self._members: set[bytes] = set()

    def take(self, words: list[bytes]) -> bool:
        """Take in one line; False if it is none that can stand there."""
        match words:
            case [b"log", key] | [b"log", key, _]:
                return self._log(_key(key, ED25519, COSIGNATURE))
            case [b"witness", name, key] | [b"witness", name, key, _]:
                return self._is_new(name) and self._witness(name, _key(key, COSIGNATURE))
            case [b"group", name, least, *members]:
                return self._is_new(name) and self._group(name, least, members)
            case [b"quorum", name] if self.quorum is None:
                self.quorum = name
                return not self._is_new(name)
        return False

    def _is_new(self, name: bytes) -> bool:
        return name != NONE and name not in self.witnesses and name not in self.groups

    def _log(self, key: Key) -> bool:
        if any(key.public == other.public for other in self.logs):
            return False
        self.logs.append(key)
        return True

    def _witness(self, name: bytes, key: Key) -> bool:
        if any(key.public == other.public for other in self.witnesses.values()):
            return False
        self.witnesses[name] = key
        return True

    def _group(self, name: bytes, least: bytes, members: list[bytes]) -> bool:
        """Take in a group of which every member is defined and in no other group."""
        count = {b"any": 1, b"all": len(members)}.get(least)
        if count is None:
            count = int(least) if _THRESHOLD.fullmatch(least) else 0
        once = set(members)
        defined = not any(each == NONE or self._is_new(each) for each in members)
        if not defined or len(once) < len(members) or once & self._members:
            return False
        self._members |= once
        self.groups[name] = Group(count, tuple(members))
        return 1 <= count <= len(members)


def _key(line: bytes, *algorithms: int) -> Key:
    try:
        key = parse_key(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise Unproven("key_form") from None
    if key.algorithm not in algorithms:
        raise Unproven("key_algorithm", value=key.algorithm)
    return key


def _shown(name: bytes) -> str:
    return name.decode("utf-8", "replace")
