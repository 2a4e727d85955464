#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs every test, and says at the end what passed, what failed, what passed only when run again, and what was skipped and why.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
  cat <<'TEXT'
Usage: ./traversion test [--unit | --tag TAG | --trino] [MAVEN ARGUMENTS]

Runs all tests: unit tests of each module, then the end-to-end tests (*IT in e2e/) against a real Kubernetes and a real MinIO.
The Kubernetes is, in this order: TRAVERSION_KUBECONFIG, K3s under Docker, the local one of ./traversion cluster.

  --unit      Unit tests only; needs neither root nor a cluster
  --tag TAG   End-to-end tests of one tag only
  --trino     Only that Trino reads the tables as everything else does; fetches Trino first (480 MB)
TEXT
}

goals=(verify)
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --unit) goals=(test); shift ;;
    --tag)
      [ $# -ge 2 ] || { echo "traversion: --tag needs the name of a tag" >&2; exit 2; }
      goals=(verify -Dsurefire.skip=true "-De2e.groups=$2")
      shift 2 ;;
    --trino)
      "$root/traversion" maven -q -f e2e/trino/pom.xml compile
      goals=(verify -Dsurefire.skip=true -De2e.groups=trino)
      shift ;;
    *) break ;;
  esac
done

# Reports of earlier runs would be counted as well.
find "$root" -path '*/target/*-reports/*' -name 'TEST-*.xml' -delete 2>/dev/null || true

# The build compiles the agent's probes if it can. A clean machine can only where root may install a compiler for BPF.
if [ "${goals[0]}" = verify ] && [ $EUID -eq 0 ]; then
  "$root/bpf-programs/build.sh" packages >&2 || true
fi

# The console is tested in the distribution's own browser.
if [ "${goals[0]}" = verify ] && [ $EUID -eq 0 ] && ! command -v chromium >/dev/null && command -v apt-get >/dev/null; then
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends chromium; } >&2 || true
fi

# What a shell starts in the background is deaf to Ctrl-C, which tests send.
hearing=()
if env --default-signal=INT true 2>/dev/null; then
  hearing=(env --default-signal=INT,QUIT)
fi

status=0
"${hearing[@]}" "$root/traversion" maven "${goals[@]}" "$@" || status=$?

# Surefire writes one element a line, attributes in a fixed order.
find "$root" -path '*/target/*-reports/TEST-*.xml' -exec cat {} + | awk '
  function attribute(name,   value) {
    if (!match($0, " " name "=\"[^\"]*\"")) return ""
    value = substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
    gsub(/&#10;/, " ", value); gsub(/&lt;/, "<", value); gsub(/&gt;/, ">", value); gsub(/&quot;/, "\"", value)
    gsub(/&apos;/, "\x27", value); gsub(/&amp;/, "\\&", value)
    return value
  }
  /^ *<testcase / { tests++; class = attribute("classname"); sub(/.*\./, "", class); test = class "." attribute("name") }
  # The reason is an attribute, or the first line of the text.
  /^ *<skipped/ {
    reason = attribute("message")
    if (reason == "" && match($0, /CDATA\[[^ ]*: /)) reason = substr($0, RSTART + RLENGTH)
    skipped[++skips] = test ": " reason
  }
  /^ *<(failure|error)[ >]/ { failed[++failures] = test ": " attribute("message") }
  /^ *<(flakyFailure|flakyError)[ >]/ { unsteady[++repeats] = test ": " attribute("message") }
  END {
    if (skips) print "\nSkipped:"
    for (i = 1; i <= skips; i++) print "  " skipped[i]
    if (repeats) print "\nFailed at first, and passed when run again:"
    for (i = 1; i <= repeats; i++) print "  " unsteady[i]
    if (failures) print "\nFailed:"
    for (i = 1; i <= failures; i++) print "  " failed[i]
    printf "\n%d passed, %d failed, %d skipped\n", tests - failures - skips, failures, skips
  }'
exit "$status"
