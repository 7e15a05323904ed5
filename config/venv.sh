# Read by ./run and ./test: makes .venv and installs what a lock file names. Sets $python to the one in .venv.
# shellcheck shell=sh

fail() {
    echo "$1" >&2
    exit 1
}

# The first Python that is new enough; otherwise say which ones were found.
find_python() {
    found=
    for name in python3.13 python3.12 python3.11 python3 python python3.14; do
        version=$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
        found="$found $name is $version,"
    done
    [ -n "$found" ] || fail "Python 3.11 or newer is needed; no Python was found. Debian: apt install python3 python3-venv"
    fail "Python 3.11 or newer is needed;${found%,}. Debian 12: apt install python3 python3-venv"
}

# What went wrong, in one line where we know it.
explain() {
    case $2 in
        *"No space left"* | *"Disk quota"*) fail "the disk is full; free some space in $root and start again" ;;
        *"ermission denied"* | *"Read-only file system"*) fail "$root/.venv cannot be written; give it to $(id -un)" ;;
        *"NewConnectionError"* | *"ConnectTimeout"* | *"Temporary failure in name resolution"*)
            fail "the libraries cannot be fetched: no connection to the package index" ;;
        *) fail "$1:
$2" ;;
    esac
}

# prepare_venv LOCK: nothing to do when .venv was made from this very lock file.
prepare_venv() {
    python=$root/.venv/bin/python
    if cmp -s "$root/$1" "$root/.venv/$1" && "$python" -c '' 2>/dev/null; then
        return
    fi
    base=$(find_python) || exit 1
    "$base" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$base has no venv module. Debian: apt install $("$base" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    if [ ! -w "$root" ] && [ ! -w "$root/.venv" ]; then
        fail "$root cannot be written; give it to $(id -un)"
    fi
    echo "Installing the libraries into .venv; this takes a minute or two …" >&2
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        said=$("$base" -m venv --clear "$root/.venv" 2>&1) || explain "no .venv could be made" "$said"
    fi
    rm -f "$root/.venv/$1"
    # --no-deps: the lock names everything that is needed, and leaves out what a library wants but we do not use
    said=$("$python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes \
        -r "$root/$1" 2>&1) || explain "the libraries could not be installed" "$said"
    cp "$root/requirements.lock" "$root/$1" "$root/.venv/" 2>/dev/null || cp "$root/$1" "$root/.venv/"
}
