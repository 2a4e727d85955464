#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Assembles the images of what runs in the cluster, without a container engine and without a registry: this machine's own C library and
# shell (Debian's packages), and what "./traversion build" made. The same input gives the same bytes.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
version=$(sed -n 's|^ *<version>\(.*\)</version>.*|\1|p' "$root/pom.xml" | head -1)
registry=traversion.test

usage() {
  cat <<TEXT
Usage: ./traversion images [OUT.tar]

Builds $registry/traversion:$version (recorder and server of the past), $registry/traversion-operator:$version and
$registry/traversion-agent:$version (the agents on the nodes) into one archive, as "docker save" writes it (default
operator/target/images.tar): "docker load", "ctr images import" and "./traversion cluster load" take it.
TEXT
}

die() {
  echo "traversion: $*" >&2
  exit 1
}

# A tar whose bytes say nothing of when and by whom it was made: pack FOLDER OUT
pack() {
  ls -A "$1" | tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=gnu -C "$1" -cf "$2" -T -
}

sum() { sha256sum "$1" | cut -d ' ' -f 1; }

# The files of Debian's packages, into a folder: packages FOLDER PACKAGE...
packages() {
  local folder=$1
  shift
  dpkg-query -L "$@" | grep -vE '/share/|/gconv|/audit' | while read -r file; do
    [ ! -f "$file" ] || echo ".$file"
  done | tar -C / -cf - -T - | tar -C "$folder" --keep-directory-symlink -xf -
}

# What the programs need of an operating system.
base_layer() {
  local link
  mkdir -p "$1"/{usr/bin,usr/lib,usr/lib64,etc,tmp}
  for link in bin lib lib64; do ln -s "usr/$link" "$1/$link"; done
  packages "$1" libc6 dash
  ln -sf dash "$1/usr/bin/sh"
  printf 'root:x:0:0::/:/bin/sh\ntraversion:x:65532:65532::/var/lib/traversion:/bin/sh\n' >"$1/etc/passwd"
  printf 'root:x:0:\ntraversion:x:65532:\n' >"$1/etc/group"
  chmod 1777 "$1/tmp"
}

# The plugin's folder as it is, but for its caches, which are for the paths where they were made.
program_layer() {
  local home=$1/opt/traversion
  mkdir -p "$home"
  cp -r "$root"/kubectl-traversion/target/dist/{bin,lib,runtime,kubectl-traversion.jar} "$bom" "$home"
}

operator_layer() {
  local home=$1/opt/traversion/operator jar
  mkdir -p "$home"
  cp "$root"/operator/target/operator-*.jar "$home"
  for jar in "$root"/operator/target/lib/*.jar; do
    [ -f "$root/kubectl-traversion/target/dist/lib/${jar##*/}" ] || cp "$jar" "$home"
  done
}

# The agent without the plugin, since every node pulls it: a runtime, its libraries, and libbpf.
agent_layer() {
  local home=$1/opt/traversion link
  mkdir -p "$home/agent" "$1"/usr/{bin,lib,lib64}
  for link in bin lib lib64; do ln -s "usr/$link" "$1/$link"; done
  packages "$1" "${agent_packages[@]}"
  rm "$1"/{bin,lib,lib64}
  cp -r "$root/kubectl-traversion/target/dist/runtime" "$bom" "$home"
  cp "$root"/daemonset/target/daemonset-*.jar "$root"/daemonset/target/lib/*.jar "$home/agent"
}

# image NAME USER ENTRYPOINT LAYER...: writes its configuration, and prints its entry of the archive's manifest
image() {
  local name=$1 user=$2 entrypoint=$3 layer config ids=() layers=()
  shift 3
  for layer; do
    ids+=("\"sha256:$(sum "$work/archive/$layer")\"")
    layers+=("\"$layer\"")
  done
  config=$work/config.json
  printf '{"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":{"User":"%s","WorkingDir":"/","Env":["PATH=/opt/traversion/bin:/bin","LC_ALL=C.UTF-8"],"Entrypoint":[%s]},"rootfs":{"type":"layers","diff_ids":[%s]}}' \
    "$(dpkg --print-architecture)" "$user" "$entrypoint" "$(IFS=,; echo "${ids[*]}")" >"$config"
  mv "$config" "$work/archive/$(sum "$config").json.new"
  for config in "$work"/archive/*.json.new; do
    mv "$config" "${config%.new}"
    printf '{"Config":"%s","RepoTags":["%s/%s:%s"],"Layers":[%s]}' "$(basename "${config%.new}")" "$registry" "$name" "$version" \
      "$(IFS=,; echo "${layers[*]}")"
  done
}

case ${1:-} in -h | --help) usage; exit ;; esac
out=$(realpath -m "${1:-$root/operator/target/images.tar}")
[ -d "$root/kubectl-traversion/target/dist/runtime" ] && [ -d "$root/operator/target/lib" ] && [ -d "$root/daemonset/target/lib" ] || "$root/traversion" build

agent_packages=(libbpf1 libelf1 zlib1g)
dpkg-query -W "${agent_packages[@]}" >/dev/null 2>&1 || agent_packages=(libbpf1 libelf1t64 zlib1g libzstd1)
has_agent=true
if ! dpkg-query -W "${agent_packages[@]}" >/dev/null 2>&1; then
  has_agent=false
  echo "traversion: no image of the agents is made: this machine lacks libbpf1 (bpf-programs/build.sh packages installs it)" >&2
fi
dpkg-query -W libc6 dash >/dev/null 2>&1 || die "the base of the images comes from Debian's packages libc6 and dash, which this machine does not have"

bom=$("$root/traversion" bom)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/archive"
layers=(base program operator)
! $has_agent || layers+=(agent)
for layer in "${layers[@]}"; do
  "${layer}_layer" "$work/$layer"
  pack "$work/$layer" "$work/archive/$layer.tar"
  rm -rf "${work:?}/$layer"
done
options='"--enable-native-access=ALL-UNNAMED","--sun-misc-unsafe-memory-access=allow"'
operator='"/opt/traversion/runtime/bin/java","-XX:+UseSerialGC","-XX:MaxRAMPercentage=60",'$options',"-cp","/opt/traversion/operator/*:/opt/traversion/lib/*","dev.traversion.operator.Main"'
agent='"/opt/traversion/runtime/bin/java","-XX:+UseSerialGC","-Xms8m","-Xmn4m","-Xmx64m","-XX:TrimNativeHeapInterval=10000","-XX:+UseCompactObjectHeaders","-XX:ReservedCodeCacheSize=32m","-Xss256k","-XX:+ExitOnOutOfMemoryError",'$options',"-cp","/opt/traversion/agent/*","dev.traversion.daemonset.Main"'
images=(
  "$(image traversion 65532:65532 '"/opt/traversion/bin/kubectl-traversion"' base.tar program.tar)"
  "$(image traversion-operator 65532:65532 "$operator" base.tar program.tar operator.tar)"
)
# Kubernetes gives added capabilities to root only.
! $has_agent || images+=("$(image traversion-agent 0:0 "$agent" base.tar agent.tar)")
printf '[%s]' "$(IFS=,; echo "${images[*]}")" >"$work/archive/manifest.json"
mkdir -p "$(dirname "$out")"
pack "$work/archive" "$out.new"
mv "$out.new" "$out"
echo "$out"
