#!/usr/bin/env bash
# shellcheck disable=SC2016,SC2317
# (quoted text is for others, tests are called by name)
# Installs the Debian package into a clean Debian 12, runs its service as systemd would, upgrades, removes and purges it.
# Prints 'ok ...', 'not ok ...' or 'skip ...' a test; ends with 1 when one failed. Needs root; what it mounts and starts lives in
# namespaces of its own and is gone with them.
set -u
repository=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
shell=$repository/tests/shell
cache=$repository/build/debian12
failures=0
unset CI # ONNX Runtime's telemetry keeps quiet where it is set

if [[ ${1:-} != --inside ]]; then
    if ((EUID != 0)) || ! unshare --mount --pid --net --fork true 2>/dev/null; then
        echo "skip the Debian package is not installed: that takes root and namespaces of its own"
        exit 0
    fi
    scratch=$(mktemp -d "$repository/build/install.XXXXXX") || exit
    # Whatever ends this script ends what is inside, and with it the mounts.
    setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child -- bash "${BASH_SOURCE[0]}" --inside "$scratch" &
    inside=$!
    trap 'kill -KILL $inside 2>/dev/null; wait; rm -rf "$scratch"' EXIT
    trap 'exit 143' TERM INT HUP
    wait $inside
    exit
fi
scratch=$2 root=$2/root

report() { # status name
    if (($1 == 0)); then echo "ok $2"; elif (($1 == 77)); then echo "skip $2: this machine lets nobody boot a system"; else
        printf '%s\nnot ok %s\n' "$(tail -n 25 "$scratch/log")" "$2"
        failures=1
    fi
}

expect() { # what condition...
    local what=$1
    shift
    "$@" && return
    echo "  expected $what" >>"$scratch/log"
    return 1
}

inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@" >>"$scratch/log" 2>&1 </dev/null; }
says() { grep -qE -- "$1" "$scratch/service"; }

# A busy machine has one frame a second, which are frames of the whole demo and not of its first photograph: some have no face.
faces='^messages 40 with faces ([123][0-9]|40)$'

# The service for some seconds; what it said is in $scratch/service.
serve() { # [topic]
    unshare --net python3 "$shell/as_systemd.py" "$root" facelandmark.service "$@" >"$scratch/service" 2>&1 </dev/null
    cp "$scratch/service" "$scratch/log"
}

# Debian's smallest system, kept for the next time with the packages that this one fetches.
system() {
    if [[ ! -d $cache ]]; then
        rm -rf "$cache.part"
        debootstrap --variant=minbase bookworm "$cache.part" || return
        rm -f "$cache.part"/var/cache/apt/archives/*.deb
        # Docker's way: nothing here has to survive a power cut.
        echo force-unsafe-io >"$cache.part/etc/dpkg/dpkg.cfg.d/unsafe-io"
        mv "$cache.part" "$cache" || return
    fi
    cp -a "$cache" "$root" && cp /etc/resolv.conf "$root/etc/" && mount -t proc proc "$root/proc"
}

# 1.0 as it is built, and 99.0 from the same files with another default in the settings. Not compressed: that takes two minutes.
packages() {
    local package
    export DPKG_DEB_COMPRESSOR_TYPE=none
    package=$("$repository/deploy/package.sh" --out "$scratch") || return
    expect "the version of the repository" [ "$(dpkg-deb -f "$package" Version)" == "$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$repository/Directory.Build.props")" ] || return
    expect "the size of its files, however the disk keeps them" [ "$(dpkg-deb -f "$package" Installed-Size)" == "$(dpkg-deb -c "$package" | awk '{ sum += /^-/ ? int(($3 + 1023) / 1024) : 1 } END { print sum }')" ] || return
    expect "sums that fit" eval '(cd "$scratch" && sha256sum --check --strict --quiet SHA256SUMS)' || return
    expect "a bill of materials with its parts" [ "$(jq '[.components[] | select(.name == "MQTTnet" or .name == "Microsoft.ML.OnnxRuntime" or .name == "deeppose-resnet18") | select(.licenses != null and .hashes != null)] | length' "$scratch"/*.cdx.json)" == 3 ] || return
    mv "$package" "$scratch/old.deb"
    dpkg-deb -R "$scratch/old.deb" "$scratch/new" || return
    sed -i 's/^Version: .*/Version: 99.0/' "$scratch/new/DEBIAN/control"
    sed -i 's/"Enabled": "auto" \/\/ pictures over MQTT/"Enabled": true \/\/ pictures over MQTT/' "$scratch/new/etc/facelandmark/appsettings.json"
    expect "another default" grep -q '"Enabled": true // pictures' "$scratch/new/etc/facelandmark/appsettings.json" || return
    dpkg-deb --root-owner-group -b "$scratch/new" "$scratch/new.deb" && rm -rf "$scratch/new"
}

