#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A real Kubernetes of one node on this machine, and an object store: built from Go modules, started, stopped without a trace.
set -euo pipefail
shopt -s extglob

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
for file in common process build images check pki control-plane node dns minio kwok; do
  # shellcheck source=/dev/null
  . "$here/lib/$file.sh"
done

usage() {
  cat <<'TEXT'
Usage: ./traversion cluster COMMAND [FLAGS]

  up            Build what is not in the cache yet, and start what does not run yet
  down          Stop everything, and remove every trace but the cache
  status        What runs: pid, health, version. Succeeds if all that was started is healthy
  kubeconfig    Print the path of the administrator's kubeconfig (context traversion-local)
  env           Print shell exports: KUBECONFIG, TRAVERSION_KUBECONFIG, PATH to kubectl, TRAVERSION_MINIO_*
  kubectl ...   Run the cluster's own kubectl on it
  check         Say everything that is in the way of "up", and fail if there is anything
  build         Only build
  path PROGRAM  Build a program, and print where it is: kubectl, etcdctl, ...; or "images", the archive of all images,
                or "libfaketime", the library that fakes a program's clock (installed if need be)
  kill PART, start PART
                End a part with SIGKILL, start it again as it was: for fault tests (etcd, apiserver, ...)
  load ARCHIVE  Give the node the images of an archive, as "docker save" and "./traversion images" write it
  tag IMAGE NAME
                Give an image that the node has another name, too
  kwok up|down  Start or stop the controller of fake nodes and pods, for benchmarks

Flags of up, build, path and check:
  --kubernetes 1.36|1.34   Version (default what already runs, or $TRAVERSION_KUBERNETES, or 1.36)
  --only PART[,PART...]    Only these parts and what they need: etcd, apiserver, controller-manager, scheduler, node, dns, minio.
                           Without a controller manager no namespace has a default service account, and none ends.
  --apiserver-flag FLAG    One more flag for the API server, such as --apiserver-flag=--event-ttl=5m; repeatable
Flags of every command:
  --state DIR              Where everything is kept until "down" (default $XDG_STATE_HOME/traversion/cluster). Another folder is
                           another cluster, with ports of its own; only one on a machine can have a node.
  --port-base N            The first of 14 ports (default 26440, or what already runs): the API server has N+3, MinIO N+10

Programs are cached in ${TRAVERSION_CACHE:-~/.cache/traversion}.
Only the part "node" needs root. Images for pods: traversion.test/minio:1, and
traversion.test/actor:1, :2, :3 (run it without arguments to see its roles).
TEXT
}

all_programs=(etcd etcdctl kubectl kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy minio kwok client-go k9s helm krew promtool)
all_parts=(etcd apiserver controller-manager scheduler node dns minio)
ports=(etcd etcd-peer apiserver controller-manager scheduler kubelet kubelet-health kube-proxy-health kube-proxy-metrics minio kwok)
node=traversion
api_address=10.255.0.1
service_range=10.96.0.0/16
service_address=10.96.0.1
# shellcheck disable=SC2034 # used by lib/
dns_address=10.96.0.10

port() {
  case $1 in
    etcd) echo $((port_base + 1)) ;;
    etcd-peer) echo $((port_base + 2)) ;;
    apiserver) echo $((port_base + 3)) ;;
    controller-manager) echo $((port_base + 4)) ;;
    scheduler) echo $((port_base + 5)) ;;
    kubelet) echo $((port_base + 6)) ;;
    kubelet-health) echo $((port_base + 7)) ;;
    kube-proxy-health) echo $((port_base + 8)) ;;
    kube-proxy-metrics) echo $((port_base + 9)) ;;
    minio) echo $((port_base + 10)) ;;
    kwok) echo $((port_base + 11)) ;;
  esac
}

needs() {
  case $1 in
    apiserver) echo etcd ;;
    controller-manager | scheduler | node) echo etcd apiserver ;;
    dns) echo etcd apiserver controller-manager scheduler node ;;
  esac
}

