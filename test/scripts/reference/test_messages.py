from pathlib import Path

from scripts.reference.messages import page

DEFINITION = """# What it is.
#
# More about it.

# Nothing.
uint8 NONE=0
"""


def test_the_first_comment_is_text_and_the_rest_is_kept_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "msg").mkdir()
    (tmp_path / "msg" / "Thing.msg").write_text(DEFINITION, encoding="utf-8")
    written = page(tmp_path)
    assert "## Thing\n\nWhat it is.\n\nMore about it.\n\n```text\n# Nothing.\nuint8 NONE=0\n```" in written


def test_every_message_has_its_section() -> None:
    folder = Path(__file__).parents[3] / "samwise_msgs"
    written = page(folder)
    names = [path.stem for kind in ("msg", "srv") for path in folder.glob(f"{kind}/*.{kind}")]
    assert len(names) >= 6 and "SetExpression" in names and all(f"\n## {name}\n" in written for name in names)