it_installs_into_a_clean_system_with_what_it_depends_on() {
    cp "$scratch/old.deb" "$root/tmp/"
    inside dpkg -i /tmp/old.deb # says what is missing, which the next line mends
    inside apt-get -q -y -f --no-install-recommends install || return
    cp -n "$root"/var/cache/apt/archives/*.deb "$cache/var/cache/apt/archives/"
    expect "an installed package" [ "$(chroot "$root" dpkg-query -W -f '${Status}' facelandmark)" == "install ok installed" ]
}

user_state_models_unit_and_device_rules_are_in_place() {
    expect "a user in the group video" inside sh -c 'id -nG facelandmark | grep -qw video' &&
        expect "a state folder of the user's" [ "$(chroot "$root" stat -c %U:%a /var/lib/facelandmark)" == facelandmark:755 ] &&
        expect "the models" inside test -s /var/lib/facelandmark/models/deeppose-resnet18.onnx &&
        expect "an enabled unit" inside test -L /etc/systemd/system/multi-user.target.wants/facelandmark.service &&
        expect "the rules" inside grep -q udmabuf /usr/lib/udev/rules.d/60-facelandmark.rules &&
        expect "every file of the package as it was built" inside dpkg --verify facelandmark &&
        expect "a program that starts" inside facelandmark --version
}

the_models_that_follow_from_others_are_restored() {
    local folder=$root/usr/lib/facelandmark/models name
    for name in "$folder"/*-int8.json; do
        name=${name##*/} name=${name%.json}
        expect "the weights of $name as they are in the repository" cmp "$folder/$name.onnx" "$repository/models/$name.onnx" &&
            expect "no link to what they were restored from" [ ! -e "$root/var/lib/facelandmark/models/$name.onnx.thin" ] &&
            expect "a package without them" eval '! dpkg-deb -c "$scratch/old.deb" | grep -qF "$name.onnx "' || return
    done
}

# By the program in the other system; its settings are not this machine's.
every_verb_works() { unshare --net bash "$shell/lib/verbs.sh" "$root/usr/lib/facelandmark" "$scratch" >>"$scratch/log" 2>&1 </dev/null; }

