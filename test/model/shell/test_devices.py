import pytest

from samwise.errors import ConfigurationError
from samwise.shell.devices import checked_device, usable_device


@pytest.mark.parametrize("name", ["cpu", "cuda", "cuda:0", "cuda:17", "mps"])
def test_devices_that_a_model_runs_on(name):
    assert checked_device(name) == name


@pytest.mark.parametrize(
    "name", ["", " ", "gpu", "CPU", "meta", "xla", "cuda:", "cuda:-1", "cuda:x", "cpu\n"]
)
def test_anything_else_is_refused_with_the_choices(name):
    with pytest.raises(ConfigurationError, match="cpu, cuda, cuda:N or mps") as refusal:
        checked_device(name)
    assert repr(name) in str(refusal.value)


def test_a_device_that_is_not_here_is_refused_with_those_that_are():
    with pytest.raises(ConfigurationError, match="'cuda:99' cannot be used .*; here is cpu"):
        usable_device("cuda:99")
    assert usable_device("cpu").type == "cpu"