wants() { [[ " ${parts[*]} " == *" $1 "* ]]; }

# The programs to build for the chosen parts, those first that others wait for.
programs() {
  local part
  for part in "${parts[@]}"; do
    case $part in
      etcd) echo etcd etcdctl ;;
      apiserver) echo kubectl kube-apiserver ;;
      controller-manager | scheduler) echo "kube-$part" ;;
      node) echo kubelet kube-proxy "$(image_programs)" ;;
      minio) echo minio ;;
    esac
  done
}

# choose_parts PART[,PART...]: these and what they need, in the order in which they start
choose_parts() {
  local part wanted
  wanted=" ${1//,/ } "
  for part in ${1//,/ }; do
    [[ " ${all_parts[*]} " == *" $part "* ]] || die "there is no part '$part'; there are ${all_parts[*]}"
    wanted+="$(needs "$part") "
  done
  parts=()
  for part in "${all_parts[@]}"; do
    [[ " $wanted " != *" $part "* ]] || parts+=("$part")
  done
}

# Everything that changes the state holds a lock on its folder, which is a new one if "down" has removed it meanwhile.
lock() {
  while true; do
    mkdir -p "$state"
    exec 9<"$state"
    flock 9
    [ "$(stat -Lc %i /dev/fd/9)" != "$(stat -c %i "$state" 2>/dev/null)" ] || return 0
  done
}

# What was settled when the cluster was started, see remember.
recall() {
  local key value
  [ -f "$state/settings" ] || return 0
  while IFS='=' read -r key value; do
    case $key in
      kubernetes | port_base | boot | address | started) printf -v "was_$key" %s "$value" ;;
    esac
  done <"$state/settings"
}

remember() {
  local part
  for part in ${was_started:-}; do
    wants "$part" || parts+=("$part")
  done
  cat >"$state/settings" <<TEXT
kubernetes=$kubernetes
port_base=$port_base
boot=$boot
address=$address
started=${parts[*]}
TEXT
}

# Whether there is a cluster without its settings: somebody has deleted them, and what runs is in the way of a new one.
orphaned() { [ ! -f "$state/settings" ] && { [ "$(node_owner)" = "$state" ] || [ -n "$(strays)" ]; }; }

up() {
  local part obstacles began=$SECONDS chosen
  lock
  recall
  if [ -n "${was_boot:-}" ] && [ "$was_boot" != "$boot" ]; then
    say "the cluster in $state is from before the last reboot; starting afresh"
    wipe
    lock
    was_started=
  elif orphaned; then
    say "$state was deleted while its cluster ran; stopping what is left of it"
    wipe
    lock
  elif [ -n "${was_kubernetes:-}" ] && [ "$was_kubernetes $was_port_base" != "$kubernetes $port_base" ]; then
    die "Kubernetes $was_kubernetes at port base $was_port_base is there already; end it first (down), or use another --state"
  fi
  if healthy "${parts[@]}"; then
    say "already running in $state: ${parts[*]}"
    return
  fi
  obstacles=$(problems) || {
    [ -f "$state/settings" ] || rmdir "$state" 2>/dev/null || true
    die "cannot start, because"$'\n'"  - ${obstacles//$'\n'/$'\n'  - }"
  }
  chosen=("${parts[@]}")
  remember
  parts=("${chosen[@]}")
  [ ${#apiserver_flags[@]} -eq 0 ] || printf '%s\n' "${apiserver_flags[@]}" >"$state/apiserver.arguments"
  install_packages
  # shellcheck disable=SC2046
  build $(programs)
  ! wants node || pack_images
  say "starting ${parts[*]}"
  for part in "${parts[@]}"; do
    "up_${part//-/_}"
    # Meanwhile the controllers make its pod, which waits for the node.
    [ "$part" != scheduler ] || ! wants dns || apply_dns
  done
  say "ready after $((SECONDS - began)) s"
  ! wants apiserver || say "kubeconfig: $state/pki/kubeconfig"
}

# PART -> the daemons it consists of
daemons_of() {
  case $1 in
    node) echo containerd kubelet kube-proxy ;;
    dns) ;;
    *) echo "$1" ;;
  esac
}