# systemd gives a point a part; below 2 it says OK. The score is in docs/operations.md.
the_unit_is_sound_and_little_exposed() {
    local sound
    # Ours names units of the systemd that every board has.
    inside apt-get -q -y --no-install-recommends install systemd || return
    cp -n "$root"/var/cache/apt/archives/*.deb "$cache/var/cache/apt/archives/"
    sound=$(systemd-analyze verify --root="$root" --man=no facelandmark.service 2>&1 | grep -F facelandmark.service)
    expect "no complaint of the unit, but: $sound" [ -z "$sound" ] &&
        systemd-analyze security --root="$root" --offline=true --threshold=16 --no-pager facelandmark.service >>"$scratch/log" 2>&1
}

the_service_is_ready_finds_faces_feeds_the_watchdog_and_stops_cleanly() {
    serve 'facelandmark/+/cameras/+/landmarks'
    expect "READY=1 first" [ "$(head -n1 "$scratch/service")" == READY=1 ] &&
        expect "faces in many of 40 messages" says "$faces" &&
        expect "three feedings" [ "$(grep -c '^WATCHDOG=1$' "$scratch/service")" -ge 3 ] &&
        expect "a state for systemctl status" says '^STATUS=[1-9][0-9.]* frames/s\.$' &&
        expect "STOPPING=1 and an end without fault" says '^STOPPING=1$' && expect "status 0" says '^status 0$' &&
        expect "lines with a priority for the journal" says '^<6>FaceLandmark.Hosting.Node\[800\]' &&
        expect "no telemetry of ONNX Runtime" eval '! says "[Tt]elemetry"' &&
        expect "an outbox that others cannot read" [ "$(chroot "$root" stat -c %U:%a /var/lib/facelandmark/outbox.db)" == facelandmark:600 ]
}

configure_sets_up_the_installed_node_and_systemd_starts_it() {
    local status
    bash "$shell/lib/with_systemd.sh" "$root" "$shell/lib/configure.sh" >"$scratch/service" 2>&1
    status=$?
    cp "$scratch/service" "$scratch/log"
    ((status == 0)) || return $status
    expect "a camera and a broker that were tried" eval 'says "^The camera delivers pictures: demo" && says "^The broker is fine: embedded"' &&
        expect "a service with the new settings" says '^configured 0, the service is active$' && expect "its new name in the journal" says '^Node hall starts$' &&
        expect "a sentence about a broker that is not there" says '^Nothing listens on 127\.0\.0\.1:9' &&
        expect "a password that only the service reads" says '^configured 0, the service is active, the password facelandmark:600$' &&
        expect "no password in the settings" says '^0$'
}

a_wrong_setting_ends_it_for_good_with_a_sentence() {
    cp "$root/etc/facelandmark/appsettings.json" "$scratch/good.json"
    sed -i 's/"Port": 1883/"Port": 70000/' "$root/etc/facelandmark/appsettings.json"
    serve
    expect "the key, the value and the range as an error" says '^<3>Mqtt:Port is 70000, but must be from 1 to 65535\.$' && expect "status 2" says '^status 2$' || return
    echo '{ "Mqtt": ' >"$root/etc/facelandmark/appsettings.json"
    serve
    expect "the file by its name in /etc" says '^<3>The configuration file /etc/facelandmark/appsettings.json cannot be read: ' && expect "status 2" says '^status 2$' || return
    cp "$scratch/good.json" "$root/etc/facelandmark/appsettings.json"
    expect "a unit that is not started again then" grep -qx RestartPreventExitStatus=2 "$root/usr/lib/systemd/system/facelandmark.service"
}

an_upgrade_keeps_settings_models_and_state() {
    sed -i 's/"Name": "" /"Name": "kept" /' "$root/etc/facelandmark/appsettings.json"
    cp "$root/usr/lib/facelandmark/models/deeppose-resnet18.json" "$root/var/lib/facelandmark/models/mine.json"
    ln -s /usr/lib/facelandmark/models/gone.onnx "$root/var/lib/facelandmark/models/gone.onnx"
    cp "$scratch/new.deb" "$root/tmp/"
    inside dpkg --force-confold -i /tmp/new.deb || return
    expect "the new version" [ "$(chroot "$root" dpkg-query -W -f '${Version}' facelandmark)" == 99.0 ] &&
        expect "the owner's settings" grep -q '"Name": "kept"' "$root/etc/facelandmark/appsettings.json" &&
        expect "the new ones beside them" grep -q '"Enabled": true // pictures' "$root/etc/facelandmark/appsettings.json.dpkg-dist" &&
        expect "the owner's model" [ -f "$root/var/lib/facelandmark/models/mine.json" ] &&
        expect "no link to a model that is gone" [ ! -L "$root/var/lib/facelandmark/models/gone.onnx" ] &&
        expect "the outbox" [ -s "$root/var/lib/facelandmark/outbox.db" ] || return
    rm "$root/var/lib/facelandmark/models/mine.json"
    serve 'facelandmark/kept/cameras/+/landmarks'
    expect "faces under the owner's name" says "$faces" && expect "status 0" says '^status 0$'
}

removing_keeps_settings_and_state_and_purging_leaves_nothing() {
    inside dpkg --remove facelandmark || return
    expect "no program" [ ! -e "$root/usr/lib/facelandmark" ] && expect "the settings" [ -s "$root/etc/facelandmark/appsettings.json" ] &&
        expect "the state" [ -s "$root/var/lib/facelandmark/outbox.db" ] || return
    inside dpkg --purge facelandmark || return
    local left
    left=$(find "$root" -xdev -name '*facelandmark*' -not -path '*/tmp/*')
    expect "nothing, but there is $left" [ -z "$left" ] && expect "no user" eval '! inside getent passwd facelandmark' && expect "no group" eval '! inside getent group facelandmark'
}

: >"$scratch/log"
system >>"$scratch/log" 2>&1 && packages >>"$scratch/log" 2>&1
report $? "a clean Debian and the package are made" && ((failures == 0)) || exit 1
for test in it_installs_into_a_clean_system_with_what_it_depends_on user_state_models_unit_and_device_rules_are_in_place \
    the_models_that_follow_from_others_are_restored every_verb_works \
    the_unit_is_sound_and_little_exposed the_service_is_ready_finds_faces_feeds_the_watchdog_and_stops_cleanly \
    configure_sets_up_the_installed_node_and_systemd_starts_it a_wrong_setting_ends_it_for_good_with_a_sentence an_upgrade_keeps_settings_models_and_state \
    removing_keeps_settings_and_state_and_purging_leaves_nothing; do
    : >"$scratch/log"
    "$test"
    report $? "${test//_/ }"
done
exit $failures
