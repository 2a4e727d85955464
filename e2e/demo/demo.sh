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

Brings up a local Kubernetes, installs the operator, applies a Recording that writes to a bucket in the cluster, deploys a small
shop, breaks a rollout with a config change, and shows the way back through the server in the cluster, with real kubectl output.
Needs root, apt, Go 1.26 and JDK 25; where no cluster can be had, it opens a recording of the same incident.

  --exit           End and clean up by itself. Exit status 0 only if the past was really read back
  --context NAME   Record this context of your kubeconfig instead, read-only: nothing is deployed or changed
  --recording      Open the recording of the incident that comes with the sources. Needs neither root nor a cluster
  --save FILE      Record with "kubectl traversion record" instead, without the operator, and keep the recording in FILE (.tar.gz),
                   as the one that comes with the sources was made
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

work='' recorder='' agent='' started_cluster=false installed=false nodes=false
clean_up() {
  local status=$?
  trap - EXIT INT TERM
  local process
  for process in $agent $recorder; do
    if kill -0 "$process" 2>/dev/null; then kill -TERM "$process" && wait "$process" || true; fi
  done
  if [ "$mode" = cluster ] && [ -n "${KUBECONFIG:-}" ]; then
    kubectl traversion rewind --stop >/dev/null 2>&1 || true
    if $started_cluster; then
      "$root/traversion" cluster down || status=1
    else
      note "Removing what was made"
      kubectl delete namespace shop --ignore-not-found --wait=false >/dev/null 2>&1 || true
      if $installed; then uninstall || status=1; fi
    fi
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

# Where the kubelet keeps what containers write.
logs_folder() {
  kubectl get --raw "/api/v1/nodes/$(kubectl get nodes -o jsonpath='{.items[0].metadata.name}')/proxy/configz" \
    | sed -n 's/.*"podLogsDir":"\([^"]*\)".*/\1/p'
}

# What happens on the node, beside the recorder. It goes on without where this machine does not allow it.
record_node() {
  local folder name
  folder=$(logs_folder) name=$(kubectl get nodes -o jsonpath='{.items[0].metadata.name}')
  : >"$work/agent.log"
  kubectl traversion record --node --node-name "$name" --to "$TRAVERSION_RECORDING" --kubeconfig "$KUBECONFIG" \
    --events processes,kills,connections,disks,dns --logs shop --logs-folder "$folder" >"$work/agent.log" 2>&1 </dev/null &
  agent=$!
  local began=$SECONDS
  until grep -q 'records into' "$work/agent.log"; do
    kill -0 "$agent" 2>/dev/null && [ $((SECONDS - began)) -lt 30 ] || {
      note "What happens on the node is not recorded: $(tail -n 1 "$work/agent.log")"
      ! kill "$agent" 2>/dev/null || wait "$agent" || true
      agent=''
      return 0
    }
    sleep 0.5
  done
  nodes=true
}

stop_recorder() {
  if [ -n "$agent" ]; then
    kill -TERM "$agent"
    wait "$agent" || fail "the agent on the node did not end cleanly: $(tail -n 3 "$work/agent.log")"
    agent=''
  fi
  kill -TERM "$recorder"
  wait "$recorder" || fail "the recorder did not end cleanly: $(tail -n 3 "$work/record.log")"
  recorder=''
}

# The one built here, with files of its own.
helm() { HELM_CONFIG_HOME=$work/helm HELM_CACHE_HOME=$work/helm HELM_DATA_HOME=$work/helm "$helm" "$@"; }

# All that was installed, in the order in which it needs each other. The chart leaves its custom resources' definitions, since data hang on them.
uninstall() {
  { kubectl delete recording demo --ignore-not-found --timeout=60s \
    && helm uninstall traversion -n traversion-system --ignore-not-found --wait --timeout 60s \
    && kubectl delete namespace traversion-system --ignore-not-found --timeout=60s \
    && kubectl delete -k "$root/config/crd" --ignore-not-found --timeout=60s \
    && kubectl delete -f "$here/bucket.yaml" --ignore-not-found --timeout=60s; } >"$work/uninstall.log" 2>&1 \
    || { cat "$work/uninstall.log" >&2; return 1; }
}

# The latest of the conditions that are not as they should be.
progress() {
  kubectl get recording demo -o jsonpath='{range .status.conditions[?(@.status!="True")]}{.type}: {.message}{"\n"}{end}' 2>/dev/null \
    | sed '/: $/d;q' || true
}

# Everything that a platform team does: the operator, a bucket, a Recording.
install() {
  ! kubectl get namespace traversion-system >/dev/null 2>&1 || fail "Traversion is installed in this cluster already." \
    "Remove it first: kubectl delete recordings --all && helm uninstall traversion -n traversion-system && kubectl delete namespace traversion-system"
  step "Helm (built the first time)"
  helm=$("$root/traversion" cluster path helm)
  step "The images of what runs in the cluster, assembled here and given to the node"
  "$root/traversion" images "$work/images.tar" >/dev/null
  "$root/traversion" cluster load "$work/images.tar"
  ! tar -xOf "$work/images.tar" manifest.json | grep -q traversion-agent || nodes=true
  rm "$work/images.tar"
  installed=true
  step "The operator, and a bucket (MinIO in the cluster)"
  kubectl apply -f "$here/bucket.yaml" >/dev/null
  show helm install traversion charts/traversion -n traversion-system --create-namespace --set imageRegistry=traversion.test --wait --timeout 120s
  wait_for 120 "the bucket is there" kubectl -n traversion-demo wait pod/minio --for=condition=Ready --timeout=1s
  step "A Recording"
  if $nodes; then
    sed "s|directory: .*|directory: $(logs_folder)|" "$here/recording.yaml" >"$work/recording.yaml"
  else
    note "What happens on the node is not recorded, since there is no image of the agent"
    sed '/^  nodes:/,$d' "$here/recording.yaml" >"$work/recording.yaml"
  fi
  sed -n '/^apiVersion: traversion/,$s/^/    /p' "$work/recording.yaml"
  show kubectl apply --server-side -f "$work/recording.yaml"
  local began=$SECONDS said='' says
  until kubectl wait recording/demo --for=condition=Ready --timeout=1s >/dev/null 2>&1; do
    [ $((SECONDS - began)) -lt 150 ] || fail "the Recording is not ready within 150 s: $(progress)"
    says=$(progress)
    if [ "$says" != "$said" ]; then note "$says" && said=$says; fi
  done
  show kubectl get recordings
  show helm test traversion -n traversion-system --timeout 120s >"$work/helm-test" || { cat "$work/helm-test" >&2; fail "helm test fails"; }
  sed -n '2p;/^Phase:/p' "$work/helm-test"
  kubectl -n traversion-system get pods
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
  if $installed; then show_it_to_others "$before" "$after"; fi
  step "Why: the change that caused it"
  show kubectl traversion why deploy/checkout -n shop --at "$after" | tee "$work/why"
  grep -q 'Cause.*configmaps/checkout-config' "$work/why" || fail "why does not name the change of checkout-config"
  if $nodes; then show_the_node "$after"; fi
  step "The URL of payments lost its scheme, and the new pods refuse to start. All of this was read from what was recorded."
}

# Why the node cannot tell what happened on it, if it cannot.
missing_on_node() {
  kubectl get recording demo -o jsonpath='{.status.conditions[?(@.reason=="EventsMissing")].message}' 2>/dev/null || true
}

# What the API never sees. An agent in the cluster uploads a file a minute.
show_the_node() { # AFTER
  local began=$SECONDS missing=''
  step "What the API never sees: processes, connections, logs and usage, from the agent on the node"
  until kubectl traversion events -n shop --trouble --at "$1" 2>/dev/null | grep 'exited with 1' >/dev/null; do
    if $installed; then missing=$(missing_on_node); fi
    if [ -n "$missing" ] || [ $((SECONDS - began)) -ge 90 ]; then
      note "It cannot be told here: ${missing:-nothing of it was recorded within 90 s}"
      return
    fi
    [ $(((SECONDS - began) % 5)) -ne 4 ] || note "waiting: what happened on the node is in the bucket ($((SECONDS - began)) s)"
    sleep 1
  done
  show kubectl traversion events -n shop --trouble --at "$1"
  show kubectl traversion flows checkout -n shop --at "$1" --since 3s --for 0s
  at "$1" top pods -n shop || note "What containers use was not recorded"
  at "$1" logs deployment/storefront -n shop --tail 2 || note "What containers log was not recorded"
}

# What only the server in the cluster does: plain kubectl on the past, as whoever asks, and all of it on record.
show_it_to_others() { # BEFORE AFTER
  show kubectl traversion diff "$1..$2" configmaps -n shop && fail "the server in the cluster shows no difference" || true
  step "Plain kubectl on the past: rewind"
  show kubectl traversion rewind "$1"
  show kubectl get deployment checkout -n shop
  show kubectl get pods -n shop -l app=checkout
  [ "$(kubectl get pods -n shop -l app=checkout --no-headers 2>/dev/null | grep -vc Running)" = 0 ] || fail "rewind does not show the past"
  step "Somebody who may not list pods today may not list those of the past either"
  show kubectl --as=jane get pods -n shop && fail "jane was shown what she may not see" || true
  show kubectl traversion rewind --live
  [ "$(kubectl config current-context)" = "$live" ] || fail "rewind --live does not lead back to $live"
  step "Who read what of the past"
  AWS_ENDPOINT_URL="http://$(kubectl -n traversion-demo get pod minio -o jsonpath='{.status.podIP}'):9000"
  export AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo-secret
  show kubectl traversion audit s3://recordings/demo --since 1h >"$work/audit"
  head -n 3 "$work/audit"
  tail -n 10 "$work/audit"
  grep -q 'jane.*list pods.*refused' "$work/audit" || fail "what jane tried is not on record"
}

try_by_hand() { # BEFORE AFTER
  cat <<TEXT

${bold}Try it by hand${plain} in another shell:

  export PATH=$(dirname "$plugin"):$(dirname "$(command -v kubectl)"):\$PATH
  export KUBECONFIG=$KUBECONFIG TRAVERSION_STATE_DIR=$TRAVERSION_STATE_DIR${TRAVERSION_RECORDING:+ TRAVERSION_RECORDING=$TRAVERSION_RECORDING}
  kubectl traversion at $1 get all -n shop
  kubectl traversion at $2 describe deployment checkout -n shop
  kubectl traversion at -n shop deploy/checkout~1 get configmap checkout-config -o yaml
$(! $nodes || printf '  %s\n' "kubectl traversion events -n shop --trouble --at $2" "kubectl traversion flows -n shop --at $2" \
    "kubectl traversion at $2 logs deploy/visitors -n shop --tail 5")
  kubectl traversion console $1       # in the browser, with one slider
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
  # What rewind changes is a copy.
  cp "$KUBECONFIG" "$work/kubeconfig"
  export KUBECONFIG=$work/kubeconfig
  live=$(kubectl config current-context)
  if [ -z "$save" ]; then
    install
  else
    step "Recording into a directory"
    export TRAVERSION_RECORDING=$work/recording
    record --kubeconfig "$KUBECONFIG"
    record_node
  fi
  step "A small shop: visitors -> storefront -> catalog, checkout -> payments"
  kubectl delete namespace shop --ignore-not-found >/dev/null
  kubectl apply -f "$here/shop.yaml" | sed 's/^/    /' >&2
  for deployment in payments catalog checkout storefront visitors; do
    wait_for 120 "$deployment is rolled out" kubectl -n shop rollout status "deployment/$deployment" --timeout=1s
  done
  wait_for 60 "visitors are served" sh -c 'kubectl -n shop logs deployment/visitors --tail=1 | grep -q " ok "'
  sleep 3
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
  if [ -n "$save" ]; then
    step "Closing the recording"
    stop_recorder
    tail -n 4 "$work/record.log" | sed 's/^/    /' >&2
  else
    wait_for 60 "the server shows $after" kubectl traversion at "$after" get namespaces
  fi
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
unset TRAVERSION_RECORDING
cd "$root"
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
