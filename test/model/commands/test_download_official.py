"""The whole way of an official file, in its size and form: from two servers to a mask, then without any."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
import weights
from file_server import Files, serving

from samwise.text.tokenizer import Tokenizer, word_level

pytestmark = pytest.mark.slow

KEYS = Path(weights.__file__).with_name("state_dict_keys_tiny.tsv")
COMMIT = "0123456789abcdef0123456789abcdef01234567"
HUB = "/roberta-base/resolve/" + COMMIT


def official_file(path: Path) -> None:
    """What the training scripts save, with values that are made and not learned."""
    state = {name: torch.from_numpy(value) for name, value in weights.build(KEYS)}
    args = argparse.Namespace(HSA=True, use_cme_head=True, dataset_file="mevis", sam2_version="tiny")
    content = {"model": state, "optimizer": {}, "lr_scheduler": {}, "epoch": 0, "args": args}
    torch.save(content, path, _use_new_zipfile_serialization=False)


def hub(folder: Path) -> dict[str, bytes]:
    """The Hugging Face Hub, as far as it is asked for RoBERTa's tokenizer; this one knows four words."""
    tokenizer = Tokenizer.from_json(word_level(["the", "dog", "that", "runs"]).to_str(), 64)
    tokenizer._tokenizer.save_pretrained(folder)
    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    listing = [{"type": "file", "path": name, "size": len(data), "oid": name} for name, data in files.items()]
    model = {"id": "roberta-base", "sha": COMMIT, "siblings": [{"rfilename": name} for name in files]}
    return {
        "/api/models/roberta-base": json.dumps(model).encode(),
        "/api/models/roberta-base/revision/main": json.dumps(model).encode(),
        f"/api/models/roberta-base/tree/{COMMIT}": json.dumps(listing).encode(),
        **{f"{HUB}/{name}": data for name, data in files.items()},
    }


def samwise(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "samwise.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, check=False)


def test_from_the_servers_to_a_mask(tmp_path):
    official_file(tmp_path / "final_model_mevis.pth")
    home = {"SAMWISE_CACHE": str(tmp_path / "cache"), "HF_HOME": str(tmp_path / "hub")}
    content = hub(tmp_path / "tokenizer") | {"/mevis.pth": (tmp_path / "final_model_mevis.pth").read_bytes()}
    with serving(Files(content, headers={"X-Repo-Commit": COMMIT})) as server:
        address = f"{server.address}/mevis.pth"
        fetched = samwise("download", "mevis", "--from", address, HF_ENDPOINT=server.address, **home)
    assert fetched.returncode == 0, fetched.stderr
    # From here on both servers are gone, and so is the cache of the hub.
    home["HF_HOME"] = str(tmp_path / "empty")
    cv2.imwrite(str(tmp_path / "frame.png"), np.zeros((120, 160, 3), np.uint8))
    followed = samwise(
        "segment", tmp_path / "frame.png", "the dog", "--checkpoint", "mevis", "--out", tmp_path / "out",
        "--no-overlay", **home,
    )  # fmt: skip
    assert followed.returncode == 0, followed.stderr
    told = samwise("info", "mevis", **home)
    assert "dataset_file: mevis" in told.stdout and "tokenizer: embedded" in told.stdout
