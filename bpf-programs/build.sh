#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compiles the probes. Without a compiler for BPF nothing is made, and that is said: the rest of the project builds all the same.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'TEXT'
Usage: bpf-programs/build.sh FOLDER    Compiles each probe into FOLDER
       bpf-programs/build.sh packages  Installs what that needs, as root on Debian
TEXT
}

packages=(clang llvm libbpf-dev libbpf1 bpftool)

# What is missing, one a line.
missing() {
  local program
  for program in clang llvm-strip; do
    command -v "$program" >/dev/null || echo "$program"
  done
  [ -f /usr/include/bpf/bpf_helpers.h ] || echo "libbpf's headers"
}

install_packages() {
  [ -n "$(missing)" ] || return 0
  if [ $EUID -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "bpf-programs: only root on Debian can install ${packages[*]}" >&2
    return 1
  fi
  apt-get -q update
  DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends --no-remove install "${packages[@]}"
}

# Sources, headers and this script are small: all is compiled again when any of them is newer.
current() {
  local probe
  for probe in *.bpf.c; do
    [ -f "$1/${probe%.c}.o" ] && [ -z "$(find . -newer "$1/${probe%.c}.o" -type f)" ] || return 1
  done
}

compile() {
  local folder=$1 absent probe
  absent=$(missing | paste -sd, | sed 's/,/, /g')
  if [ -n "$absent" ]; then
    rm -f "$folder"/*.bpf.o
    echo "bpf-programs: the probes are not built, since these are missing: $absent (apt-get install ${packages[*]})"
    return
  fi
  mkdir -p "$folder"
  ! current "$folder" || return 0
  for probe in *.bpf.c; do
    # -g for BTF; the DWARF that comes with it is of no use.
    clang -g -O2 -Wall -Werror -target bpfel -mcpu=v3 -c "$probe" -o "$folder/${probe%.c}.o.new"
    llvm-strip -g "$folder/${probe%.c}.o.new"
    mv "$folder/${probe%.c}.o.new" "$folder/${probe%.c}.o"
  done
}

case ${1:-} in
  packages) install_packages ;;
  "" | -*) usage; exit 2 ;;
  *) compile "$(realpath -m "$1")" ;;
esac
