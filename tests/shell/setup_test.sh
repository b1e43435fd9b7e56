#!/usr/bin/env bash
# shellcheck disable=SC2016,SC2317
# (stand-ins are quoted programs, tests are called by name)
# Tests run.sh, node-red/run.sh and scripts/setup.sh in a scratch checkout, with a dotnet, a node and an npm that only tell what they were asked.
# Prints 'ok ...' or 'not ok ...' a test; ends with 1 when one failed.
set -u
repository=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

# A fresh checkout (in a folder with a space), every command of this machine but dotnet, node and npm, and stand-ins for those.
fresh() {
    chmod -R u+w "$scratch" && rm -rf "${scratch:?}"/*
    checkout="$scratch/a checkout" bin=$scratch/bin
    mkdir -p "$checkout"/{scripts,models,node-red,src/EdgeNode} "$bin"
    cp "$repository"/{run.sh,test.sh,global.json,appsettings.json,.editorconfig,Directory.Build.props,Directory.Packages.props} "$checkout"
    cp "$repository/scripts/setup.sh" "$checkout/scripts"
    cp "$repository"/node-red/{run.sh,package-lock.json,flows.json,flows_cred.json} "$checkout/node-red"
    cp -r "$repository/assets" "$checkout"
    echo 'return 0;' >"$checkout/src/EdgeNode/Program.cs"
    cp -rs /usr/bin/. "$bin" 2>/dev/null
    rm -f "$bin"/{dotnet,node,npm,sudo}
    program dotnet <<'DOTNET'
case $1 in
    --version) echo 10.0.100 ;;
    build) echo built >>"$SCRATCH/builds"; echo "the compiler speaks"; [[ ! -e $SCRATCH/broken ]] || exit 1
        mkdir -p src/EdgeNode/bin/Release/net10.0; touch src/EdgeNode/bin/Release/net10.0/EdgeNode.dll ;;
    *.dll) shift; echo "in $PWD:"; printf '<%s>\n' "$@" ;;
esac
DOTNET
    program npm <<<'echo "network unreachable" >&2; exit 1'
    program node <<<'[[ $1 == -e ]] || printf "<%s>\n" "$@" "port $FACELANDMARK_DASHBOARD_PORT"'
}

# An npm that installs, and counts.
workingnpm() { program npm <<<'echo "$*" >>"$SCRATCH/installs"; mkdir -p node_modules'; }

# Writes a stand-in: its name; its text on standard input.
program() {
    { echo "#!/bin/bash"; cat; } >"$bin/$1"
    chmod +x "$bin/$1"
}

# Runs a script of the checkout by nobody's rights where they are to be lost: output in $out, words in $err, status in $status.
start() { # script arguments...
    env SCRATCH="$scratch" HOME="$scratch" PATH="$bin" DOTNET_ROOT= "${as[@]}" bash "$checkout/$1" "${@:2}" >"$scratch/out" 2>"$scratch/err" </dev/null
    status=$?
    out=$(<"$scratch/out") err=$(<"$scratch/err")
}
as=()

builds() { grep -c built "$scratch/builds"; }

expect() { # what condition...
    local what=$1
    shift
    "$@" && return
    printf '  expected %s; status %s, output: %s, words: %s\n' "$what" "$status" "$out" "$err"
    return 1
}

report() { # status name
    if (($1 == 0)); then echo "ok $2"; else
        echo "not ok $2"
        failures=1
    fi
}

arguments_and_folder_are_the_callers() {
    cd "$scratch" || return
    start run.sh image "my photo.jpg" '*' ""
    expect "the program's words alone on standard output" [ "$out" == "in $scratch:"$'\n<image>\n<my photo.jpg>\n<*>\n<>' ]
}

a_second_start_builds_nothing() {
    start run.sh && start run.sh
    expect "one build" [ "$(builds)" == 1 ] && expect "silence" [ -z "$err" ]
}

a_change_or_a_deletion_is_built() {
    start run.sh
    touch "$checkout/appsettings.json" && start run.sh && expect "a build of the change" [ "$(builds)" == 2 ] || return
    rm "$checkout/src/EdgeNode/Program.cs" && start run.sh && expect "a build without the file" [ "$(builds)" == 3 ]
}

a_failed_build_is_shown_and_nothing_starts() {
    touch "$scratch/broken"
    start run.sh
    expect "status 1" [ "$status" == 1 ] && expect "the compiler's words" [ "${err/the compiler speaks/}" != "$err" ] && expect "no start" [ -z "$out" ]
}

a_checkout_that_is_ready_needs_no_right_to_write() {
    start run.sh
    chmod -R a-w "$checkout"
    as=("${nobody[@]}") && start run.sh && as=()
    expect "a start" [ "$status" == 0 ] && expect "its output" [ -n "$out" ]
}

without_dotnet_it_says_how_to_get_it() {
    rm "$bin/dotnet"
    start run.sh
    expect "status 2" [ "$status" == 2 ] && expect "the way to get it" [ "${err/dotnet-sdk-10.0/}" != "$err" ]
}

an_old_sdk_is_named() {
    program dotnet <<<'case $1 in --version) exit 1 ;; --list-sdks) echo "8.0.100 [/usr]" ;; esac'
    start run.sh
    expect "status 2" [ "$status" == 2 ] && expect "the old one's version" [ "${err/has: 8.0.100./}" != "$err" ]
}

without_rights_it_names_the_administrators_command() {
    rm "$bin"/cmake
    as=("${nobody[@]}") && start test.sh && as=()
    expect "status 2" [ "$status" == 2 ] && expect "the command" [ "${err/apt-get install --no-install-recommends cmake/}" != "$err" ]
}

offline_it_names_the_missing_files() {
    rm "$checkout/assets/demo/sample3.jpg"
    start run.sh
    expect "status 1" [ "$status" == 1 ] && expect "the file" [ "${err/missing: assets\/demo\/sample3.jpg./}" != "$err" ] &&
        expect "nothing left behind" [ "$(ls -A "$checkout/assets")" == $'blazeface\ndemo\nweb' ]
}

a_damaged_file_is_fetched_again() {
    mkdir -p "$scratch/package/demo" && cp "$checkout"/assets/demo/*.jpg "$scratch/package/demo" && cp "$checkout/assets/demo/LICENSE" "$scratch/package"
    program npm <<<'tar -czf package.tgz -C "$SCRATCH" package'
    echo damaged >"$checkout/assets/demo/sample3.jpg"
    start run.sh
    expect "status 0" [ "$status" == 0 ] && expect "the photograph" cmp -s "$repository/assets/demo/sample3.jpg" "$checkout/assets/demo/sample3.jpg"
}

a_foreign_file_is_refused() {
    mkdir -p "$scratch/package/demo" && cp "$checkout"/assets/demo/*.jpg "$scratch/package/demo" && echo foreign >"$scratch/package/demo/sample3.jpg"
    program npm <<<'tar -czf package.tgz -C "$SCRATCH" package'
    rm "$checkout/assets/demo/sample3.jpg"
    start run.sh
    expect "status 1" [ "$status" == 1 ] && expect "its name" [ "${err/sample3.jpg/}" != "$err" ] && expect "no file" [ ! -e "$checkout/assets/demo/sample3.jpg" ]
}

the_dashboard_is_installed_once_for_each_lock_file() {
    workingnpm
    start node-red/run.sh --port 1881 --user-dir "$scratch/user" && start node-red/run.sh --port 1881 --user-dir "$scratch/user"
    expect "one npm ci" [ "$(grep -c '^ci' "$scratch/installs")" == 1 ] && expect "the port" [ "${out/port 1881/}" != "$out" ] || return
    expect "the flows" cmp -s "$checkout/node-red/flows.json" "$scratch/user/flows.json" || return
    echo >>"$checkout/node-red/package-lock.json" && start node-red/run.sh --user-dir "$scratch/user"
    expect "another npm ci" [ "$(grep -c '^ci' "$scratch/installs")" == 2 ]
}

flows_follow_the_repository_until_somebody_changes_them() {
    workingnpm
    start node-red/run.sh --user-dir "$scratch/user"
    echo newer >"$checkout/node-red/flows.json" && start node-red/run.sh --user-dir "$scratch/user"
    expect "the newer flows" [ "$(<"$scratch/user/flows.json")" == newer ] || return
    echo mine >"$scratch/user/flows.json" && echo newest >"$checkout/node-red/flows.json" && start node-red/run.sh --user-dir "$scratch/user"
    expect "the user's flows" [ "$(<"$scratch/user/flows.json")" == mine ] && expect "a hint" [ "${err/There is a newer dashboard/}" != "$err" ]
}

the_dashboard_that_cant_be_installed_is_not_started() {
    start node-red/run.sh
    expect "status 1" [ "$status" == 1 ] && expect "npm's words" [ "${err/network unreachable/}" != "$err" ] && expect "no start" [ -z "$out" ]
}

wrong_arguments_of_the_dashboard_are_named() {
    start node-red/run.sh --port 99999
    expect "status 2" [ "$status" == 2 ] && expect "the range" [ "${err/1 to 65535/}" != "$err" ] || return
    start node-red/run.sh --colour blue
    expect "status 2" [ "$status" == 2 ] && expect "the word" [ "${err/\'--colour\' is not known/}" != "$err" ]
}

nobody=()
((EUID != 0)) || nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
chmod 755 "$scratch"
for test in $(compgen -A function | grep _ | grep -v '^_'); do
    fresh
    "$test"
    report $? "${test//_/ }"
done
exit "$failures"
