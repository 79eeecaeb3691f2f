import pytest

from samwise.errors import CheckpointError, ExpressionError
from samwise.text.tokenizer import Tokenizer


def test_case_and_punctuation_do_not_matter(tokenizer):
    plain, _ = tokenizer.encode(["the red car"])
    fancy, _ = tokenizer.encode(["The RED, car!"])
    assert plain.tolist() == fancy.tolist()
    assert plain[0, 0] == 0 and plain[0, -1] == 2


def test_padding_marks_the_shorter_sentence(tokenizer):
    ids, padding = tokenizer.encode(["the red car", "dog"])
    assert ids.shape == padding.shape == (2, 5)
    assert padding.tolist() == [[False] * 5, [False] * 3 + [True] * 2]


def test_unknown_words_are_named_once(tokenizer):
    assert tokenizer.unknown_words("the purple car, the Purple zeppelin") == ("purple", "Purple", "zeppelin")
    assert tokenizer.unknown_words("The red car!") == ()


@pytest.mark.parametrize("blank", ["", "  ", "!!!", "🚗"])
def test_a_sentence_that_names_nothing(tokenizer, blank):
    with pytest.raises(ExpressionError, match="is blank"):
        tokenizer.encode(["the red car", blank])


def test_too_many_tokens(tokenizer):
    with pytest.raises(ExpressionError, match=r"42 tokens.*16"):
        tokenizer.encode(["car " * 40])


def test_absent_tokenizer_says_where_to_get_it(tmp_path):
    with pytest.raises(CheckpointError, match=r"tokenizer\.json"):
        Tokenizer.from_pretrained(tmp_path / "nothing", 16)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "has no tokenizer.json"),
        ({"vocab.json": "{}"}, "has no tokenizer.json"),
        ({"tokenizer.json": "{not json"}, "is damaged"),
        ({"tokenizer.json": "{}"}, "is damaged"),
        ({"tokenizer.json": "[]"}, "is damaged"),
        ({"tokenizer.json": "{}", "tokenizer_config.json": "{"}, "is damaged"),
    ],
)
def test_a_folder_without_a_usable_tokenizer_is_told(tmp_path, files, told):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(CheckpointError, match=told) as error:
        Tokenizer.from_pretrained(tmp_path, 16)
    # Nobody can download a folder.
    assert "hf download" not in str(error.value) and "\n" not in str(error.value)


def test_code_in_a_folder_is_neither_run_nor_asked_about(tmp_path, monkeypatch):
    (tmp_path / "tokenizer_config.json").write_text('{"auto_map": {"AutoTokenizer": ["code.Words", null]}}')
    (tmp_path / "code.py").write_text(f"open({str(tmp_path / 'it_ran')!r}, 'w')\nclass Words: ...\n")

    def ask(*_):
        raise AssertionError("asked on the terminal")

    monkeypatch.setattr("builtins.input", ask)
    with pytest.raises(CheckpointError, match=str(tmp_path)):
        Tokenizer.from_pretrained(tmp_path, 16)
    assert not (tmp_path / "it_ran").exists()


def test_a_file_in_place_of_its_folder_is_told(tmp_path):
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(CheckpointError, match="give the folder"):
        Tokenizer.from_pretrained(tmp_path / "tokenizer.json", 16)


def test_a_name_that_is_none_is_not_offered_for_download():
    for name in ("no such name", "/nowhere/words"):
        with pytest.raises(CheckpointError, match="no such folder"):
            Tokenizer.from_pretrained(name, 16)


def test_a_damaged_serialised_form_is_told():
    with pytest.raises(CheckpointError, match="in the checkpoint is damaged"):
        Tokenizer.from_json("{", 16)
