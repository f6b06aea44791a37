"""What is looked at before and while the program starts."""

import socket
from pathlib import Path

import pytest

from bot.supervisor import StackError, checks, running_url
from bot.supervisor.children import LOG_LIMIT, LogFile
from bot.supervisor.places import private_folder
from bot.supervisor.stack import _lock


def test_a_taken_port_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StackError, match=f"Port {port} is already taken by another program"):
            checks.check_port_is_free("127.0.0.1", port)
    checks.check_port_is_free("127.0.0.1", port)


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(StackError, match=r"HOST=192\.0\.2\.1 is not an address of this machine"):
        checks.check_port_is_free("192.0.2.1", checks.free_port())


def test_a_home_is_held_by_one_program(tmp_path: Path) -> None:
    assert running_url(tmp_path) is None
    held = _lock(tmp_path)
    held.write('{"url": "http://127.0.0.1:8080/"}')
    held.flush()
    assert running_url(tmp_path) == "http://127.0.0.1:8080/"
    with pytest.raises(
        StackError, match=r"already running in .* at http://127\.0\.0\.1:8080/; stop it first"
    ):
        _lock(tmp_path)
    held.close()
    # What a killed program left behind is nobody's address.
    assert running_url(tmp_path) is None
    _lock(tmp_path).close()


def test_a_log_file_stays_small(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "web.log")
    line = b"x" * 999 + b"\n"
    for _ in range(3 * LOG_LIMIT // len(line)):
        log.write(line)
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert set(sizes) == {"web.log", "web.log.1"}
    assert max(sizes.values()) <= LOG_LIMIT + 2 * len(line)


def test_nobody_answers_on_a_free_port() -> None:
    port = checks.free_port()
    assert not checks.port_answers(port)
    assert not checks.answers(f"http://127.0.0.1:{port}/")
    assert checks.real_turn(f"http://127.0.0.1:{port}", "sqlite://") == "Rasa is not up"


def test_a_private_folder_is_private_even_if_it_was_there_before(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir(mode=0o755)
    assert private_folder(folder).stat().st_mode & 0o777 == 0o700
