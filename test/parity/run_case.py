"""Compare this implementation with a golden case of the official code, key by key.

    python test/parity/run_case.py PATH_TO_CASE.npz

Prints the error of every key. Exits 0 only if all keys of the case were compared and are within tolerance.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from case import Case
from compare import compare
from recorder import Recorder

from samwise import Session


def run_case(path: str | Path) -> list[str]:
    """Keys of the case that were not compared, or are out of tolerance."""
    case = Case(path)
    segmenter = case.segmenter()
    recorder = Recorder(segmenter, case.motion)
    session = Session(segmenter, cme="learned" if case.cme else "never", official=True)
    session.start("the sentence is given as token ids")
    results = []
    for start in range(0, len(case.frames), case.window):
        recorder.new_clip()
        results += session.step_clip(case.frames[start : start + case.window])
    recorder.finish(results)
    mine = {key: recorder.record[key] for key in case.keys if key in recorder.record}
    bad = compare(path, mine)
    missing = [key for key in case.keys if key not in mine]
    for key in missing:
        print("BAD", key, "was not compared")
    return bad + missing


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("case", help="a case_*.npz file")
    bad = run_case(parser.parse_args().case)
    print(f"{len(bad)} keys out of tolerance" if bad else "all keys within tolerance")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
