"""The folder of a training run: begun in an empty one, gone on with in its own, and in no other."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from samwise.errors import ConfigurationError
from samwise.shell.placing import SHOWN, OutputError, output_file
from samwise.shell.spans import shown
from samwise.train.loop import STATE_FILE
from samwise.train.recipe.flat_keys import GROUPS, grouped
from samwise.train.recipe.run import TrainingConfig
from samwise.train.run_state import RunState

RECIPE_FILE = "recipe.json"
#: What the past of a run has depended on; `initial` is in its weights.
LASTING = ("seed", "frame_sizes", "average_decay")
_CUT_OFF = re.compile(r"(training|model|recipe|stage_\d+)\.partial(-\d+)?\.(pt|safetensors|json)")


def begin(folder: Path) -> None:
    """Make the folder of a new run, or take an empty one.

    Raises:
        OutputError: if it holds anything, or cannot be made.
    """
    names = _names_in(folder, make=True)
    if not names:
        return
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    remedy = "go on with that run by --resume, or " if _is_run(names) else ""
    raise OutputError(
        f"{folder} is not empty, it holds {', '.join(names[:SHOWN])}{more}; {remedy}give another --out"
    )


def go_on(folder: Path, config: TrainingConfig) -> RunState | None:
    """Find out where a run stands.

    Args:
        folder: of the run.
        config: to go on by.

    Returns:
        Where it stands; None if it was ended before its first checkpoint.

    Raises:
        OutputError: if the folder holds no run.
        ConfigurationError: if what the run has done so far is not what `config` says.
        CheckpointError: if its state is damaged.
    """
    names = _names_in(folder, make=False)
    if not _is_run(names):
        raise OutputError(f"{folder} holds no training run to resume; give its folder, or leave --resume out")
    for name in names:
        if _CUT_OFF.fullmatch(name):
            (folder / name).unlink()
    state = RunState.load(folder / STATE_FILE) if STATE_FILE in names else None
    if state is not None and RECIPE_FILE in names:
        difference = _difference(_read_recipe(folder), _plain(config), state)
        if difference:
            raise ConfigurationError(
                f"the run in {folder} was begun with another configuration: {difference}; resume it "
                f"with that one (see {folder / RECIPE_FILE}), or give another --out"
            )
    return state


def write_recipe(folder: Path, config: TrainingConfig) -> None:
    """Write down what the run is. Raises OutputError if it cannot be written."""
    with output_file(folder / RECIPE_FILE, lambda _: (), overwrite=True) as made:
        made.write_text(json.dumps(_plain(config), indent=1) + "\n", encoding="utf-8")


def _names_in(folder: Path, *, make: bool) -> list[str]:
    try:
        if make:
            folder.mkdir(parents=True, exist_ok=True)
        return sorted(entry.name for entry in folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise OutputError(
            f"cannot use {folder} as the folder of a run ({error.strerror}); give another --out"
        ) from error


def _is_run(names: list[str]) -> bool:
    return STATE_FILE in names or RECIPE_FILE in names


def _plain(config: TrainingConfig) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(asdict(config)))
    return plain


def _read_recipe(folder: Path) -> dict[str, Any]:
    try:
        recipe = json.loads((folder / RECIPE_FILE).read_bytes())
        if isinstance(recipe, dict) and isinstance(recipe.get("stages"), list):
            return recipe
    except (OSError, ValueError) as error:
        raise OutputError(f"cannot read {folder / RECIPE_FILE} ({error}); move it away to go on") from error
    raise OutputError(f"{folder / RECIPE_FILE} is no recipe of a run; move it away to go on")


def _difference(then: dict[str, Any], now: dict[str, Any], state: RunState) -> str | None:
    """The first difference in what the run has done so far, in words. What lies ahead may be changed."""
    for name in LASTING:
        if name in then and then[name] != now[name]:
            return f"{name} is {shown(now[name])}, it was {shown(then[name])}"
    done = state.stage + (state.step > 0)
    if done > len(now["stages"]):
        return f"there are {len(now['stages'])} stages, and it is in number {done}"
    for old, new in zip(map(_dotted, then["stages"][:done]), map(_dotted, now["stages"]), strict=False):
        for name in new:
            if name in old and old[name] != new[name]:
                return f"stage {old.get('name')!r}: {name} is {shown(new[name])}, it was {shown(old[name])}"
    return None


def _dotted(stage: dict[str, Any]) -> dict[str, Any]:
    """The values of a stage, those of its groups by dotted names. Older runs wrote stages without groups."""
    dotted: dict[str, Any] = {}
    for name, value in grouped(stage).items():
        dotted |= {f"{name}.{key}": v for key, v in value.items()} if name in GROUPS else {name: value}
    return dotted
