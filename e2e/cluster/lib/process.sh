# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Daemons that outlive the shell which started them, found again by pid files. Sourced.

# Field 22 of /proc/PID/stat, which tells a process from a later one with the same number; fails for zombies.
start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # The fields after the program's name, which may contain anything.
  read -ra stat <<<"${stat##*) }"
  [ "${stat[0]}" != Z ] && echo "${stat[19]}"
}

# NAME -> its pid, if it runs
pid_of() {
  local pid started
  read -r pid started 2>/dev/null <"$state/run/$1.pid" || return 1
  [ "$(start_time "$pid")" = "$started" ] && echo "$pid"
}

alive() { pid_of "$1" >/dev/null; }

# daemon NAME COMMAND [ARGUMENT...]: starts it unless it runs. Nothing of the caller stays open in it: a caller that reads our
# output, or waits for our lock, must not have to wait for a daemon.
daemon() {
  local name=$1
  shift
  ! alive "$name" || return 0
  mkdir -p "$state/run" "$state/log"
  setsid nohup "$@" </dev/null >>"$state/log/$name.log" 2>&1 7<&- 9<&- &
  echo "$! $(start_time $!)" >"$state/run/$name.pid"
}

# wait_healthy NAME SECONDS COMMAND...: until the command succeeds; says why if the daemon dies or takes too long
wait_healthy() {
  local name=$1 limit=$2
  shift 2
  settled() { "$@" || ! alive "$name"; }
  if ! wait_until "$limit" "$name" settled "$@" || ! alive "$name"; then
    tail -n 15 "$state/log/$name.log" >&2
    alive "$name" || die "$name ended at once; its log is $state/log/$name.log"
    die "$name is not healthy after $limit s; its log is $state/log/$name.log"
  fi
}

# terminate NAME [SIGNAL]: ends it, by SIGKILL where it does not obey within five seconds
terminate() {
  local pid tries=50
  if pid=$(pid_of "$1"); then
    kill "-${2:-TERM}" "$pid" 2>/dev/null || true
    while alive "$1" && [ $((tries--)) -gt 0 ]; do sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null || true
    while alive "$1"; do sleep 0.05; done
  fi
  rm -f "$state/run/$1.pid"
}

# Pids of processes that name our state in their arguments, whether we have a pid file or not: shims, and what a state folder
# deleted by hand has left behind.
strays() {
  local directory pid
  for directory in /proc/[0-9]*; do
    pid=${directory#/proc/}
    case $(readlink "$directory/exe" 2>/dev/null) in
      "$cache"/bin/* | */containerd | */containerd-shim-runc-v2 | */runc) ;;
      *) continue ;;
    esac
    if tr '\0' '\n' 2>/dev/null <"$directory/cmdline" | grep -qF "$state/"; then
      echo "$pid"
    fi
  done
}

kill_strays() {
  local pid
  for pid in $(strays); do
    kill -KILL "$pid" 2>/dev/null || true
  done
}
