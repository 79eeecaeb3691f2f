"""Names and shapes of the published state dicts."""

import csv
from pathlib import Path

import torch

DTYPES = {"float32": torch.float32, "int64": torch.int64}


def published_state(size: str, device: str = "meta") -> dict[str, torch.Tensor]:
    """The state dict of a Hiera size ("", "_tiny", "_large"); on the meta device it has no values."""
    with open(Path(__file__).parent / f"state_dict_keys{size}.tsv", newline="") as file:
        return {
            row["name"]: torch.zeros(
                [int(n) for n in row["shape"].split(",") if n], dtype=DTYPES[row["dtype"]], device=device
            )
            for row in csv.DictReader(file, delimiter="\t")
        }
