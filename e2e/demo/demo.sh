#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Records a real incident on a real cluster, and goes back to before it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
plugin=$root/kubectl-traversion/target/dist/bin/kubectl-traversion
keeping=$here/recording.tar.gz

usage() {
  cat <<'TEXT'
Usage: ./traversion demo [--exit] [--context NAME | --recording | --save FILE]

Brings up a local Kubernetes, deploys a small shop, records it, breaks a rollout with a config change, and shows the way back with
real kubectl output. Needs root, apt, Go 1.26 and JDK 25; where no cluster can be had, it opens a recording of the same incident.

  --exit           End and clean up by itself. Exit status 0 only if the past was really read back
  --context NAME   Record this context of your kubeconfig instead, read-only: nothing is deployed or changed
  --recording      Open the recording of the incident that comes with the sources. Needs neither root nor a cluster
  --save FILE      Keep the recording of this run in FILE (.tar.gz), as the one that comes with the sources was made
TEXT
}

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; else bold='' dim='' plain=''; fi
step() { printf '\n%s==> %s%s\n' "$bold" "$*" "$plain" >&2; }
note() { printf '%s    %s%s\n' "$dim" "$*" "$plain" >&2; }
fail() {
  printf 'demo: %s\n' "$*" >&2
  exit 1
}

# Shows a command, and runs it.
show() {
  printf '\n%s$ %s%s\n' "$bold" "$*" "$plain"
  "$@"
}

exit_at_end=false mode=cluster context='' save=''
while [ $# -gt 0 ]; do
  case $1 in
    --exit) exit_at_end=true ;;
    --recording) mode=recording ;;
    --context) mode=context context=${2:?demo: --context needs the name of a context} && shift ;;
    --save) save=$(realpath -m "${2:?demo: --save needs a file}") && shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail "unknown argument '$1'" ;;
  esac
  shift
done

