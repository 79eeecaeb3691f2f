import ast
from pathlib import Path

from samwise import cli
from scripts.reference.command_line import EXECUTABLES, NODES, answer, help_of

SETUP = Path(__file__).parents[3] / "setup.py"


def executables_of_setup() -> dict[str, str]:
    """Names and modules of the executables that setup.py installs."""
    texts = [node.value for node in ast.walk(ast.parse(SETUP.read_text())) if isinstance(node, ast.Constant)]
    entries = [text.split(" = ") for text in texts if isinstance(text, str) and text.endswith(":main")]
    return {name: call.removesuffix(":main") for name, call in entries}


def test_no_executable_is_left_out() -> None:
    installed = executables_of_setup()
    assert installed.keys() == EXECUTABLES.keys() | NODES
    assert {name: installed[name] for name in EXECUTABLES} == EXECUTABLES


def test_commands_of_the_library_are_shown_with_their_options() -> None:
    for name in cli.commands():
        assert help_of(name).startswith(f"usage: samwise {name} ")
    assert "--overwrite" in help_of("segment")


def test_an_executable_is_shown_with_its_options() -> None:
    assert "--max-gap S" in answer("samwise_ros.bags.play")
