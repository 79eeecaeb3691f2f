#!/usr/bin/env bash
# Say at once what is missing on this machine, before anything is downloaded. $PYTHON: the interpreter to use.
set -euo pipefail
python=${PYTHON:-python3}

fail() {
    printf '\nThis machine cannot run samwise_ros yet: %s\n  remedy: %s\n' "$1" "$2" >&2
    exit 1
}

command -v "$python" > /dev/null ||
    fail "'$python' was not found" "sudo apt install python3 python3-venv python3-dev, or set PYTHON=/path/to/python3"
"$python" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 14))' ||
    fail "$("$python" --version) is outside 3.10 to 3.14" "name another one, for example: make env PYTHON=python3.11"
"$python" -c 'import venv, ensurepip' 2> /dev/null ||
    fail "$python has no venv module" "sudo apt install python3-venv"
"$python" -c 'import os, sysconfig; os.stat(os.path.join(sysconfig.get_path("include"), "Python.h"))' 2> /dev/null ||
    fail "the headers of $python (Python.h) are missing, samwise_msgs cannot be built" "sudo apt install python3-dev"
for tool in gcc:g++ g++:g++ make:make git:git; do
    command -v "${tool%%:*}" > /dev/null ||
        fail "${tool%%:*} was not found" "sudo apt install ${tool##*:}"
done
if [[ -z ${ROS_DISTRO:-} && $(uname -m) != x86_64 ]]; then
    fail "there are no ROS 2 Python wheels for $(uname -m)" \
        "install ROS 2 from its own packages and source it first: source /opt/ros/<distro>/setup.bash"
fi
