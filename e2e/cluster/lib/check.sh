# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Says everything that is in the way of a cluster at once, before anything is built or started; installs packages. Sourced.

# The packages that are missing for the chosen parts.
missing_packages() {
  local pair wanted=(openssl:openssl)
  # Root need not have these folders in its PATH, where they are not looked for again below.
  ! wants node || wanted+=(containerd:containerd ctr:containerd runc:runc iptables:iptables ip:iproute2)
  for pair in "${wanted[@]}"; do
    command -v "${pair%:*}" >/dev/null || echo "${pair#*:}"
  done
  ! wants node || plugin_directory >/dev/null || echo containernetworking-plugins
}

listening() { grep -qi "^ *[0-9]*: [0-9A-F]*:$(printf %04X "$1") [0-9A-F:]* 0A" /proc/net/tcp /proc/net/tcp6; }

missing_programs() {
  local program
  for program in $(programs); do
    [ -x "$(path_of "$program")" ] || echo "$program"
  done
}

go_version() { GOTOOLCHAIN=local go env GOVERSION 2>/dev/null; }

check_go() {
  local unbuilt version
  unbuilt=$(missing_programs | tr '\n' ' ')
  [ -n "$unbuilt" ] || return 0
  version=$(go_version) || {
    echo "Go $go_minimum or newer is not installed, and these are not built yet: $unbuilt(Install it from go.dev/dl or your distribution.)"
    return
  }
  version=${version#go}
  [ "$(printf '%s\n' "$go_minimum" "${version%% *}" | sort -V | head -n 1)" = "$go_minimum" ] ||
    echo "Go is version $version, and $go_minimum or newer is needed to build: $unbuilt"
  local folder=$cache
  while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
  [ "$(df --output=avail -m "$folder" | tail -n 1)" -ge 6000 ] || echo "less than 6 GB are free in $folder, which the first build needs"
}

check_packages() {
  local packages
  packages=$(missing_packages | sort -u | tr '\n' ' ')
  [ -n "$packages" ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "these programs are not installed, and there is no apt-get to install them: $packages"
  elif [ $EUID -ne 0 ]; then
    echo "these packages are not installed, and only root can install them: $packages(apt-get install $packages)"
  fi
}

check_ports() {
  local part
  for part in "${ports[@]}"; do
    case $part in
      etcd*) wants etcd ;;
      minio) wants minio ;;
      apiserver | controller-manager | scheduler) wants "$part" ;;
      *) wants node ;;
    esac || continue
    if listening "$(port "$part")" && ! alive "${part%-@(peer|health|metrics)}"; then
      echo "port $(port "$part") for $part is taken; choose others with --port-base, or end what listens there"
    fi
  done
}

check_node() {
  local owner routed
  [ $EUID -eq 0 ] || echo "you are not root, who alone can make containers, networks and iptables rules here (try sudo)"
  owner=$(node_owner)
  if [ -n "$owner" ] && [ "$owner" != "$state" ]; then
    echo "this machine already is the node of the cluster in $owner, and can be one only once (cluster.sh down --state $owner)"
  elif [ -z "$owner" ] && [ $EUID -eq 0 ] && iptables-save -t nat 2>/dev/null | grep -q '^:KUBE-SERVICES '; then
    echo "this machine already is a node of another Kubernetes: its iptables have KUBE-SERVICES"
  fi
  [ $EUID -ne 0 ] || ! command -v iptables >/dev/null || iptables -w -t nat -S >/dev/null 2>&1 || echo "iptables does not work here: $(iptables -w -t nat -S 2>&1 | head -n 1)"
  routed=$(ip -4 route show "$pod_range" 2>/dev/null | grep -v " $bridge ") || true
  [ -z "$routed" ] || echo "the range $pod_range, meant for pods, is in use: $routed"
  [ -d /sys/fs/cgroup/memory ] || grep -qsw memory /sys/fs/cgroup/cgroup.controllers || echo "there is no cgroup memory controller under /sys/fs/cgroup"
  # Paths of sockets can have 107 characters.
  [ ${#state} -le 64 ] || echo "the state folder's path is too long for sockets in it (64 characters at most): $state"
}

# Prints the problems, one a line; succeeds if there are none.
problems() {
  local found
  found=$(
    [ "$(uname -s)" = Linux ] || echo "this is $(uname -s), and the local cluster needs Linux"
    check_packages
    check_go
    ! wants node || check_node
    # "up" ends orphans, and the ports they hold, first.
    orphaned || check_ports
  )
  [ -z "$found" ] || echo "$found"
  [ -z "$found" ]
}

install_packages() {
  local packages
  mapfile -t packages < <(missing_packages | sort -u)
  [ ${#packages[@]} -gt 0 ] || return 0
  mkdir -p "$state/log"
  progress "updating the list of packages" "$state/log/apt.log" apt-get -q update
  # --no-remove: what is there (Docker's own containerd, for one) stays.
  progress "installing ${packages[*]}" "$state/log/apt.log" env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y --no-install-recommends --no-remove install "${packages[@]}"
}

# Where the library is that fakes a program's clock. Only one test wants it, so nothing else waits for it.
libfaketime() {
  local library
  library=$(find /usr/lib -name libfaketimeMT.so.1 2>/dev/null | head -n 1)
  if [ -z "$library" ] && [ $EUID -eq 0 ] && command -v apt-get >/dev/null; then
    {
      apt-get -q update &&
        DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends --no-remove install libfaketime
    } >&2 || true
    library=$(find /usr/lib -name libfaketimeMT.so.1 2>/dev/null | head -n 1)
  fi
  [ -n "$library" ] || die "libfaketime is not installed (apt-get install libfaketime)"
  echo "$library"
}
