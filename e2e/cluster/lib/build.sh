# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Builds the cluster's programs from the Go modules in tools/ and images/, once per version, into the cache. Sourced.

go_minimum=1.26
build_flags=(-trimpath -buildvcs=false)

# PROGRAM -> the folder of the module it comes from, relative to e2e/cluster
module_of() {
  case $1 in
    kube-* | kubectl | kubelet) echo "tools/kubernetes-$kubernetes" ;;
    etcd | etcdctl) echo tools/etcd ;;
    actor | pause | pack) echo images ;;
    client-go | k9s) echo "../clients/$1" ;;
    promtool) echo tools/prometheus ;;
    *) echo "tools/$1" ;;
  esac
}

package_of() {
  case $1 in
    kube-* | kubectl | kubelet) echo "k8s.io/kubernetes/cmd/$1" ;;
    etcd) echo go.etcd.io/etcd/server/v3 ;;
    etcdctl) echo go.etcd.io/etcd/etcdctl/v3 ;;
    minio) echo github.com/minio/minio ;;
    kwok) echo sigs.k8s.io/kwok/cmd/kwok ;;
    actor | pause | pack) echo "./$1" ;;
    k9s) echo github.com/derailed/k9s ;;
    helm) echo helm.sh/helm/v4/cmd/helm ;;
    krew) echo sigs.k8s.io/krew/cmd/krew ;;
    promtool) echo github.com/prometheus/prometheus/cmd/promtool ;;
    coredns | client-go) echo . ;;
  esac
}

# PROGRAM -> the version of the module that contains it, as go.mod says; nothing for our own
version_of() {
  local module
  case $1 in
    kube-* | kubectl | kubelet) module=k8s.io/kubernetes ;;
    etcd | etcdctl) module=go.etcd.io/etcd/server/v3 ;;
    coredns) module=github.com/coredns/coredns ;;
    client-go) module=k8s.io/client-go ;;
    *) module=$(package_of "$1") ;;
  esac
  awk -v module="${module%/cmd/*}" '{ sub(/^require /, "") } $1 == module && $2 ~ /^v/ { print $2; exit }' "$here/$(module_of "$1")/go.mod"
}

# PROGRAM -> where it is, once built. A changed version, dependency or source gives another folder.
path_of() {
  local module sum
  module=$(module_of "$1")
  sum=$(cd "$here/$module" && find . -name '*.go' -o -name 'go.*' | LC_ALL=C sort | xargs cat | cat - <(echo "${build_flags[@]}") | sha256sum)
  echo "$cache/bin/${module##*/}-$(version_of "$1" | tr -c 'a-z0-9.\n' -)-${sum:0:10}/$1"
}

linker_flags_of() {
  local version flags="-s -w" package rest
  version=$(version_of "$1")
  case $1 in
    kube-* | kubectl | kubelet)
      # As Kubernetes' own build does. Without it the programs call themselves v0.0.0-master, and version skew checks complain.
      rest=${version#v1.}
      for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
        flags+=" -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=${rest%%.*}"
        flags+=" -X $package.gitTreeState=clean -X $package.gitCommit=$version -X $package.buildDate=1970-01-01T00:00:00Z"
      done
      ;;
    minio) flags+=" -X github.com/minio/minio/cmd.Version=$version" ;;
    k9s) flags+=" -X github.com/derailed/k9s/cmd.version=$version" ;;
    helm) flags+=" -X helm.sh/helm/v4/internal/version.version=$version" ;;
  esac
  echo "$flags"
}

# What a program is built without: promtool needs no discovery of clouds, which is most of its code.
tags_of() {
  case $1 in
    promtool) echo remove_all_sd ;;
  esac
}

compile() {
  cd "$here/$(module_of "$1")" || return
  env --unset GOFLAGS CGO_ENABLED=0 GOTOOLCHAIN=local GOWORK=off \
    go build "${build_flags[@]}" -tags "$(tags_of "$1")" -ldflags "$(linker_flags_of "$1")" -o "$2" "$(package_of "$1")"
}

# Builds the programs that the cache does not have yet.
build() {
  local program path version missing=()
  for program in "$@"; do
    path=$(path_of "$program")
    [ -x "$path" ] || missing+=("$program")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  mkdir -p "$cache/bin"
  # One build at a time on a machine: a second caller finds them built.
  exec 7<"$cache/bin"
  flock 7
  for program in "${missing[@]}"; do
    path=$(path_of "$program")
    if [ ! -x "$path" ]; then
      version=$(version_of "$program")
      mkdir -p "${path%/*}"
      progress "building $program${version:+ $version}" "${path%/*}/$program.log" compile "$program" "$path.new"
      mv "$path.new" "$path"
    fi
  done
  exec 7<&-
}
