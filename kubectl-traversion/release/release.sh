#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes what a release of the plugin consists of. The same build gives the same bytes.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
version=$(sed -n 's|^ *<version>\(.*\)</version>.*|\1|p' "$root/pom.xml" | head -1)

usage() {
  cat <<TEXT
Usage: ./traversion release URL [FOLDER]

Packs the plugin for this machine's platform into FOLDER (default kubectl-traversion/target/release), and writes there the manifest with which
Krew installs it from URL/ARCHIVE: traversion.yaml, with a platform for every archive of this version in FOLDER. Beside it: the
bill of materials, bom.json.
TEXT
}

die() {
  echo "traversion: $*" >&2
  exit 1
}

# As Krew calls it: linux, darwin; amd64, arm64
os() { uname -s | tr '[:upper:]' '[:lower:]'; }
arch() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64 | arm64) echo arm64 ;;
    *) die "Krew has no name for this machine's architecture, $(uname -m)" ;;
  esac
}

# Without the caches, which are for the paths where they were made; without links, which Krew refuses.
pack() {
  local dist=$root/kubectl-traversion/target/dist
  [ -d "$dist/runtime" ] || "$root/traversion" build >&2
  tar --sort=name --mtime=2026-01-01T00:00:00Z --owner=0 --group=0 --numeric-owner --format=gnu --dereference --hard-dereference \
    -C "$dist" -cf - bin lib runtime kubectl-traversion.jar -C "$root" LICENSE | gzip -n >"$1.new"
  mv "$1.new" "$1"
}

manifest() {
  local archive platform
  sed "1d; s|@version@|$version|" "$root/kubectl-traversion/release/traversion.yaml"
  for archive in "$folder/kubectl-traversion-$version"-*.tar.gz; do
    platform=${archive##*/kubectl-traversion-"$version"-}
    platform=${platform%.tar.gz}
    cat <<TEXT
  - selector: {matchLabels: {os: ${platform%-*}, arch: ${platform#*-}}}
    uri: $url/${archive##*/}
    sha256: $(sha256sum "$archive" | cut -d ' ' -f 1)
    bin: bin/kubectl-traversion
TEXT
  done
}

case ${1:-} in
  -h | --help) usage; exit ;;
  https://*) url=${1%/} ;;
  *) usage >&2; die "needs the URL, beginning with https://, of the folder from which the archives will be served" ;;
esac
folder=$(realpath -m "${2:-$root/kubectl-traversion/target/release}")
mkdir -p "$folder"
pack "$folder/kubectl-traversion-$version-$(os)-$(arch).tar.gz"
manifest >"$folder/traversion.yaml"
cp "$("$root/traversion" bom)" "$folder/bom.json"
echo "$folder"
