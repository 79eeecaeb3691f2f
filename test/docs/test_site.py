"""The documentation is a site whose links all lead somewhere."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def build(root: Path, site: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "NO_COLOR": "1"}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    built = build(ROOT, tmp_path / "site")
    assert built.returncode == 0, built.stdout + built.stderr
    assert "Point a camera at a scene" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def test_links_that_lead_nowhere_are_errors(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    for name in ("mkdocs.yml", "CONTRIBUTING.md", "scripts", "model", "samwise_ros", "samwise_msgs"):
        (tmp_path / name).symlink_to(ROOT / name)
    links = ("nowhere.md", "design.md#nowhere", "../setup.py")
    with (tmp_path / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.writelines(f"\n[broken]({link})\n" for link in links)
    built = build(tmp_path, tmp_path / "site")
    assert built.returncode == 1
    for link in links:
        assert repr(link) in built.stderr, built.stderr
