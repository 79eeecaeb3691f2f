"""What mkdocs calls while it builds the site (mkdocs.yml, `hooks`)."""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from scripts.reference import command_line, messages, parameters

ROOT = Path(__file__).parents[1]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are written out of the code, and the one that lies outside of docs/."""
    pages = {
        "contributing.md": as_a_page((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")),
        "reference/command_line.md": command_line.page(),
        "reference/messages.md": messages.page(ROOT / "samwise_msgs"),
        "reference/parameters.md": parameters.page(),
    }
    for name, content in pages.items():
        files.append(File.generated(config, name, content=content))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let links to CONTRIBUTING.md, which are right in a checkout, be right on the site."""
    return re.sub(r"\]\(\.\./((?:\.\./)*)CONTRIBUTING\.md", r"](\1contributing.md", markdown)


def as_a_page(markdown: str) -> str:
    """A file of the repository's root as a page: links into docs/ stay links, other files are only named."""
    return re.sub(r"\[([^]]*)\]\((?!https?:|#|docs/)[^)]*\)", r"\1", markdown).replace("](docs/", "](")
