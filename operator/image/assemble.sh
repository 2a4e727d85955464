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

Builds $registry/traversion:$version (recorder and server of the past) and $registry/traversion-operator:$version into one archive, as
"docker save" writes it (default operator/target/images.tar): "docker load", "ctr images import" and "./traversion cluster load" take it.
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

# What the programs need of an operating system.
base_layer() {
  local link
  mkdir -p "$1"/{usr/bin,usr/lib,usr/lib64,etc,tmp}
  for link in bin lib lib64; do ln -s "usr/$link" "$1/$link"; done
  dpkg-query -L libc6 dash | grep -vE '/share/|/gconv|/audit' | while read -r file; do
    [ ! -f "$file" ] || echo ".$file"
  done | tar -C / -cf - -T - | tar -C "$1" --keep-directory-symlink -xf -
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

# image NAME ENTRYPOINT LAYER...: writes its configuration, and prints its entry of the archive's manifest
image() {
  local name=$1 entrypoint=$2 layer config ids=() layers=()
  shift 2
  for layer; do
    ids+=("\"sha256:$(sum "$work/archive/$layer")\"")
    layers+=("\"$layer\"")
  done
  config=$work/config.json
  printf '{"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":{"User":"65532:65532","WorkingDir":"/","Env":["PATH=/opt/traversion/bin:/bin","LC_ALL=C.UTF-8"],"Entrypoint":[%s]},"rootfs":{"type":"layers","diff_ids":[%s]}}' \
    "$(dpkg --print-architecture)" "$entrypoint" "$(IFS=,; echo "${ids[*]}")" >"$config"
  mv "$config" "$work/archive/$(sum "$config").json.new"
  for config in "$work"/archive/*.json.new; do
    mv "$config" "${config%.new}"
    printf '{"Config":"%s","RepoTags":["%s/%s:%s"],"Layers":[%s]}' "$(basename "${config%.new}")" "$registry" "$name" "$version" \
      "$(IFS=,; echo "${layers[*]}")"
  done
}

case ${1:-} in -h | --help) usage; exit ;; esac
out=$(realpath -m "${1:-$root/operator/target/images.tar}")
[ -d "$root/kubectl-traversion/target/dist/runtime" ] && [ -d "$root/operator/target/lib" ] || "$root/traversion" build

dpkg-query -W libc6 dash >/dev/null 2>&1 || die "the base of the images comes from Debian's packages libc6 and dash, which this machine does not have"

bom=$("$root/traversion" bom)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/archive"
for layer in base program operator; do
  "${layer}_layer" "$work/$layer"
  pack "$work/$layer" "$work/archive/$layer.tar"
  rm -rf "${work:?}/$layer"
done
java='"/opt/traversion/runtime/bin/java","-XX:+UseSerialGC","-XX:MaxRAMPercentage=60","--enable-native-access=ALL-UNNAMED","--sun-misc-unsafe-memory-access=allow","-cp","/opt/traversion/operator/*:/opt/traversion/lib/*","dev.traversion.operator.Main"'
printf '[%s,%s]' "$(image traversion '"/opt/traversion/bin/kubectl-traversion"' base.tar program.tar)" \
  "$(image traversion-operator "$java" base.tar program.tar operator.tar)" >"$work/archive/manifest.json"
mkdir -p "$(dirname "$out")"
pack "$work/archive" "$out.new"
mv "$out.new" "$out"
echo "$out"
