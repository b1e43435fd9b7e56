#!/usr/bin/env bash
# shellcheck disable=SC2016,SC2317
# (quoted text is for others, tests are called by name)
# Builds what is for arm64 and runs it on an emulated processor: the native library's own tests, and the program of the Debian package with
# its ONNX Runtime and models in Debian 12 for arm64: doctor, a photograph, and a node that sends landmarks and a preview to a broker.
# Prints 'ok ...', 'not ok ...' or 'skip ...' a test; ends with 1 when one failed. The program's tests need root and namespaces of their own.
set -u
repository=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
cache=$repository/build/debian12-arm64
scratch=$(mktemp -d "$repository/build/arm64.XXXXXX") || exit
trap 'rm -rf "$scratch"' EXIT
root=$scratch/root failures=0

report() { # status name
    if (($1 == 0)); then echo "ok $2"; else
        printf '%s\nnot ok %s\n' "$(tail -n 25 "$scratch/log")" "$2"
        failures=1
    fi
}

# As the first process of a namespace a program that aborts would hang, hence the shell that stays. Without /sys: ONNX Runtime trips over an arm64
# processor with the caches of this machine's.
isolated() { # commands arguments...
    unshare --mount --pid --net --fork --kill-child env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin ROOT="$root" SCRATCH="$scratch" bash -c '
        mount -t proc proc "$ROOT/proc" && ip link set lo up || exit
        facelandmark() { timeout 900 chroot "$ROOT" /usr/bin/qemu-aarch64-static /usr/bin/facelandmark "$@"; }
        '"$1"'
        exit $?' "$@" >"$scratch/log" 2>&1 </dev/null
}

program() { isolated 'facelandmark "$@"' "$@"; } # arguments...

the_native_library_passes_its_tests() {
    local build=$repository/build/native-arm64
    cmake -S "$repository/src/Native" -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 \
        -DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc -DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++ \
        "-DCMAKE_CROSSCOMPILING_EMULATOR=qemu-aarch64-static;-L;/usr/aarch64-linux-gnu" &&
        cmake --build "$build" --parallel && ctest --test-dir "$build" --output-on-failure
}

the_package_is_built() {
    export DPKG_DEB_COMPRESSOR_TYPE=none
    package=$("$repository/deploy/package.sh" arm64 --out "$scratch")
}

# Not configured, which would take an arm64 kernel or binfmt_misc; unpacked is enough for a program that only needs libraries.
the_system_is_made() {
    local archive
    if [[ ! -d $cache ]]; then
        rm -rf "$cache.part"
        debootstrap --arch=arm64 --foreign --variant=minbase --include=libssl3 bookworm "$cache.part" || return
        for archive in "$cache.part"/var/cache/apt/archives/libssl3_*.deb; do
            dpkg-deb -x "$archive" "$cache.part"
        done
        rm -rf "$cache.part/proc" "$cache.part"/var/cache/apt/archives/*.deb && mkdir "$cache.part/proc" && mv "$cache.part" "$cache" || return
    fi
    cp -a "$cache" "$root" && cp /usr/bin/qemu-aarch64-static "$root/usr/bin/" && dpkg-deb -x "$package" "$root" || return
    mkdir -p "$root/var/lib/facelandmark" && cp -r "$root/usr/lib/facelandmark/models" "$root/var/lib/facelandmark/"
}

doctor_finds_all_that_is_needed() {
    program doctor && grep -qE '^ok +Skia' "$scratch/log" && grep -qE '^ok +model +deeppose-resnet18' "$scratch/log"
}

a_photograph_has_its_faces() {
    program image /usr/lib/facelandmark/assets/demo/sample1.jpg && grep -q ': 3 faces' "$scratch/log"
}

# The broker keeps the preview for a subscriber that was there before the node and reads after it, so nobody has to wait for the right moment.
a_folder_is_run_to_its_end() {
    mkdir "$root/photographs" && cp "$root/usr/lib/facelandmark/assets/demo/sample1.jpg" "$root/photographs/" || return
    printf '%s\n' 'listener 1883 127.0.0.1' 'allow_anonymous true' 'queue_qos0_messages true' >"$scratch/mosquitto.conf"
    isolated '
        subscriber() { mosquitto_sub -h 127.0.0.1 -i viewer -c -q 1 -t "facelandmark/+/cameras/cam0/preview" -W 60 "$@"; }
        mosquitto -c "$SCRATCH/mosquitto.conf" &
        for ((attempt = 0; attempt < 300; attempt++)); do
            ! subscriber -E || break
            sleep 0.2
        done
        facelandmark run --source /photographs --Mqtt:Host=127.0.0.1 --Preview:Enabled=true --Node:DrainFor=5min --report json || exit
        subscriber -C 1 -N >"$SCRATCH/preview.jpg"' run
}

the_report_counts_its_faces() { grep -qE '^\{"frames":1,"framesWithFaces":1,"faces":3,"published":1,' "$scratch/log"; }

the_preview_is_a_jpeg() {
    [[ $(od -An -tx1 -N3 "$scratch/preview.jpg") == ' ff d8 ff' && $(tail -c 2 "$scratch/preview.jpg" | od -An -tx1) == ' ff d9' ]]
}

the_native_library_passes_its_tests >"$scratch/log" 2>&1
report $? "on arm64 the native library passes its tests"
if ((EUID != 0)) || ! unshare --mount --pid --net --fork true 2>/dev/null; then
    echo "skip the arm64 package is not run: that takes root and namespaces of its own"
    exit $failures
fi
package=''
the_package_is_built >"$scratch/log" 2>&1 && the_system_is_made >>"$scratch/log" 2>&1
report $? "the arm64 package is built and unpacked in a Debian for arm64" && ((failures == 0)) || exit 1
program --version
grep -qE '^[0-9]+\.[0-9]+\.[0-9]+' "$scratch/log"
report $? "on arm64 the program starts"
doctor_finds_all_that_is_needed
report $? "on arm64 doctor finds all that is needed, without OpenCV"
a_photograph_has_its_faces
report $? "on arm64 a photograph has its faces"
a_folder_is_run_to_its_end && the_report_counts_its_faces
report $? "on arm64 a node publishes a photograph with its faces"
the_preview_is_a_jpeg
report $? "on arm64 its preview is a JPEG"
exit $failures
