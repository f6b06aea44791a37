"""The search itself: it must find what is planted, or the canary test would prove nothing."""

from __future__ import annotations

import base64
import io
import json
import quopri
import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests.servers.canaries import Search, base64_cores, spelled

WORDS = ["Zephyrine", "crème-brûlée owl", "+1 202-555-0187"]

PLANTED: dict[str, Callable[[str], bytes]] = {
    "as it is": lambda word: word.encode(),
    "lower": lambda word: word.lower().encode(),
    "upper": lambda word: word.upper().encode(),
    "URL": lambda word: quote(word).encode(),
    "form": lambda word: urlencode({"name": word}).encode(),
    "JSON": lambda word: json.dumps({"text": word}).encode(),
    "JSON in JSON": lambda word: json.dumps({"data": json.dumps({"text": word})}).encode(),
    "JSON, readable": lambda word: json.dumps({"text": word}, ensure_ascii=False).encode(),
    "Python": lambda word: repr([word.encode()]).encode(),
    "UTF-16": lambda word: f"so {word}".encode("utf-16"),
    "UTF-16, the other way": lambda word: word.encode("utf-16-be"),
    "hex": lambda word: word.encode().hex().upper().encode(),
}


@pytest.mark.parametrize("form", PLANTED)
@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_found_in_each_form(word: str, form: str) -> None:
    data = b"\x00before " + PLANTED[form](word) + b" after\xff"
    assert {hit.word for hit in Search(WORDS).hits(data, "planted")} == {word}


@pytest.mark.parametrize("before", range(7))
@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_found_in_base64_wherever_it_begins(word: str, before: int) -> None:
    for text in (word, word.lower(), word.upper()):
        data = b"x" * before + text.encode() + b"and so on"
        for encode in (base64.b64encode, base64.urlsafe_b64encode, base64.encodebytes):
            hits = Search(WORDS).hits(encode(data), "planted")
            assert {(hit.word, hit.form) for hit in hits} == {(word, "base64")}


def test_base64_broken_into_lines_is_found() -> None:
    data = base64.encodebytes(b"y" * 50 + b"Zephyrine" + b"z" * 50)
    assert b"\n" in data.strip()
    assert Search(WORDS).hits(data, "planted")


def test_a_file_without_the_words_has_no_hits(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("Zephyr in e, creme brulee, +1 202-555-0188, zephyrin")
    assert Search(WORDS).hits_in_files([tmp_path]) == []


def test_every_form_is_long_enough_to_mean_something() -> None:
    for word in WORDS:
        patterns = set().union(*spelled(word).values(), base64_cores(word))
        assert min(len(pattern) for pattern in patterns) >= 9


def test_files_are_searched_deeply(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "some-Zephyrine.log").write_text("")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        member = tarfile.TarInfo("inside.json")
        member.size = len(b"zephyrine")
        tar.addfile(member, io.BytesIO(b"zephyrine"))
    (tmp_path / "model.tar.gz").write_bytes(packed.getvalue())
    places = {hit.place for hit in Search(WORDS).hits_in_files([tmp_path])}
    assert places == {"the name of some-Zephyrine.log", "model.tar.gz:inside.json"}


def test_what_a_database_forgot_is_found(tmp_path: Path) -> None:
    """Free pages and the write-ahead log hold what no query shows any more."""
    database = sqlite3.connect(tmp_path / "some.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA secure_delete=OFF")
    database.execute("CREATE TABLE told (words TEXT)")
    database.execute("INSERT INTO told VALUES ('crème-brûlée owl')")
    assert {hit.place for hit in Search(WORDS).hits_in_files([tmp_path])} == {"some.db-wal"}
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.execute("DELETE FROM told")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert database.execute("SELECT count(*) FROM told").fetchone() == (0,)
    assert {hit.place for hit in Search(WORDS).hits_in_files([tmp_path])} == {"some.db"}
    database.close()


def test_mails_are_read_as_a_mail_program_shows_them() -> None:
    for encoding, encode in (("quoted-printable", quopri.encodestring), ("base64", base64.encodebytes)):
        body = encode("dear crème-brûlée owl, and so on, for the whole of a line and then some more".encode())
        head = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n".encode()
        assert {hit.word for hit in Search(WORDS).hits_in_mail(head + body, "mail")} == {WORDS[1]}
    head = b"Subject: =?utf-8?q?Zephy?= =?utf-8?q?rine?=\n\nhello"
    assert {hit.word for hit in Search(WORDS).hits_in_mail(head, "mail")} == {"Zephyrine"}
