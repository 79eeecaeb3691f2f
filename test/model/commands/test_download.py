"""`samwise download` leaves a model that works, or the reason why not; what it has fetched is not lost."""

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import gdown
import pytest
import torch
from file_server import Files, serving
from huggingface_hub.errors import LocalEntryNotFoundError
from small_disks import small_disk  # noqa: F401 - a fixture

from samwise import load
from samwise.checkpoint import save
from samwise.cli import main
from samwise.errors import CheckpointError
from samwise.shell.published import cache_folder, cached, note_of

QUOTA = b"""<!DOCTYPE html><html><head><title>Google Drive - Quota exceeded</title></head>
<body>Sorry, you can't view or download this file at this time. The quota
of downloads is used up.</body></html>"""


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("SAMWISE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def weights(tmp_path, network, tokenizer) -> bytes:
    """A file of ours, which carries its tokenizer: 1.8 MB, more than is read at a time."""
    save(tmp_path / "served.safetensors", network, tokenizer)
    return (tmp_path / "served.safetensors").read_bytes()


@pytest.fixture
def server(weights):
    with serving(Files({"/mevis.pth": weights})) as files:
        yield files


def download(*words: object) -> int:
    return main(["download", *map(str, words)])


def of_its_own(address: str) -> list[str]:
    """The command line of a process that downloads."""
    return [sys.executable, "-m", "samwise.cli", "download", "mevis", "--from", address]


def left_over(cache: Path) -> list[str]:
    return sorted(p.relative_to(cache).parts[0] for p in cache.rglob("*") if p.is_file())


def test_from_then_on_the_name_works_wherever_a_checkpoint_does(server, cache, capsys):
    assert download("mevis", "--from", f"{server.address}/mevis.pth") == 0
    assert load("mevis").unknown_words("the red cat") == ("cat",)
    assert main(["info", "mevis"]) == 0
    assert main(["convert", "mevis", str(cache / "copy.safetensors")]) == 0
    assert cached("mevis").is_relative_to(cache)


def test_the_hash_of_the_download_is_printed_and_stands_beside_the_model(server, weights, capsys):
    assert download("mevis", "--from", f"{server.address}/mevis.pth") == 0
    note = json.loads(note_of("mevis").read_text())
    assert note["sha256"] == hashlib.sha256(weights).hexdigest()
    assert note["sha256"] in capsys.readouterr().out
    assert note["bytes"] == len(weights) and note["source"] == f"{server.address}/mevis.pth"


def test_the_original_is_deleted_unless_it_is_to_be_kept(server, weights, cache):
    assert download("mevis", "--from", f"{server.address}/mevis.pth") == 0
    assert left_over(cache) == ["mevis.json", "mevis.lock", "mevis.safetensors"]
    assert download("mevis", "--from", f"{server.address}/mevis.pth", "--overwrite", "--keep") == 0
    assert (cache / "mevis.original").read_bytes() == weights
    assert left_over(cache) == ["mevis.json", "mevis.lock", "mevis.original", "mevis.safetensors"]


def test_a_file_brought_on_a_stick_stays_there(weights, tmp_path):
    stick = tmp_path / "stick.pth"
    stick.write_bytes(weights)
    assert download("refcoco", "--from", stick) == 0
    assert stick.read_bytes() == weights and load("refcoco")


def test_what_is_here_is_not_fetched_again(server, capsys):
    assert download("mevis", "--from", f"{server.address}/mevis.pth") == 0
    asked = len(server.asked)
    assert download("mevis") == 0 and "--overwrite" in capsys.readouterr().out
    assert len(server.asked) == asked


def test_a_name_that_was_not_downloaded_names_the_command(capsys, tmp_path, monkeypatch):
    with pytest.raises(CheckpointError, match="samwise download mevis"):
        load("mevis")
    assert main(["info", "mevis"]) == 2 and "samwise download mevis" in capsys.readouterr().err
    # A folder with a data set of the same name is not a checkpoint.
    monkeypatch.chdir(tmp_path)
    Path("mevis").mkdir()
    with pytest.raises(CheckpointError, match="samwise download mevis"):
        load("mevis")


def test_a_file_of_the_same_name_is_meant_when_it_is_written_as_a_path(weights, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mevis").write_bytes(weights)
    assert load("./mevis") and load(Path("mevis"))
    assert main(["info", "./mevis"]) == 0


@pytest.mark.slow
def test_a_download_that_breaks_off_goes_on_by_itself(server, weights):
    server.break_after = len(weights) // 3
    assert download("mevis", "--from", f"{server.address}/mevis.pth") == 0
    assert len(server.asked) > 2 and all(asked.startswith("bytes=") for asked in server.asked[1:])


def test_a_network_that_stays_away_costs_nothing_of_what_has_come(server, cache, monkeypatch, capsys):
    monkeypatch.setattr("samwise.checkpoint.fetching.RETRIES", 0)
    server.break_after = 1_000_000
    address = f"{server.address}/mevis.pth"
    assert download("mevis", "--from", address) == 2
    assert "goes on from what has come" in capsys.readouterr().err
    assert server.asked == [""], "it was not begun again"
    (partial,) = (cache / "downloads").rglob("*.part")
    come = partial.stat().st_size
    assert come >= 500_000
    server.break_after = None
    server.asked.clear()
    assert download("mevis", "--from", address) == 0
    assert f"bytes={come}-" in server.asked and load("mevis")


@pytest.mark.slow
def test_a_second_command_goes_on_where_a_killed_one_was(server, weights, cache):
    partial = cache / "downloads"
    server.content["/slow.pth"] = weights
    command = of_its_own(f"{server.address}/slow.pth")
    # Half of it comes, and then nothing more.
    holding = threading.Event()
    server.hold = (len(weights) // 2, holding)
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        end = time.monotonic() + 60
        while not any(p.stat().st_size for p in partial.rglob("*.part")):
            assert time.monotonic() < end and process.poll() is None
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
        holding.set()
    server.hold = None
    server.asked.clear()
    assert subprocess.run(command, check=False).returncode == 0
    assert any(asked.startswith("bytes=") and asked != "bytes=0-" for asked in server.asked)
    assert load("mevis")


def test_a_server_that_gives_no_parts_is_asked_for_the_whole(server, weights, cache):
    server.ranges = False
    address = f"{server.address}/mevis.pth"
    mark = hashlib.sha256(address.encode()).hexdigest()[:12]
    partial = cache / "downloads" / f"mevis-{mark}" / "downloaded12345678.part"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(weights[:1000])
    assert download("mevis", "--from", address) == 0 and load("mevis")


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (QUOTA, "text/html", "quota"),
        (b"", "application/octet-stream", "empty"),
        (b"hello", "text/plain", "text"),
        (b"PK\x03\x04" + bytes(500), "application/zip", "cut off or damaged"),
    ],
)
def test_what_is_no_model_is_named_and_the_next_try_begins_anew(
    server, weights, cache, capsys, content, kind, said
):
    server.content["/mevis.pth"], server.kind = content, kind
    assert download("mevis", "--from", f"{server.address}/mevis.pth") == 2
    assert said in capsys.readouterr().err and not cached("mevis").exists()
    server.content["/mevis.pth"] = weights
    assert download("mevis", "--from", f"{server.address}/mevis.pth") == 0


def test_a_page_that_is_missing_and_a_server_that_is_not_there(server, capsys, monkeypatch):
    monkeypatch.setattr("samwise.checkpoint.fetching.RETRIES", 0)
    assert download("mevis", "--from", f"{server.address}/none.pth") == 2
    assert "404" in capsys.readouterr().err
    assert download("mevis", "--from", "http://127.0.0.1:9/mevis.pth") == 2
    assert "--from" in capsys.readouterr().err
    assert download("mevis", "--from", "nowhere.pth") == 2
    assert "no checkpoint at 'nowhere.pth'" in capsys.readouterr().err


def test_google_drives_answer_to_too_many_is_said_as_such(monkeypatch, capsys):
    def refuse(*_: object, **__: object) -> None:
        raise gdown.exceptions.FileURLRetrievalError("Cannot retrieve the public link of the file.")

    monkeypatch.setattr("gdown.download", refuse)
    assert download("mevis") == 2
    said = capsys.readouterr().err
    assert "Google Drive does not give the file" in said and "tomorrow" in said and "--from" in said


def test_a_model_that_gives_no_numbers_is_refused(tmp_path, make_network, tokenizer, capsys):
    network = make_network()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(1e30)
    save(tmp_path / "broken.safetensors", network, tokenizer)
    assert download("mevis", "--from", tmp_path / "broken.safetensors") == 2
    assert "gives no numbers" in capsys.readouterr().err
    assert not cached("mevis").exists()


def test_too_little_room_is_said_before_the_download(small_disk, server, monkeypatch, capsys):  # noqa: F811
    monkeypatch.setenv("SAMWISE_CACHE", str(small_disk))
    server.content["/mevis.pth"] = bytes(20_000_000)
    assert download("mevis", "--from", f"{server.address}/mevis.pth") == 2
    said = capsys.readouterr().err
    assert "MB are still to come" in said and "SAMWISE_CACHE" in said


def test_a_disk_that_is_full_later_keeps_what_was_downloaded(small_disk, server, monkeypatch, capsys):  # noqa: F811
    # The download fits on three megabytes, but not the converted file beside it.
    monkeypatch.setenv("SAMWISE_CACHE", str(small_disk))
    assert download("mevis", "--from", f"{server.address}/mevis.pth") == 2
    said = capsys.readouterr().err
    assert "No space left" in said and "make room" in said
    assert not cached("mevis").exists() and not list(small_disk.glob("*partial*"))
    assert [p.read_bytes() for p in small_disk.rglob("downloaded")] == [server.content["/mevis.pth"]]


def test_a_cache_that_cannot_be_written_to(tmp_path, monkeypatch, capsys, server):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SAMWISE_CACHE", str(tmp_path / "file" / "cache"))
    assert download("mevis", "--from", f"{server.address}/mevis.pth") == 2
    said = capsys.readouterr().err
    assert "cannot write to" in said and "SAMWISE_CACHE" in said


def test_without_a_tokenizer_the_option_is_named_and_the_download_stays(
    server, tmp_path, network, tokenizer, monkeypatch, capsys
):
    def unreachable(*_: object, **__: object) -> None:
        raise LocalEntryNotFoundError("no network")

    monkeypatch.setattr("samwise.checkpoint.fetching.snapshot_download", unreachable)
    monkeypatch.setattr("samwise.checkpoint.TOKENIZERS", {"roberta": "nobody/has-it"})
    monkeypatch.setattr("samwise.checkpoint.files.TOKENIZERS", {"roberta": "nobody/has-it"})
    save(tmp_path / "without.safetensors", network, None)
    server.content["/mevis.pth"] = (tmp_path / "without.safetensors").read_bytes()
    address = f"{server.address}/mevis.pth"
    assert download("mevis", "--from", address) == 2
    said = capsys.readouterr().err
    assert "'nobody/has-it' cannot be downloaded (no network)" in said and "--tokenizer" in said
    asked = len(server.asked)
    tokenizer._tokenizer.save_pretrained(tmp_path / "tokenizer")
    assert download("mevis", "--from", address, "--tokenizer", tmp_path / "tokenizer") == 0
    # The file itself was here: gdown looks at the answer's head, and takes nothing of it.
    assert len(server.asked) <= asked + 1 and load("mevis")


@pytest.mark.slow
def test_of_two_downloads_at_once_one_fetches_and_the_other_waits(server, weights):
    command = of_its_own(f"{server.address}/mevis.pth")
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = ["".join(process.communicate(timeout=300)) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("sha256" in text for text in said) == 1
    assert sum("is here" in text for text in said) == 1
    assert load("mevis")


def test_the_list_says_what_is_here(server, capsys, cache):
    assert download("mevis", "--from", f"{server.address}/mevis.pth") == 0
    capsys.readouterr()
    assert download("--list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:4]] == ["mevis", "ref-youtube-vos", "refcoco"]
    assert lines[1].endswith("mevis.safetensors") and lines[2].endswith("-")
    assert download() == 2


def test_the_folder_is_the_users_cache_unless_told(monkeypatch):
    monkeypatch.delenv("SAMWISE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache_folder() == Path("/somewhere/samwise")
    monkeypatch.setenv("SAMWISE_CACHE", " ")
    assert cache_folder() == Path("/somewhere/samwise")
    monkeypatch.setenv("HOME", "/home/robot")
    monkeypatch.setenv("SAMWISE_CACHE", "~/models")
    assert cache_folder() == Path("/home/robot/models")
    assert os.environ["HOME"] == "/home/robot"
