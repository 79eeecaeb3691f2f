import pytest

from samwise.errors import ConfigurationError
from samwise.shell.yaml_files import read_yaml


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_aliases_and_merges_are_read(tmp_path):
    text = "a: &a {x: 1, y: 2}\nb: &b\n  <<: *a\n  y: 3\nc:\n  <<: *b\n  y: 4\n"
    assert read_yaml(write(tmp_path / "a.yaml", text), "plan") == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 3},
        "c": {"x": 1, "y": 4},
    }


def test_the_mark_of_windows_editors_is_no_content(tmp_path):
    assert read_yaml(write(tmp_path / "a.yaml", b"\xef\xbb\xbfa: 1\r\n"), "plan") == {"a": 1}


BOMB = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty; give the plan"),
        ("# only a remark\n", "is empty"),
        ("a: 1\nb: 2\na: 3\n", "line 3: 'a' appears twice"),
        ("a:\n  b: 1\n  b: 2\n", "line 3: 'b' appears twice"),
        ("a:\n\tb: 1\n", "line 2: .*indent with spaces"),
        ("a: [1, 2\n", "line 2"),
        ("a: 1\n---\nb: 2\n", "is not YAML"),
        ("a: *nobody\n", "nobody"),
        ("a: !!python/object/apply:os.system [ls]\n", "is not YAML"),
        (b"a: \xff\xfe\n", "is not UTF-8"),
        (b"a: \x00\n", "is not YAML"),
        ("a: &a [*a]\n", "cannot be understood"),
        (BOMB, "more than 100000 values"),
    ],
)
def test_mistakes_are_one_line_with_the_file(tmp_path, content, said):
    with pytest.raises(ConfigurationError, match=said) as refusal:
        read_yaml(write(tmp_path / "odd.yaml", content), "plan")
    assert "odd.yaml" in str(refusal.value) and "\n" not in str(refusal.value)


def test_what_cannot_be_read_is_named(tmp_path):
    for place in (tmp_path, tmp_path / "nowhere.yaml"):
        with pytest.raises(ConfigurationError, match=place.name):
            read_yaml(place, "plan")
