#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Plays the scenarios on the local cluster, or on the one that TRAVERSION_KUBECONFIG names, and compares what "why" says with the truth.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
classpath=$root/e2e/target/scenarios.classpath

build() {
  [ -x "$root/kubectl-traversion/target/dist/bin/kubectl-traversion" ] || "$root/traversion" build >&2
  if [ ! -f "$classpath" ] || [ -n "$(find "$root/pom.xml" "$root/e2e/pom.xml" "$root/e2e/src/main" -newer "$classpath" -print -quit)" ]; then
    "$root/traversion" maven -q -DskipTests -pl e2e -am test-compile \
      org.apache.maven.plugins:maven-dependency-plugin:build-classpath "-Dmdep.outputFile=$classpath.new" >&2
    # What a build that failed left behind must not count as one.
    mv "$classpath.new" "$classpath"
  fi
}

run() {
  "$("$root/traversion" java-home)/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dtraversion.root="$root" \
    -Djava.util.logging.config.file="$root/e2e/src/test/resources/logging.properties" \
    -cp "$root/e2e/target/classes:$(cat "$classpath")" dev.traversion.e2e.scenarios.Scenarios "$@"
}

build
case " $* " in
  *" --replay"* | *" --help "* | *" -h "*)
    run "$@"
    exit
    ;;
esac

started=false
clean_up() {
  local status=$?
  trap - EXIT
  ! $started || "$root/traversion" cluster down || status=1
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

if [ -z "${TRAVERSION_KUBECONFIG:-}" ]; then
  "$root/traversion" cluster status >/dev/null 2>&1 || started=true
  "$root/traversion" cluster up --only dns
  eval "$("$root/traversion" cluster env)"
  export TRAVERSION_NODE_IS_HERE=true
fi
: "${TRAVERSION_KUBECTL:=$(command -v kubectl || "$root/traversion" cluster path kubectl)}"
export TRAVERSION_KUBECTL
run "$@"