healthy() {
  local part name
  for part in "$@"; do
    for name in $(daemons_of "$part"); do
      alive "$name" && "healthy_${name//-/_}" >/dev/null 2>&1 || return 1
    done
    [ "$part" != dns ] || { node_ready && healthy_dns; } >/dev/null 2>&1 || return 1
  done
}

wipe() {
  local name
  for name in kwok minio; do terminate "$name"; done
  down_node
  # The API server waits for watches to end, which nobody needs.
  for name in scheduler controller-manager apiserver etcd; do terminate "$name" KILL; done
  kill_strays
  release_address
  rm -rf --one-file-system "$state"
}

down() {
  if [ ! -f "$state/settings" ] && ! orphaned; then
    [ ! -d "$state" ] || rmdir "$state" 2>/dev/null || die "$state is not the state of a cluster, so it is left alone"
    say "nothing runs in $state"
    return
  fi
  [ "$(node_owner)" != "$state" ] || [ $EUID -eq 0 ] || die "only root can stop the cluster in $state (try sudo)"
  lock
  recall
  address=${was_address:-$address}
  wipe
  say "everything is stopped, and $state removed"
}

require_started() {
  recall
  [ -n "${was_started:-}" ] || die "no cluster runs in $state; start one: ./traversion cluster up"
}

status() {
  local part name pid health result=0
  require_started
  printf '%-20s %-8s %-10s %s\n' COMPONENT PID HEALTH VERSION
  for part in $was_started; do
    for name in $(daemons_of "$part"); do
      pid=$(pid_of "$name") || pid=-
      health=healthy
      if [ "$pid" = - ]; then
        health=dead
      elif ! "healthy_${name//-/_}" >/dev/null 2>&1; then
        health=sick
      fi
      [ $health = healthy ] || result=1
      printf '%-20s %-8s %-10s %s\n' "$name" "$pid" "$health" "$(running_version "$name")"
    done
    if [ "$part" = dns ]; then
      health=healthy
      { node_ready && healthy_dns; } >/dev/null 2>&1 || { health=sick; result=1; }
      printf '%-20s %-8s %-10s %s\n' dns pod "$health" "$(version_of coredns)"
    fi
  done
  return $result
}

running_version() {
  case $1 in
    containerd) containerd --version | awk '{ print $3 }' ;;
    kube-proxy | kubelet | etcd | minio) version_of "$1" ;;
    *) version_of "kube-$1" ;;
  esac
}

print_environment() {
  require_started
  if [[ " $was_started " == *" apiserver "* ]]; then
    build kubectl etcdctl
    printf 'export KUBECONFIG=%q\nexport TRAVERSION_KUBECONFIG=%q\n' "$state/pki/kubeconfig" "$state/pki/kubeconfig"
    printf 'export TRAVERSION_KUBECTL=%q\nexport PATH=%q:"$PATH"\n' "$(path_of kubectl)" "$(dirname "$(path_of kubectl)")"
    printf 'export TRAVERSION_ETCD_ENDPOINT=%q\nexport TRAVERSION_ETCDCTL=%q\n' "http://127.0.0.1:$(port etcd)" "$(path_of etcdctl)"
  fi
  if [[ " $was_started " == *" minio "* ]]; then
    printf 'export TRAVERSION_MINIO_ENDPOINT=%q\nexport TRAVERSION_MINIO_ACCESS_KEY=%q\nexport TRAVERSION_MINIO_SECRET_KEY=%q\n' \
      "http://127.0.0.1:$(port minio)" "$minio_access_key" "$minio_secret_key"
  fi
}

