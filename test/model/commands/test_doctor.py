"""`samwise doctor` gets through on any machine, and its exit code says whether a model can run."""

import json
import subprocess
import sys

import pytest

from samwise.cli import main
from samwise.doctor.finding import Finding, Level, examined


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SAMWISE_CACHE", str(tmp_path / "cache"))


def test_this_machine_is_fit_and_its_settings_can_be_pasted(capsys):
    assert main(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    names = {finding["name"] for finding in report["findings"]}
    assert {
        "Python",
        "torch",
        "sam2",
        "transformers",
        "OpenCV",
        "/dev/shm",
        "ROS",
        "spaCy",
        "processor",
    } <= names
    assert report["trial"]["frame_s"] > 0 and report["advice"]["max_rate"] > 0
    assert all("remedy" in f for f in report["findings"] if f["level"] != "well")


def test_every_line_that_is_not_well_is_followed_by_what_to_do(capsys, monkeypatch):
    monkeypatch.setenv("ROS_DISTRO", "foxy")
    monkeypatch.setenv("RMW_IMPLEMENTATION", "rmw_fastrtps_cpp")
    monkeypatch.setenv("FASTDDS_DEFAULT_PROFILES_FILE", "/nowhere.xml")
    assert main(["doctor", "--no-frames"]) == 1
    lines = capsys.readouterr().out.splitlines()
    marked = [i for i, line in enumerate(lines) if line.startswith(("! ", "x "))]
    assert len(marked) >= 2 and all(lines[i + 1].strip().startswith("-> ") for i in marked)
    assert lines[-1].startswith("1 thing to mend")


def test_a_checkpoint_that_does_not_run_is_broken(tmp_path, capsys):
    (tmp_path / "page.pth").write_text("<html></html>")
    assert main(["doctor", "--checkpoint", str(tmp_path / "page.pth")]) == 1
    assert "web page" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("package", ["torch", "cv2", "huggingface_hub"])
def test_without_a_package_it_says_so_and_tells_the_rest(package):
    missing = f"import sys; sys.modules[{package!r}] = None"
    program = f"{missing}; from samwise.cli import main; sys.exit(main(['doctor']))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert told.returncode == 1, told.stderr
    assert "Traceback" not in told.stderr
    assert package in told.stdout and "processor" in told.stdout and "\nROS\n" in told.stdout
    assert "to mend" in told.stdout


def test_a_check_that_fails_is_a_finding():
    def check() -> list[Finding]:
        raise OSError("no such bus\nand more")

    (found,) = examined("bus", check)
    assert found.level is Level.BROKEN and "OSError: no such bus)" in found.value


def test_a_finding_that_is_not_well_says_what_to_do():
    with pytest.raises(AssertionError):
        Finding("x", "y", Level.BROKEN)
