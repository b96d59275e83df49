# What ./paracrine and ./test share: finding Swift, installing what is missing, building once. POSIX sh; sourced.
# Expects `root`, the repository's folder. Says what it does on standard error, so that output stays clean.

say() { printf 'paracrine: %s\n' "$*" >&2; }

fail() {
    printf 'paracrine: error: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 74
}

# Puts a Swift that is installed but not on PATH there, and refuses one that is absent or too old.
find_swift() {
    if ! command -v swift >/dev/null 2>&1; then
        for folder in "${HOME:-/root}/.local/share/swiftly/bin" "${HOME:-/root}/.swiftly/bin" /opt/swift/usr/bin; do
            if [ -x "$folder/swift" ]; then
                PATH="$folder:$PATH"
                export PATH
                break
            fi
        done
    fi
    command -v swift >/dev/null 2>&1 || fail "Swift 6.3 is needed, and no 'swift' is on the PATH" \
        "fix: install it from https://www.swift.org/install and run this command again" \
        "     (Linux and macOS: 'swiftly install 6.3' does it; macOS: Xcode brings it too)"
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
    major=${version% *}
    minor=${version#* }
    if [ "${major:-0}" -lt 6 ] || { [ "$major" -eq 6 ] && [ "${minor:-0}" -lt 3 ]; }; then
        fail "Swift 6.3 or later is needed, and $(command -v swift) is ${major:-?}.${minor:-?}" \
            "fix: 'swiftly install 6.3', or https://www.swift.org/install"
    fi
}

# Installs Debian packages: install_debian "why" package...
install_debian() {
    why=$1
    shift
    command -v apt-get >/dev/null 2>&1 || fail "$why is missing, and this system has no apt-get" \
        "fix: install what your system calls: $*"
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || fail "$why is missing, and installing it needs root" \
            "fix: as root, run: apt-get install $*"
        as_root=sudo
    fi
    say "installing $* ($why), once"
    $as_root env DEBIAN_FRONTEND=noninteractive sh -c \
        'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"' sh "$@" >/dev/null ||
        fail "the packages could not be installed" "fix: run: ${as_root:+sudo }apt-get install $*"
}

# Installs the C libraries that Paracrine reads and writes files with, where they are missing.
install_libraries() {
    case $(uname -s) in
    Darwin)
        command -v pkg-config >/dev/null 2>&1 && pkg-config --exists hdf5 && return 0
        command -v brew >/dev/null 2>&1 || fail "HDF5 (results and .h5ad tables) is missing, and so is Homebrew" \
            "fix: install Homebrew (https://brew.sh), then run: brew install hdf5 pkg-config"
        say "installing hdf5 and pkg-config with Homebrew (results and .h5ad tables), once"
        brew install --quiet hdf5 pkg-config >&2 || fail "Homebrew could not install the libraries" \
            "fix: run: brew install hdf5 pkg-config"
        ;;
    *)
        missing=
        command -v pkg-config >/dev/null 2>&1 || missing="$missing pkg-config"
        if [ -z "$missing" ]; then
            pkg-config --exists hdf5-serial || missing="$missing libhdf5-dev"
            pkg-config --exists zlib || missing="$missing zlib1g-dev"
            pkg-config --exists sqlite3 || missing="$missing libsqlite3-dev"
            pkg-config --exists libsbml || missing="$missing libsbml5-dev"
        else
            missing="$missing libhdf5-dev zlib1g-dev libsqlite3-dev libsbml5-dev"
        fi
        [ -e /usr/include/stdio.h ] || missing="$missing libc6-dev"
        ls /usr/lib/gcc/*/*/crtbegin.o >/dev/null 2>&1 || missing="$missing g++"
        # shellcheck disable=SC2086 # a list of package names
        [ -z "$missing" ] || install_debian "what results, tables and the catalogue need" $missing
        ;;
    esac
}

# Builds the release binary unless it is newer than every source; `built` is its path.
build_once() {
    built="$root/.build/release/paracrine"
    stamp="$root/.build/paracrine-built"
    if [ -x "$built" ] && [ -e "$stamp" ] &&
        [ -z "$(find "$root/Sources" "$root/Package.swift" -newer "$stamp" -print | head -n 1)" ]; then
        return 0
    fi
    find_swift
    install_libraries
    mkdir -p "$root/.build"
    : >"$stamp.next"
    if [ -x "$built" ]; then
        say "building what changed"
    else
        say "building Paracrine once: about 3 minutes on two cores (log: .build/paracrine-build.log)"
    fi
    log="$root/.build/paracrine-build.log"
    if [ -t 2 ]; then
        swift build --package-path "$root" -c release --product paracrine >&2 && status=0 || status=$?
    else
        swift build --package-path "$root" -c release --product paracrine >"$log" 2>&1 && status=0 || status=$?
        [ "$status" -eq 0 ] || tail -n 40 "$log" >&2
    fi
    [ "$status" -eq 0 ] || fail "the build failed" \
        "fix: read the lines above; on a fresh machine the package registries must be reachable"
    mv "$stamp.next" "$stamp"
}
