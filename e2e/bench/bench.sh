#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the benchmarks. Each prints its figure, the target, and the ratio to a baseline measured in the same run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

usage() {
  cat <<'TEXT'
Usage: ./traversion bench [archive | ingest | cluster | access | console | why | agent | hour] [SIZE]

  archive   State, object and history at random moments, sealing, bytes per change against JSON lines with zstd -3
  ingest    Recording of SIZE objects (default 1000, 10000 and 100000) and of changes, from the socket to the synced log: changes per
            CPU-second against only reading the same streams, garbage, live heap, bytes
  cluster   Recording of initial lists; lists of SIZE pods (default 10000), cold, warm and by 50 clients, against a real API server
  access    A get and a list from the server in the cluster, which asks the API server who that is and what they may and writes it down
            first, against the same without; remembered, and asked anew
  console   What the console's server takes on 100,000 pods with a million changes: indexes, densities, steps to random moments;
            and the page in Chromium: its first picture, scripts of a frame, live heap over 10 minutes of playing. SIZE may be
            "PODS CHANGES SECONDS-OF-PLAYING"
  why       Questions about causes over an hour of 1000 and 10000 objects (or SIZE) in a heap of 256 MiB: CPU time and garbage, against
            reading the state once
  agent     The node's agent, as root: CPU, memory and losses at 1,000 to 95,000 events a second, ns of each probe, bytes of rows and
            rows compacted; what a busy server and a storm of processes (SIZE rounds) pay, against nothing and against bpftrace
  hour      An hour, or SIZE minutes, of 500 nodes and 10,000 pods that kwok runs and rollouts change: bytes per change, sealed and packed,
            against JSON lines with zstd -3, CPU time, live heap

Without a name, all but the hour. The machine should have nothing else to do.
TEXT
}

archive() { "$root/traversion" maven -q -pl archive -am -Pbench -Dsurefire.skip=true "-Dbench.arguments=${1:-}" test; }
ingest() { "$root/traversion" maven -q -pl snapshotter -am -Pbench-ingest -Dsurefire.skip=true "-Dbench.arguments=${1:-}" test; }
cluster() { "$root/traversion" maven -q -pl e2e -am -Pbench-cluster -Dsurefire.skip=true "-Dbench.arguments=${1:-}" test; }
console() {
  "$root/console/build.sh" build
  "$root/traversion" maven -q -pl rewind -am -Pbench-console -Dsurefire.skip=true "-Dbench.arguments=${1:-}" test
}
why() { "$root/traversion" maven -q -pl analysis -am -Pbench-why -Dsurefire.skip=true "-Dbench.arguments=${1:-}" test; }
agent() {
  command -v bpftrace >/dev/null || echo "bench: no bpftrace to compare with (apt-get install bpftrace)" >&2
  "$root/traversion" maven -q -pl daemonset -am -Pbench-agent -Dsurefire.skip=true "-Dbench.arguments=${1:-}" test
}
access() {
  "$root/traversion" maven -q -pl e2e -am -Pbench-cluster -Dsurefire.skip=true -Dbench.class=AccessBenchmark test
}
hour() {
  "$root/traversion" maven -q -pl e2e -am -Pbench-cluster -Dsurefire.skip=true -Dbench.class=HourBenchmark "-Dbench.arguments=${1:-60}" test
}

case ${1:-all} in
  -h | --help) usage ;;
  archive | ingest | cluster | access | console | why | agent | hour) "$@" ;;
  all) archive && ingest && cluster && access && console && why && agent ;;
  *)
    usage >&2
    echo "bench: unknown benchmark '$1'" >&2
    exit 2
    ;;
esac
