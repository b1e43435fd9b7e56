#!/usr/bin/env bash
# Starts Node-RED with the dashboard of FaceLandmark: node-red/run.sh [--port N] [--address ADDRESS] [--user-dir FOLDER]
# What is missing is installed first; when nothing is, that takes a blink. README.md names the variables that say where the broker is.
set -u
# shellcheck source=../scripts/setup.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../scripts/setup.sh"
readonly FLOWS=$ROOT/node-red/flows.json USAGE="Usage: node-red/run.sh [--port N] [--address ADDRESS] [--user-dir FOLDER]"

user_dir=${FACELANDMARK_NODE_RED_DIR:-$ROOT/node-red/user}
while (($#)); do
    case $1 in
        --help) echo "$USAGE" && exit ;;
        --port | --address | --user-dir) (($# >= 2)) || fail 2 "$1 needs a value. $USAGE" ;;&
        --port) [[ $2 =~ ^[0-9]{1,5}$ ]] && ((10#$2 > 0 && 10#$2 < 65536)) || fail 2 "--port is '$2', but must be a number from 1 to 65535." ;;&
        --port) export FACELANDMARK_DASHBOARD_PORT=$2 ;;
        --address) export FACELANDMARK_DASHBOARD_ADDRESS=$2 ;;
        --user-dir) user_dir=$2 ;;
        *) fail 2 "'$1' is not known. $USAGE" ;;
    esac
    shift 2
done

setup node-red || exit

# Node-RED writes into its user directory, never into the repository. Flows that nobody changed there follow the repository's.
mkdir -p "$user_dir" || fail 2 "The folder $user_dir cannot be created; give this user the right to create it, or name another one with --user-dir."
if [[ ! -e $user_dir/flows.json ]] || cmp -s "$user_dir/flows.json" "$user_dir/flows.as-installed.json"; then
    cmp -s "$FLOWS" "$user_dir/flows.json" || cp "$FLOWS" "$user_dir/flows.json" || fail 2 "$user_dir cannot be written; name another folder with --user-dir."
    cp "$FLOWS" "$user_dir/flows.as-installed.json"
elif ! cmp -s "$FLOWS" "$user_dir/flows.as-installed.json"; then
    say "There is a newer dashboard, but the flows in $user_dir were changed and are kept. To get the newer one, move flows.json away and run this again."
fi
# Where user and password come from, not what they are; Node-RED encrypts it.
[[ -e $user_dir/flows_cred.json ]] || cp "$ROOT/node-red/flows_cred.json" "$user_dir/flows_cred.json"

say "Dashboard: http://${FACELANDMARK_DASHBOARD_ADDRESS:-127.0.0.1}:${FACELANDMARK_DASHBOARD_PORT:-1880}/dashboard"
exec node "$ROOT/node-red/node_modules/node-red/red.js" --settings "$ROOT/node-red/settings.js" --userDir "$user_dir"
