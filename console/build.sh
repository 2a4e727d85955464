#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds or tests the console with the system's Node, for Maven. Does nothing if nothing has changed since; downloads nothing if
# the packages of the lockfile are there already.
#   build.sh build   static files into target/classes/META-INF/console
#   build.sh test    type check, tests of the pure parts, size of the bundle
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
out=target/classes/META-INF/console

die() {
  echo "console: $*" >&2
  exit 1
}

for program in node npm; do
  command -v "$program" >/dev/null || die "needs $program (Node 20.19 or later) to build the web console and found none on the PATH." \
    "Install it (Debian: apt-get install nodejs npm; others: https://nodejs.org)."
done
node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' ||
  die "needs Node 20.19 or later; $(command -v node) is $(node --version)."

# Of the names and contents of what a result is made from.
digest() { find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1; }

packages() {
  local wanted
  wanted=$(sha256sum package-lock.json | cut -d' ' -f1)
  [ "$(cat node_modules/.traversion 2>/dev/null)" != "$wanted" ] || return 0
  npm ci --prefer-offline --no-audit --no-fund --loglevel=error ||
    die "npm ci failed. Its packages come from $(npm config get registry); once they are in node_modules/ the build needs no network."
  echo "$wanted" >node_modules/.traversion
}

mkdir -p target
sources=$(digest src test index.html package.json package-lock.json tsconfig.json tsconfig.test.json vite.config.ts build.sh)
case ${1:-} in
  build)
    [ "$(cat target/built 2>/dev/null)" != "$sources" ] || [ ! -f "$out/index.html" ] || exit 0
    packages
    npm run --silent build >target/build.txt 2>&1 || {
      cat target/build.txt >&2
      die "its build failed (see above). To run it alone: (cd console && npm run build)"
    }
    echo "$sources" >target/built
    ;;
  test)
    [ "$(cat target/tested 2>/dev/null)" != "$sources" ] || exit 0
    packages
    rm -rf target/test
    npm run --silent test >target/tests.txt 2>&1 || {
      cat target/tests.txt >&2
      die "its tests failed (see above). To run them alone: (cd console && npm test)"
    }
    echo "$sources" >target/tested
    ;;
  *) die "usage: build.sh build|test" ;;
esac