work='' recorder='' started_cluster=false
clean_up() {
  local status=$?
  trap - EXIT INT TERM
  if [ -n "$recorder" ] && kill -0 "$recorder" 2>/dev/null; then
    kill -TERM "$recorder" && wait "$recorder" || true
  fi
  if [ "$mode" = cluster ] && [ -n "${KUBECONFIG:-}" ]; then
    note "Removing the shop"
    kubectl delete namespace shop --ignore-not-found --wait=false >/dev/null 2>&1 || true
    if $started_cluster; then "$root/traversion" cluster down || status=1; fi
  fi
  if [ -n "$work" ]; then
    # What serves the recording in the background notices by itself only after a while.
    sed -n 's/^pid=//p' "$work"/state/servers/*.properties 2>/dev/null | xargs -r kill 2>/dev/null || true
    rm -rf "$work"
  fi
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

now() { date -u +%Y-%m-%dT%H:%M:%S.%3NZ; }
at() { show kubectl traversion at "$@"; }

wait_for() { # SECONDS "what" COMMAND...
  local limit=$1 what=$2 began=$SECONDS
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $((SECONDS - began)) -lt "$limit" ] || fail "$what: not within $limit s"
    [ $(((SECONDS - began) % 5)) -ne 4 ] || note "waiting: $what ($((SECONDS - began)) s)"
    sleep 1
  done
}

build() {
  if [ ! -x "$plugin" ]; then
    step "Building the plugin (some minutes the first time)"
    "$root/traversion" build
  fi
  PATH=$(dirname "$plugin"):$PATH
  export PATH
}

# Runs the recorder in the background and waits until every resource is being watched.
record() { # ARGUMENTS of record
  kubectl traversion record --to "$TRAVERSION_RECORDING" "$@" >"$work/record.log" 2>&1 </dev/null &
  recorder=$!
  local began=$SECONDS
  until grep -qi 'complete' "$work/record.log"; do
    kill -0 "$recorder" 2>/dev/null || { cat "$work/record.log" >&2; fail "the recorder ended"; }
    [ $((SECONDS - began)) -lt 60 ] || { cat "$work/record.log" >&2; fail "the first lists were not complete within 60 s"; }
    sleep 0.5
  done
  sed 's/^/    /' "$work/record.log" >&2
}

stop_recorder() {
  kill -TERM "$recorder"
  wait "$recorder" || fail "the recorder did not end cleanly: $(tail -n 3 "$work/record.log")"
  recorder=''
}

# What the incident looks like, from the recording alone. Fails unless the past says what it must.
show_the_way_back() { # BEFORE AFTER
  local before=$1 after=$2
  step "Before: $before"
  at "$before" get deployments,pods -n shop
  step "After: $after"
  at "$after" get deployments,pods -n shop
  step "What changed in between"
  kubectl traversion at "$before" get configmap checkout-config -n shop -o yaml >"$work/before.yaml" 2>/dev/null
  kubectl traversion at "$after" get configmap checkout-config -n shop -o yaml >"$work/after.yaml" 2>/dev/null
  printf '\n%s$ diff <(kubectl traversion at %s get cm checkout-config -n shop -o yaml) <(... at %s ...)%s\n' "$bold" "$before" "$after" "$plain"
  diff -u --label before --label after "$work/before.yaml" "$work/after.yaml" && fail "the past shows no difference"
  at "$after" get events -n shop --field-selector type=Warning

  kubectl traversion at "$before" get pods -n shop --no-headers >"$work/pods.before" 2>/dev/null
  kubectl traversion at "$after" get pods -n shop --no-headers >"$work/pods.after" 2>/dev/null
  [ -s "$work/pods.before" ] || fail "no pods were read back from before the incident"
  ! grep '^checkout' "$work/pods.before" | grep -v Running || fail "checkout was not healthy before the incident"
  grep -Eq '^checkout.*(CrashLoopBackOff|Error)' "$work/pods.after" || fail "the broken rollout was not read back"
  grep -q 'http://payments/charge' "$work/before.yaml" || fail "the good configuration was not read back"
  step "The cause: the URL of payments lost its scheme, and the new pods refuse to start. All of this was read from the recording."
}

try_by_hand() { # BEFORE AFTER
  cat <<TEXT

${bold}Try it by hand${plain} in another shell:

  export PATH=$(dirname "$plugin"):$(dirname "$(command -v kubectl)"):\$PATH
  export KUBECONFIG=$work/kubeconfig TRAVERSION_STATE_DIR=$TRAVERSION_STATE_DIR TRAVERSION_RECORDING=$TRAVERSION_RECORDING
  kubectl traversion at $1 get all -n shop
  kubectl traversion at $2 describe deployment checkout -n shop
  kubectl traversion at -n shop deploy/checkout~1 get configmap checkout-config -o yaml
  kubectl traversion rewind $2        # then plain kubectl, k9s, ... see that moment; back with: kubectl traversion rewind --live

Ctrl-C ends the demo and removes what it made.
TEXT
}

stay() {
  if $exit_at_end; then return; fi
  try_by_hand "$@"
  while true; do sleep 1; done
}

the_kept_recording() {
  [ -f "$keeping" ] || fail "the recording is missing from the checkout: $keeping"
  build
  if ! command -v kubectl >/dev/null; then
    step "kubectl is not installed: building it (some minutes the first time)"
    PATH=$(dirname "$("$root/traversion" cluster path kubectl)"):$PATH
  fi
  step "Opening the recording of the incident"
  mkdir "$work/kept"
  tar -xzf "$keeping" -C "$work/kept"
  export TRAVERSION_RECORDING=$work/kept/recording
  local before after
  before=$(cat "$work/kept/before") after=$(cat "$work/kept/after")
  show_the_way_back "$before" "$after"
  stay "$before" "$after"
}

a_cluster_of_yours() {
  build
  command -v kubectl >/dev/null || fail "kubectl is not installed. Install it, or put it on the PATH"
  step "Recording the cluster of context $context, read-only, for 20 s"
  export TRAVERSION_RECORDING=$work/recording
  record --context "$context"
  local before
  before=$(now)
  sleep 20
  stop_recorder
  at "$before" get namespaces
  at "$before" get pods -A
  [ -n "$(kubectl traversion at "$before" get namespaces -o name 2>/dev/null)" ] || fail "nothing was read back"
  stay "$before" "$(now)"
}

a_real_incident() {
  step "A local Kubernetes (the first time its programs are built: 10 to 20 minutes)"
  if ! "$root/traversion" cluster status >/dev/null 2>&1; then started_cluster=true; fi
  "$root/traversion" cluster up
  eval "$("$root/traversion" cluster env)"
  build
  step "A small shop: visitors -> storefront -> catalog, checkout -> payments"
  kubectl delete namespace shop --ignore-not-found >/dev/null
  kubectl apply -f "$here/shop.yaml" | sed 's/^/    /' >&2
  step "Recording it"
  export TRAVERSION_RECORDING=$work/recording
  record --kubeconfig "$KUBECONFIG"
  for deployment in payments catalog checkout storefront visitors; do
    wait_for 120 "$deployment is rolled out" kubectl -n shop rollout status "deployment/$deployment" --timeout=1s
  done
  wait_for 60 "visitors are served" sh -c 'kubectl -n shop logs deployment/visitors --tail=1 | grep -q " ok "'
  sleep 5
  local before after
  before=$(now)
  sleep 2
  step "The incident: a harmless-looking config change, and a rollout"
  show kubectl apply -f "$here/incident.yaml"
  show kubectl -n shop rollout restart deployment/checkout
  wait_for 90 "checkout crashes" sh -c 'kubectl -n shop get pods -l app=checkout --no-headers | grep -q CrashLoopBackOff'
  sleep 3
  after=$(now)
  sleep 2
  step "Closing the recording"
  stop_recorder
  tail -n 4 "$work/record.log" | sed 's/^/    /' >&2
  show_the_way_back "$before" "$after"
  if [ -n "$save" ]; then
    echo "$before" >"$work/before" && echo "$after" >"$work/after"
    tar -czf "$save" -C "$work" before after recording
    note "Kept as $save ($(du -k "$save" | cut -f1) KiB)"
  fi
  stay "$before" "$after"
}

work=$(mktemp -d)
export TRAVERSION_STATE_DIR=$work/state
if [ "$mode" = cluster ] && ! problems=$("$root/traversion" cluster check 2>&1); then
  printf '%s\n' "$problems" >&2
  note "No cluster can be had here: showing the recording of the incident instead (demo --recording)."
  mode=recording
fi
case $mode in
  cluster) a_real_incident ;;
  recording) the_kept_recording ;;
  context) a_cluster_of_yours ;;
esac
