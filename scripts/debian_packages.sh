# Sourced by the scripts that fetch Debian packages from this system's package source; its package state is left as it is. The caller's 'fail' gets one line.

# Makes the folder $work for artifacts/NAME, which is removed at the end.
begin_packages() {
    command -v apt-get > /dev/null && command -v dpkg > /dev/null || fail "apt-get and dpkg are needed: this is no Debian system"
    mkdir -p artifacts
    work=$(mktemp -d "$PWD/artifacts/$1.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    mkdir -p "$work"/{lists/partial,cache/archives/partial,debs,root}
    apt=(apt-get -qq -o APT::Update::Error-Mode=any -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" -o Acquire::Languages=none
        -o Acquire::Retries=2)
    [[ $(id -u) -ne 0 ]] || apt+=(-o APT::Sandbox::User=root)
}

# Downloads packages, whose kind a message may name, and unpacks them into $work/root.
unpack_packages() {
    local kind=$1 deb
    shift
    "${apt[@]}" update > "$work/log" 2>&1 || fail "the list of $kind could not be fetched ($(last_line))"
    (cd "$work/debs" && "${apt[@]}" download "$@") > "$work/log" 2>&1 || fail "$* could not be downloaded ($(last_line))"
    for deb in "$work"/debs/*.deb; do
        dpkg -x "$deb" "$work/root" > "$work/log" 2>&1 || fail "${deb##*/} could not be unpacked ($(last_line))"
    done
}

last_line() {
    tail -n 1 "$work/log" | tr -d '\r'
}
