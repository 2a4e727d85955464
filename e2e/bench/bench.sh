#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the benchmarks. Each prints its figure, the target, and the ratio to a baseline measured in the same run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

usage() {
  cat <<'TEXT'
Usage: ./traversion bench [archive | cluster] [SIZE]

  archive   State, object and history at random moments, sealing, bytes per change against JSON lines with zstd -3
  cluster   Recording of initial lists; lists of SIZE pods (default 10000), cold, warm and by 50 clients, against a real API server

Without a name, both. The machine should have nothing else to do.
TEXT
}

archive() { "$root/traversion" maven -q -pl archive -am -Pbench -Dsurefire.skip=true "-Dbench.arguments=${1:-}" test; }
cluster() { "$root/traversion" maven -q -pl e2e -am -Pbench-cluster -Dsurefire.skip=true "-Dbench.arguments=${1:-}" test; }

case ${1:-all} in
  -h | --help) usage ;;
  archive | cluster) "$@" ;;
  all) archive && cluster ;;
  *)
    usage >&2
    echo "bench: unknown benchmark '$1'" >&2
    exit 2
    ;;
esac
