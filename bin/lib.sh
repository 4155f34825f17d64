# shellcheck shell=bash
# shellcheck disable=SC2034  # the variables set here are for those who source this
# What the commands in bin/ share: where things are, which JDK, what is missing. Sourced, runs nothing. Plain enough for macOS's bash 3.2.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if [ "$(uname -s)" = Darwin ]; then
  cache=${RECALLER_CACHE:-$HOME/Library/Caches/recaller}
  native_library=liblivekit_ffi.dylib
else
  cache=${RECALLER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/recaller}
  native_library=liblivekit_ffi.so
fi

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Prints the first JDK 25's folder. $1 is the program that must be there: java to run, javac to build.
find_jdk() {
  local home on_path
  on_path=$(command -v java || true)
  if [ -n "$on_path" ]; then
    on_path=$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")
    on_path=${on_path%/bin/java}
  fi
  for home in "${JAVA25_HOME:-}" "${JDK25_HOME:-}" "${JAVA_HOME_25_X64:-}" "${JAVA_HOME:-}" "$on_path" \
    /usr/lib/jvm/* /usr/local/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.jenv/versions/* \
    "$HOME"/.asdf/installs/java/* "$HOME"/.local/share/mise/installs/java/* "$HOME"/.m2/jdks/* "$HOME"/.gradle/jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [ -n "$home" ] && [ -x "$home/bin/$1" ] || continue
    # The release file says the version without starting a JVM; JDK 25 runs this project, its class files need no less.
    if grep -q '^JAVA_VERSION="25[".+-]' "$home/release" 2>/dev/null; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  return 1
}

# Prints a Python from 3.10 on that can make virtual environments.
find_python() {
  local candidate
  while read -r candidate; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' >/dev/null 2>&1; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done < <(type -aP python3 python3.14 python3.13 python3.12 python3.11 python3.10)
  return 1
}

# at_least HAVE WANT: compares the first two numbers of dotted versions.
at_least() {
  local have_major have_minor want_major want_minor
  IFS=. read -r have_major have_minor _ <<<"$1"
  IFS=. read -r want_major want_minor _ <<<"$2"
  [ "${have_major:-0}" -gt "$want_major" ] || { [ "${have_major:-0}" -eq "$want_major" ] && [ "${have_minor:-0}" -ge "$want_minor" ]; }
}

# A livekit-server that needs no building: named, on the PATH, or built before.
find_livekit_server() {
  if [ -n "${LIVEKIT_SERVER_BIN:-}" ]; then
    [ -x "$LIVEKIT_SERVER_BIN" ] && printf '%s\n' "$LIVEKIT_SERVER_BIN"
  elif command -v livekit-server >/dev/null 2>&1; then
    command -v livekit-server
  elif [ -x "$cache/bin/livekit-server" ]; then
    printf '%s\n' "$cache/bin/livekit-server"
  else
    return 1
  fi
}

have_go() {
  local version
  version=$(go env GOVERSION 2>/dev/null) || return 1
  at_least "${version#go}" 1.26
}

can_have_livekit_server() { find_livekit_server >/dev/null || { [ -z "${LIVEKIT_SERVER_BIN:-}" ] && have_go; }; }

# From Debian's package, which dev/setup.py takes without root, or built.
can_have_prometheus() { command -v apt-get >/dev/null 2>&1 || have_go; }

# Sets JAVA_HOME and python, or names everything that is missing, each with its remedy, and exits.
# $1: "optional" when the caller can do without a livekit-server.
require_tools() {
  local missing=() maven
  if JAVA_HOME=$(find_jdk javac); then
    export JAVA_HOME
  else
    unset JAVA_HOME
    missing+=("JDK 25: not in JAVA_HOME, on the PATH or in the usual folders. Install Temurin 25 (package temurin-25-jdk, 'sdk install java 25-tem', 'brew install --cask temurin@25') or set JAVA25_HOME to it.")
  fi
  if ! maven=$(mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p') || [ -z "$maven" ]; then
    missing+=("Maven 3.8 or newer: no working 'mvn' on the PATH. Install it (package maven, 'brew install maven').")
  elif ! at_least "$maven" 3.8; then
    missing+=("Maven 3.8 or newer: 'mvn' on the PATH is $maven. Install a newer one.")
  fi
  if ! python=$(find_python); then
    missing+=("Python 3.10 or newer with venv and pip: none on the PATH can make virtual environments. Install it (packages python3, python3-venv, python3-pip; 'brew install python').")
  fi
  if [ "${1:-}" != optional ]; then
    if [ -n "${LIVEKIT_SERVER_BIN:-}" ] && [ ! -x "$LIVEKIT_SERVER_BIN" ]; then
      missing+=("LIVEKIT_SERVER_BIN=$LIVEKIT_SERVER_BIN is not an executable file. Correct or unset it.")
    elif ! can_have_livekit_server; then
      missing+=("Go 1.26 or newer, to build livekit-server: $(command -v go >/dev/null 2>&1 && echo "'go' on the PATH is $(go env GOVERSION 2>/dev/null || echo broken)" || echo "no 'go' on the PATH"). Install Go, or put a livekit-server on the PATH.")
    fi
  fi
  if [ ${#missing[@]} -gt 0 ]; then
    say "Missing on this machine:"
    printf '  - %s\n' "${missing[@]}" >&2
    exit 1
  fi
}

# The pinned liblivekit_ffi that bin/setup installs.
native_library_path() {
  local LIVEKIT_FFI_VERSION=''
  # shellcheck source=dev/versions
  . "$root/dev/versions"
  printf '%s\n' "$cache/livekit-ffi-$LIVEKIT_FFI_VERSION/$native_library"
}

# Runs Maven's given goal over all modules; when it succeeds, remembers that the build is as new as the sources were at its beginning.
# The library folder is emptied before: jars of other versions would stay on the class path.
build_all() {
  mkdir -p "$root/out"
  touch "$root/out/.build-began"
  rm -rf "$root/worker/target/.built" "$root/worker/target/lib"
  "$@" || return
  mv "$root/out/.build-began" "$root/worker/target/.built"
}

# Maven's own libraries use what JDK 25 warns about.
maven_options() { printf '%s\n' "${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"; }

# Maven resets colours even where it is told to use none.
without_colours() { sed $'s/\033\\[[0-9;]*m//g'; }

build() {
  local jdk
  jdk=$(find_jdk javac) || die "JDK 25 is missing: bin/setup says what to do."
  build_all env JAVA_HOME="$jdk" MAVEN_OPTS="$(maven_options)" mvn -B -q -f "$root/pom.xml" -DskipTests package 2>&1 | without_colours >&2 || die "The build failed, see above."
}

sources_changed() {
  [ -n "$(find "$root"/pom.xml "$root"/*/pom.xml "$root"/*/src "$root"/sql/migrations "$root"/flows -newer "$root/worker/target/.built" -print 2>/dev/null | head -1)" ]
}

build_if_changed() {
  if [ ! -f "$root/worker/target/.built" ] || sources_changed; then
    say "Building..."
    local began=$SECONDS
    build
    say "Built in $((SECONDS - began)) s."
  fi
}
