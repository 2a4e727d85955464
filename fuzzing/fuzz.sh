#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Searches for inputs that break a fuzz target, guided by coverage.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
state=${XDG_CACHE_HOME:-$HOME/.cache}/traversion/fuzz
modules=(archive masking snapshotter rewind kubectl-traversion)

usage() {
  cat <<TEXT
Usage: ./traversion fuzz [TARGET] [--seconds N] [--keep]

Fuzzes every target in turn, or those whose name contains TARGET, such as Masking or DeltaFuzzTest.anyBody.

  --list       Name the targets
  --seconds N  How long each is fuzzed (60)
  --keep       Add the found inputs that cover more than the kept ones to those, in src/test/resources

Corpora grow in $state, findings lie beside them. Fix what a finding shows, and keep it as a test resource:
the build runs all kept inputs, and some made of them.
TEXT
}

die() {
  echo "traversion: $*" >&2
  exit 2
}

# module, class, method: a line each
targets() {
  local module file class
  for module in "${modules[@]}"; do
    while IFS= read -r file; do
      class=${file#"$root/$module/src/test/java/"}
      class=${class%.java}
      grep -A1 '@FuzzTest' "$file" | sed -n "s|.*void \([A-Za-z0-9]*\)(.*|$module ${class//\//.} \1|p"
    done < <(find "$root/$module/src/test/java" -name '*FuzzTest.java' | sort)
  done
}

wanted= seconds=60 keep=
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit ;;
    --list) targets | awk '{ sub(/.*\./, "", $2); print $2 "." $3 }'; exit ;;
    --seconds) [[ ${2:-} =~ ^[0-9]+$ ]] || die "--seconds needs a number"; seconds=$2; shift 2 ;;
    --keep) keep=yes; shift ;;
    -*) usage >&2; die "unknown option $1" ;;
    *) wanted=$1; shift ;;
  esac
done

chosen=$(targets | awk -v wanted="${wanted,,}" '
  { name = $2; sub(/.*\./, "", name); if (index(tolower(name "." $3), wanted)) print }')
[ -n "$chosen" ] || die "no target's name contains '$wanted'; ./traversion fuzz --list names them"

"$root/traversion" maven -q test-compile dependency:build-classpath -Dmdep.outputFile=target/fuzz.classpath \
  -pl "$(awk '{ print $1 }' <<<"$chosen" | sort -u | paste -sd,)" -am
java=$("$root/traversion" java-home)/bin/java

# Arguments: module, class, method, and what libFuzzer is given
jazzer() {
  local module=$1 class=$2 method=$3
  shift 3
  "$java" -Xmx1g --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+EnableDynamicAgentLoading \
    -cp "$root/$module/target/test-classes:$root/$module/target/classes:$(cat "$root/$module/target/fuzz.classpath")" \
    com.code_intelligence.jazzer.Jazzer "--target_class=$class" "--target_method=$method" \
    '--instrumentation_includes=dev.traversion.**' --reproducer_path="$state" "$@"
}

failed=0
while read -r module class method; do
  name=${class##*.}.$method
  kept=$root/$module/src/test/resources/${class//.//}Inputs/$method
  corpus=$state/$name
  mkdir -p "$kept" "$corpus" "$state/findings"
  echo "$name: $seconds s; corpus in $corpus"
  if ! jazzer "$module" "$class" "$method" "$corpus" "$kept" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 \
    -max_len=16384 -artifact_prefix="$state/findings/$name-" </dev/null >"$corpus.log" 2>&1; then
    failed=$((failed + 1))
    echo "$name: FOUND SOMETHING: $(grep -m1 -E '^== Java Exception|ERROR: libFuzzer' "$corpus.log" || true)"
    echo "  input: $(ls -t "$state/findings/$name-"* 2>/dev/null | head -1); log: $corpus.log"
  elif [ -n "$keep" ]; then
    jazzer "$module" "$class" "$method" -merge=1 -max_len=2048 "$kept" "$corpus" </dev/null >"$corpus.merge.log" 2>&1 ||
      die "cannot merge the corpus of $name; see $corpus.merge.log"
  fi
  tail -n 5 "$corpus.log" | grep -E '^(#|Done)' || true
  rmdir --ignore-fail-on-non-empty -p "$kept" 2>/dev/null || true
done <<<"$chosen"

[ "$failed" -eq 0 ] || { echo "$failed targets broke"; exit 1; }
