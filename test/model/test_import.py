"""What importing the library costs: a command's help or an error class must not wait for torch."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "transformers", "sam2")


@pytest.mark.parametrize(
    "module", ["samwise", "samwise.errors", "samwise.cli", "samwise.shell.ending", "samwise.shell.reports"]
)
def test_light_modules_load_nothing_heavy(module):
    code = f"import sys, {module}; print(*(name for name in {HEAVY} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_public_names_come_on_demand_and_unknown_ones_do_not():
    import samwise

    assert all(getattr(samwise, name) is not None for name in samwise.__all__)
    assert set(samwise.__all__) <= set(dir(samwise))
    with pytest.raises(AttributeError, match="'no_such_name'"):
        _ = samwise.no_such_name
