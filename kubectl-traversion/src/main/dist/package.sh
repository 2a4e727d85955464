#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes target/dist: launchers, jars, a Java runtime of the modules needed, and AOT caches trained on the real commands. Run by Maven.
# Arguments: the JDK's home, the module's directory, picocli's sources. Does nothing if nothing has changed.
set -euo pipefail

jdk=$1
module=$2
picocli_sources=$3
target=$module/target
dist=$target/dist
modules=java.base,java.compiler,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql,java.xml
modules+=,jdk.crypto.ec,jdk.httpserver,jdk.management,jdk.net,jdk.security.auth,jdk.unsupported,jdk.zipfs

# The same content gives the same build, so that a server of an older one is told apart.
build=$( (cat "$jdk/release" "$target/kubectl-traversion.jar" "$target"/lib/*.jar "$module"/src/main/dist/bin/* "$0") | sha256sum | cut -c1-12)
if [ -e "$dist/build" ] && [ "$(cat "$dist/build")" = "$build" ]; then
  exit 0
fi
mkdir -p "$dist"
rm -rf "${dist:?}"/{build,bin,lib,cache}

# picocli's classes are of a format too old for an AOT cache; compiled anew they fit.
work=$(mktemp -d "$target/package.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$dist/lib" "$dist/bin" "$dist/cache" "$work/sources" "$work/classes"
cp "$target"/lib/*.jar "$dist/lib/"
cp "$target/kubectl-traversion.jar" "$dist/"
(cd "$work/sources" && "$jdk/bin/jar" xf "$picocli_sources" picocli)
"$jdk/bin/javac" --release 17 -proc:none -nowarn -Xlint:none -g:none -d "$work/classes" "$work"/sources/picocli/*.java 2>"$work/javac.log" ||
  { cat "$work/javac.log" >&2; exit 1; }
picocli=$(ls "$dist"/lib/picocli-*.jar)
"$jdk/bin/jar" --create --date=2026-01-01T00:00:00Z --file "$picocli" -C "$work/classes" .
# DuckDB's jar brings its library for all platforms: 60 MB each.
duckdb=$(ls "$dist"/lib/duckdb_jdbc-*.jar)
mkdir "$work/duckdb"
(cd "$work/duckdb" && "$jdk/bin/jar" xf "$duckdb")
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=linux_amd64 ;;
  Linux-aarch64) platform=linux_arm64 ;;
  Darwin-*) platform=macos_ ;;
  *) platform=libduckdb_java ;;
esac
find "$work/duckdb" -maxdepth 1 -name 'libduckdb_java*' ! -name "*$platform*" -delete
"$jdk/bin/jar" --create --date=2026-01-01T00:00:00Z --file "$duckdb" -C "$work/duckdb" .
for launcher in kubectl-traversion kubectl_complete-traversion; do
  sed "s/@build@/-$build/" "$module/src/main/dist/bin/$launcher" >"$dist/bin/$launcher"
  chmod 755 "$dist/bin/$launcher"
done
# A cache is used only with jars of the age it was trained with: one that unpacking an archive restores.
find "$dist/lib" "$dist/kubectl-traversion.jar" -name '*.jar' -exec touch -d 2026-01-01T00:00:00Z {} +

if ! [ -x "$dist/runtime/bin/java" ] || ! cmp -s <(echo "$modules"; cat "$jdk/release") "$dist/runtime/of"; then
  rm -rf "$dist/runtime"
  "$jdk/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages --output "$dist/runtime"
  { echo "$modules"; cat "$jdk/release"; } >"$dist/runtime/of"
fi

# Training: what the commands do, done once, each cache by the flags its commands run with.
export TRAVERSION_STATE_DIR=$work/state XDG_CACHE_HOME=$work/cache
run() { # WHAT FLAGS
  # shellcheck disable=SC2086 # words on purpose
  if ! "$dist/runtime/bin/java" $2 -Xlog:all=off -Xlog:disable -XX:+UseSerialGC \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dtraversion.tty=false \
    -cp "$dist/kubectl-traversion.jar" dev.traversion.kubectl.training.Training "$1" >"$work/$1.log" 2>&1; then
    cat "$work/$1.log" >&2
    echo "training the AOT cache of '$1' failed" >&2
    exit 1
  fi
}
run recording ""
run command "-XX:AOTCacheOutput=$dist/cache/command.aot -Xms16m -Xmx96m -XX:TieredStopAtLevel=1"
run serve "-XX:AOTCacheOutput=$dist/cache/serve.aot -Xms32m -Xmx1g"
run record "-XX:AOTCacheOutput=$dist/cache/record.aot -Xms32m -Xmx1g"
echo "$build" >"$dist/build"
