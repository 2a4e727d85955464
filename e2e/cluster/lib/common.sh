# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Messages, paths and settings which every part of the cluster shares. Sourced.

say() { echo "cluster: $*" >&2; }

die() {
  say "$*"
  exit 1
}

# Runs a command whose output is only of interest if it fails. Says what is being done, and that it still is, if it takes a while.
# progress "what is being done" LOG COMMAND [ARGUMENT...]
progress() {
  local what=$1 log=$2 began=$SECONDS next=1 job status=0
  shift 2
  "$@" >"$log" 2>&1 </dev/null 9<&- &
  job=$!
  while kill -0 "$job" 2>/dev/null; do
    if [ $((SECONDS - began)) -ge "$next" ]; then
      say "$what ... $((SECONDS - began)) s"
      next=$((SECONDS - began + 20))
    fi
    sleep 0.2
  done
  wait "$job" || status=$?
  if [ "$status" -ne 0 ]; then
    tail -n 20 "$log" >&2
    die "$what failed (exit status $status); its whole output is in $log"
  fi
  [ $((SECONDS - began)) -lt 2 ] || say "$what: done after $((SECONDS - began)) s"
}

# Calls a command until it succeeds: wait_until SECONDS "what is awaited" COMMAND...
wait_until() {
  local limit=$1 what=$2 began=$SECONDS next=5
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $((SECONDS - began)) -lt "$limit" ] || return 1
    if [ $((SECONDS - began)) -ge "$next" ]; then
      say "waiting for $what ... $((SECONDS - began)) s"
      next=$((SECONDS - began + 10))
    fi
    sleep 0.2
  done
}

# The body of GET http://ADDRESS:PORT/PATH if the status is 200. A bare machine has no curl.
http_get() {
  local line
  {
    exec 8<>"/dev/tcp/$1/$2" || return 1
    printf 'GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' "$3" "$1" >&8
    read -r -t 5 line <&8 || return 1
    [[ $line == *" 200"* ]] || return 1
    cat <&8
  } 2>/dev/null
}
