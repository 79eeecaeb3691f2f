# shellcheck shell=bash
# Source this in bash: .venv, ROS 2 and the built packages on the paths, DDS kept to this machine.
# Nothing that is already set is overruled, so a robot keeps its own middleware, domain and discovery range.

_samwise_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
_samwise_venv=$_samwise_root/.venv

if [[ ! -f $_samwise_venv/ros ]]; then
    echo "scripts/env.sh: there is no $_samwise_venv yet, run: make env" >&2
    return 1
fi

export VIRTUAL_ENV=$_samwise_venv
export PATH=$_samwise_venv/bin:$PATH

if [[ $(cat "$_samwise_venv/ros") == wheels ]]; then
    # What a ROS installation's setup.bash would set: the wheels put their prefix into .venv itself.
    export ROS_VERSION=2 ROS_PYTHON_VERSION=3 ROS_DISTRO=kilted
    export AMENT_PREFIX_PATH=$_samwise_venv
    export CMAKE_PREFIX_PATH=$_samwise_venv
    export LD_LIBRARY_PATH=$_samwise_venv/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    export RMW_IMPLEMENTATION=${RMW_IMPLEMENTATION:-rmw_fastrtps_cpp}
    export ROS_AUTOMATIC_DISCOVERY_RANGE=${ROS_AUTOMATIC_DISCOVERY_RANGE:-LOCALHOST}
fi

# Images do not fit FastDDS' default shared-memory segment. From Kilted on the variable has another name, and
# the old one earns a warning in every process.
case ${ROS_DISTRO:-} in
    humble | iron | jazzy)
        export FASTRTPS_DEFAULT_PROFILES_FILE=${FASTRTPS_DEFAULT_PROFILES_FILE:-$_samwise_root/config/fastdds.xml} ;;
    *)
        export FASTDDS_DEFAULT_PROFILES_FILE=${FASTDDS_DEFAULT_PROFILES_FILE:-$_samwise_root/config/fastdds.xml} ;;
esac

# Threads of one operation that wait for each other should sleep: spinning ones keep their own partners from
# running when the machine is busy. Measured on two busy cores: no frame in half a minute against 9 Hz.
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-PASSIVE}

export ROS_LOG_DIR=${ROS_LOG_DIR:-$_samwise_root/log/ros}

if [[ -f $_samwise_root/install/local_setup.bash ]]; then
    # colcon's script reads variables that may be unset.
    case $- in *u*) set +u; source "$_samwise_root/install/local_setup.bash"; set -u ;;
               *) source "$_samwise_root/install/local_setup.bash" ;; esac
fi
unset _samwise_root _samwise_venv