print_path() {
  if [ "${1:-}" = images ]; then
    # shellcheck disable=SC2046
    build $(image_programs)
    pack_images
    image_archive
  elif [ "${1:-}" = libfaketime ]; then
    libfaketime
  else
    [[ " ${all_programs[*]} " == *" ${1:-} "* ]] || die "path needs the name of a program: ${all_programs[*]} images libfaketime"
    build "$1"
    path_of "$1"
  fi
}

# A part as a user names it -> its only daemon
daemon_named() {
  case $1 in
    etcd | apiserver | controller-manager | scheduler | minio | kubelet | kube-proxy | containerd) ;;
    *) die "cannot do that to '$1'; name one of etcd apiserver controller-manager scheduler minio kubelet kube-proxy containerd" ;;
  esac
}

command=${1:-help}
[ $# -eq 0 ] || shift
case $command in
  -h | --help | help) usage; exit 0 ;;
esac

state=${XDG_STATE_HOME:-$HOME/.local/state}/traversion/cluster
cache=${TRAVERSION_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/traversion}
boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null || echo unknown)
address=$api_address
[ $EUID -eq 0 ] || address=127.0.0.1
kubernetes=
port_base=
only=
apiserver_flags=()
arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --kubernetes | --only | --apiserver-flag | --state | --port-base)
      [ $# -ge 2 ] || die "$1 needs a value"
      set -- "$1=$2" "${@:3}"
      continue
      ;;
    --kubernetes=*) kubernetes=${1#*=} ;;
    --only=*) only=${1#*=} ;;
    --apiserver-flag=*) apiserver_flags+=("${1#*=}") ;;
    --state=*) state=$(realpath -m "${1#*=}") ;;
    --port-base=*) port_base=${1#*=} ;;
    -*)
      [ "$command" = kubectl ] || die "unknown flag '$1' (see --help)"
      arguments+=("$@")
      break
      ;;
    *)
      arguments+=("$1")
      # What follows is kubectl's.
      [ "$command" != kubectl ] || { arguments+=("${@:2}"); break; }
      ;;
  esac
  shift
done
recall
kubernetes=${kubernetes:-${was_kubernetes:-${TRAVERSION_KUBERNETES:-1.36}}}
port_base=${port_base:-${was_port_base:-26440}}
[ -d "$here/tools/kubernetes-$kubernetes" ] || die "there is no Kubernetes $kubernetes here; choose 1.36 or 1.34"
[[ $port_base =~ ^[0-9]+$ && $port_base -ge 1024 && $port_base -le 65000 ]] || die "--port-base needs a number from 1024 to 65000, not '$port_base'"
if [ -n "$only" ]; then choose_parts "$only"; else parts=("${all_parts[@]}"); fi

case $command in
  up) up ;;
  down) down ;;
  status) status ;;
  kubeconfig) require_started; echo "$state/pki/kubeconfig" ;;
  env) print_environment ;;
  path) print_path "${arguments[0]:-}" ;;
  kubectl)
    require_started
    build kubectl
    exec "$(path_of kubectl)" --kubeconfig "$state/pki/kubeconfig" "${arguments[@]}"
    ;;
  check) healthy "${parts[@]}" || problems ;;
  build)
    # shellcheck disable=SC2046
    build $(programs)
    ! wants node || pack_images
    ;;
  kill | start)
    require_started
    [ ${#arguments[@]} -eq 1 ] || die "$command needs the name of one part"
    daemon_named "${arguments[0]}"
    lock
    if [ "$command" = kill ]; then terminate "${arguments[0]}" KILL; else "up_${arguments[0]//-/_}"; fi
    ;;
  load)
    require_started
    [ ${#arguments[@]} -eq 1 ] || die "load needs the path of an archive of images"
    load_images "${arguments[0]}"
    ;;
  tag)
    require_started
    [ ${#arguments[@]} -eq 2 ] || die "tag needs an image and another name for it"
    tag_image "${arguments[@]}"
    ;;
  kwok)
    require_started
    lock
    kwok "${arguments[@]}"
    ;;
  *)
    usage >&2
    die "unknown command '$command'"
    ;;
esac
