#!/usr/bin/env bash
# Static checks, in the environment of env.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
echo "ruff check"
ruff check .
echo "ruff format --check"
ruff format --check .
echo "mypy"
mypy
