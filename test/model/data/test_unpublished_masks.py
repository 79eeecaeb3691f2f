"""Splits whose masks only the organisers have: read for submissions, refused for training."""

import json

import numpy as np
import pytest
from PIL import Image

from samwise.data.layouts import DataSet
from samwise.errors import DataError


def write(root, listing, videos, folder) -> None:
    (root / listing).parent.mkdir(parents=True, exist_ok=True)
    (root / listing).write_text(json.dumps({"videos": videos}))
    for name, video in videos.items():
        (root / folder / name).mkdir(parents=True, exist_ok=True)
        for frame in video["frames"]:
            Image.fromarray(np.zeros((8, 10, 3), np.uint8)).save(root / folder / name / f"{frame}.jpg")


def video(*frames: str) -> dict:
    return {"frames": list(frames), "expressions": {"3": {"exp": "The dog."}, "0": {"exp": "a cat"}}}


def test_mevis_without_masks_in_the_order_of_the_listing(tmp_path):
    write(
        tmp_path,
        "valid/meta_expressions.json",
        {"b": video("00005", "00001"), "a": video("00000")},
        "valid/JPEGImages",
    )
    data = DataSet("mevis", str(tmp_path), "valid")
    with pytest.raises(DataError, match=r"mask_dict\.json"):
        data.read()
    b, a = data.read(annotated=False)
    assert (b.name, b.frame_names, a.name) == ("b", ("00005", "00001"), "a")
    assert [(r.key, r.expression, r.annotated) for r in b.referrals] == [
        ("3", "The dog.", False),
        ("0", "a cat", False),
    ]
    with pytest.raises(DataError, match="sentence 3 of video b has no published masks"):
        _ = b.referrals[0].masks[0]


def test_the_videos_of_test_are_not_those_of_valid(tmp_path):
    listed = {"c": video("00000"), "b": video("00010", "00005"), "a": video("00000")}
    write(tmp_path, "meta_expressions/valid/meta_expressions.json", listed, "valid/JPEGImages")
    write(tmp_path, "meta_expressions/test/meta_expressions.json", {"c": video("00000")}, "test/JPEGImages")
    found = DataSet("ref-youtube-vos", str(tmp_path), "valid").read(annotated=False)
    assert [v.name for v in found] == ["a", "b"]
    assert not any(r.annotated for v in found for r in v.referrals)
    assert found[1].frame_names == ("00010", "00005"), "as they are listed"
