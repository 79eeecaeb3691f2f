#!/usr/bin/env bash
# Resolve every requirement for Python 3.10 to 3.14 on Linux, and write requirements/constraints.txt.
# One resolve serves all Python versions: where they need different releases, the lines carry markers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet uv
printf "[tool.uv]\nenvironments = [\"sys_platform == 'linux' and python_full_version < '3.15'\"]\n" \
    > "$scratch/pyproject.toml"
"$scratch/venv/bin/uv" --project "$scratch" pip compile --universal --python-version 3.10 \
    --upgrade --no-header --no-annotate --quiet --constraint requirements/lock_input.txt \
    requirements/{base,build,ros,dev,docs,speech}.txt --output-file "$scratch/constraints.txt"

{
    echo "# Made by \`make lock\`: exact versions of requirements/{base,build,ros,dev,docs,speech}.txt and all they need."
    # torch pins its CUDA packages itself, and the CPU build has none of them. The markers that every line
    # got from `environments` say nothing that setup_env.sh does not check, so they go.
    grep -Ev '^(nvidia-|cuda-|triton==)' "$scratch/constraints.txt" |
        sed -E "s/ and sys_platform == 'linux'$//; s/ and python_full_version < '3.15'$//; s/ ; python_full_version < '3.15'$//"
} > requirements/constraints.txt
echo "requirements/constraints.txt: $(grep -c == requirements/constraints.txt) pins"
