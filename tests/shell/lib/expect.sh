# shellcheck shell=bash
# Sourced by tests of scripts: 'try' runs a command, 'expect' judges its status and words, prints 'ok ...' or 'not ok ...' and sets
# 'failures'.

failures=0

try() { # command...
    out=$("$@" 2>&1 </dev/null)
    status=$?
}

# A test: its name, the status expected, then words that must be in the output.
expect() {
    local name=$1 wanted=$2 words
    shift 2
    if ((status != wanted)); then
        printf '  status %s instead of %s: %s\nnot ok %s\n' "$status" "$wanted" "$out" "$name"
        failures=1
        return
    fi
    for words; do
        if [[ $out != *"$words"* ]]; then
            printf '  "%s" is not in: %s\nnot ok %s\n' "$words" "$out" "$name"
            failures=1
            return
        fi
    done
    echo "ok $name"
}
