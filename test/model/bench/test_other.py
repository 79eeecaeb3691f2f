import pytest

from samwise.bench.other import load_other
from samwise.errors import SamwiseError


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    (tmp_path / "their_code.py").write_text("def make():\n    return len\n\ndef broken():\n    return 3\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [p for p in __import__("sys").path if p])


def test_the_factory_of_a_module_in_the_current_folder_is_called(elsewhere):
    assert load_other("their_code:make") is len


@pytest.mark.parametrize("where", ["their_code", ":make", "their_code:"])
def test_a_name_without_both_halves(where):
    with pytest.raises(SamwiseError, match="package.module:factory"):
        load_other(where)


@pytest.mark.parametrize("where", ["no_such_code:make", "their_code:no_such_factory"])
def test_what_is_not_there_is_named(elsewhere, where):
    with pytest.raises(SamwiseError, match=f"{where}.*no_such"):
        load_other(where)


def test_a_factory_has_to_make_a_function(elsewhere):
    with pytest.raises(SamwiseError, match="made a int"):
        load_other("their_code:broken")
