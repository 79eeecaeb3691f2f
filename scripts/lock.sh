#!/usr/bin/env bash
# Resolve every requirement for CPython 3.10 to 3.14 on Linux, and write requirements/constraints.txt.
# One resolve serves all Python versions: where they need different releases, the lines carry markers.
#
#   lock.sh             for requirements that are new or gone; pins that still fit stay
#   lock.sh --upgrade   the newest of everything
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet uv
# The ROS wheels exist for this platform only. Other machines take the same pins, and bring a ROS.
cat > "$scratch/pyproject.toml" << 'END'
[tool.uv]
environments = ["sys_platform == 'linux' and platform_machine == 'x86_64' and implementation_name == 'cpython' and python_full_version < '3.15'"]
END
# uv prefers what its output already holds.
cp requirements/constraints.txt "$scratch/constraints.txt"
"$scratch/venv/bin/uv" --project "$scratch" pip compile --universal --python-version 3.10 \
    --no-header --no-annotate --quiet --constraint requirements/lock_input.txt "$@" \
    requirements/{base,build,ros,dev,docs,speech}.txt --output-file "$scratch/constraints.txt"

# torch pins its CUDA packages itself, and the CPU build has none of them. What every line got from
# `environments` says nothing that setup_env.sh does not check: those conditions go, and the `and` beside each.
limits="(sys_platform == 'linux'|platform_machine == 'x86_64'|implementation_name == 'cpython'|platform_python_implementation != 'PyPy'|python_full_version < '3.15')"
{
    echo "# Made by \`make lock\`: exact versions of requirements/{base,build,ros,dev,docs,speech}.txt and all they need."
    grep -Ev '^(nvidia-|cuda-|triton==)' "$scratch/constraints.txt" |
        sed -E "s/ and $limits//g; s/ ; $limits and / ; /; s/ ; $limits$//"
} > "$scratch/locked.txt"
mv "$scratch/locked.txt" requirements/constraints.txt
echo "requirements/constraints.txt: $(grep -c == requirements/constraints.txt) pins"
