#!/usr/bin/env bash
# shellcheck disable=SC2016,SC2317
# (quoted text is for others, tests are called by name)
# Builds what is for arm64 and runs it on an emulated processor: the native library's own tests, and the program of the Debian package with
# its ONNX Runtime and models in Debian 12 for arm64: doctor, a photograph and its points, a folder with a preview and an outbox, demo and video
# with the live page, a camera (the double of src/Native/tests/camera_double), and a model object of TVM. Only ffmpeg is this machine's: an
# emulated program can start no other one.
# TVM's runtime for arm64 is named by FACELANDMARK_TVM_ARM64_LIBRARY (the vendor's libtvm_runtime.so or libdrp_tvm_rt.so, or one of Apache's);
# without that it is the one of the vendor's SDK, where FACELANDMARK_SDK names a checkout. FACELANDMARK_TVM_ARM64_OBJECT names the model
# object, with input0.f32 and output0.f32, in place of ../shared/data/tvm-objects/tiny-aarch64.
# Prints 'ok ...', 'not ok ...' or 'skip ...' a test; ends with 1 when one failed. The program's tests need root and namespaces of their own.
set -u
repository=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)

# Each program with the package that has it.
lacking=()
for entry in aarch64-linux-gnu-g++:g++-aarch64-linux-gnu cmake:cmake debootstrap:debootstrap ffmpeg:ffmpeg gcc:gcc \
    ip:iproute2 make:make mosquitto:mosquitto mosquitto_sub:mosquitto-clients python3:python3 qemu-aarch64-static:qemu-user-static; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${entry%:*}" >/dev/null || lacking+=("${entry#*:}")
done
((${#lacking[@]} == 0)) || { echo "not ok nothing is run on arm64, for packages are missing: apt-get install ${lacking[*]}" && exit 1; }

tvm_object=${FACELANDMARK_TVM_ARM64_OBJECT:-$repository/../shared/data/tvm-objects/tiny-aarch64} tvm_library=${FACELANDMARK_TVM_ARM64_LIBRARY:-}
if [[ -z $tvm_library && -n ${FACELANDMARK_SDK:-} ]]; then
    for tvm_library in "$FACELANDMARK_SDK"/obj/build_runtime/{v2m/lib/libdrp_tvm_rt.so,V2L/libtvm_runtime.so}; do
        [[ ! -f $tvm_library ]] || break
    done
fi
# Who names something wants it run.
[[ -z $tvm_library || -f $tvm_library ]] || { echo "not ok TVM's runtime $tvm_library is no file" && exit 1; }
[[ -z ${FACELANDMARK_TVM_ARM64_OBJECT:-} || -f $tvm_object/deploy.so ]] || { echo "not ok $tvm_object is no model object: it has no deploy.so" && exit 1; }

mkdir -p "$repository/build" || exit
cache=$repository/build/debian12-arm64
scratch=$(mktemp -d "$repository/build/arm64.XXXXXX") || exit
trap 'rm -rf "$scratch"' EXIT
root=$scratch/root failures=0
sample=assets/demo/sample1.jpg

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
        mount -t proc proc "$ROOT/proc" && mount --bind /usr "$ROOT/host/usr" && ip link set lo up || exit
        emulated() { timeout 900 chroot "$ROOT" /usr/bin/qemu-aarch64-static /usr/bin/facelandmark "$@"; }
        facelandmark() {
            local status=0
            emulated "$@" || status=$?
            # Once in many runs .NET dies under the emulator (signal 6 or 11), in code that had run before: what dies twice is a fault.
            ((status == 134 || status == 139)) || return "$status"
            echo "The emulated program died of a signal and is run once more." >&2
            emulated "$@"
        }
        subscriber() { mosquitto_sub -h 127.0.0.1 "$@"; }
        broker() { # as it is ready
            mosquitto -c "$SCRATCH/mosquitto.conf" &
            for ((attempt = 0; attempt < 300; attempt++)); do
                ! subscriber -t x -E 2>/dev/null || return 0
                sleep 0.2
            done
            return 1
        }
        '"$1"'
        exit $?' "$@" >"$scratch/log" 2>&1 </dev/null
}

program() { isolated 'facelandmark "$@"' "$@"; } # arguments...

# To try out which number of threads is best takes a hundred inferences, and an emulated one takes a second.
threads=--Engines:Onnx:Threads=2

the_native_library_passes_its_tests() {
    local build=$repository/build/native-arm64
    cmake -S "$repository/src/Native" -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 \
        -DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc -DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++ \
        "-DCMAKE_CROSSCOMPILING_EMULATOR=qemu-aarch64-static;-L;/usr/aarch64-linux-gnu" &&
        cmake --build "$build" --parallel && ctest --test-dir "$build" --parallel 2 --output-on-failure
}

the_package_is_built() {
    export DPKG_DEB_COMPRESSOR_TYPE=none
    package=$("$repository/deploy/package.sh" arm64 --out "$scratch")
}

# Not configured, which would take an arm64 kernel or binfmt_misc; unpacked is enough for a program that only needs libraries.
the_system_is_made() {
    local archive
    if [[ ! -e $cache/usr/lib/aarch64-linux-gnu/libsqlite3.so.0 ]]; then
        rm -rf "$cache" "$cache.part"
        debootstrap --arch=arm64 --foreign --variant=minbase --include=libssl3,libsqlite3-0 bookworm "$cache.part" || return
        for archive in "$cache.part"/var/cache/apt/archives/lib{ssl3,sqlite3-0}_*.deb; do
            dpkg-deb -x "$archive" "$cache.part"
        done
        rm -rf "$cache.part/proc" "$cache.part"/var/cache/apt/archives/*.deb && mkdir "$cache.part/proc" && mv "$cache.part" "$cache" || return
    fi
    cp -a "$cache" "$root" && cp /usr/bin/qemu-aarch64-static "$root/usr/bin/" && dpkg-deb -x "$package" "$root" || return
    mkdir -p "$root/var/lib/facelandmark" "$root/host/usr"
}

its_models_are_restored() {
    program model thin --restore /usr/lib/facelandmark/models && cp -r "$root/usr/lib/facelandmark/models" "$root/var/lib/facelandmark/" &&
        cmp "$repository/models/deeppose-resnet18-int8.onnx" "$root/usr/lib/facelandmark/models/deeppose-resnet18-int8.onnx" >>"$scratch/log" 2>&1
}

doctor_finds_all_that_is_needed() {
    program doctor && grep -qE '^ok +Skia' "$scratch/log" && grep -qE '^ok +model +deeppose-resnet18' "$scratch/log"
}

a_photograph_has_its_faces() {
    isolated 'facelandmark image --json '$threads' /usr/lib/facelandmark/"$1" >"$SCRATCH/arm64.json"' "$sample" &&
        "$repository/run.sh" image --json "$repository/$sample" >"$scratch/here.json" 2>>"$scratch/log"
}

# Faces in the order of their places, for two of equal size may change theirs.
# As that of RZ/V2M: bytes are multiplied in another way there.
eight_bits_are_right_without_the_dot_product() {
    isolated 'QEMU_CPU=cortex-a53 facelandmark model verify deeppose-resnet18-int8' && grep -q '^self-test: largest difference 0.00' "$scratch/log"
}

its_points_are_those_of_this_machine() {
    python3 - "$scratch/arm64.json" "$scratch/here.json" >>"$scratch/log" 2>&1 <<'END'
import json, math, sys
there, here = ([sorted(face["points"] for face in json.loads(line)["faces"]) for line in open(path)] for path in sys.argv[1:])
assert len(there) == len(here) == 1 and len(there[0]) == len(here[0]) == 3, (len(there[0]), len(here[0]))
pairs = [pair for mine, theirs in zip(here[0], there[0]) for pair in zip(mine, theirs, strict=True)]
worst = max(math.dist(*pair) for pair in pairs)
print(f"{len(pairs)} points, {worst:.3f} px apart at most")
assert len(pairs) == 3 * 98 and worst <= 2
END
}

# The broker keeps the preview for a subscriber that was there before the node and reads after it, so nobody has to wait for the right moment.
# Without the program's own SQLite, as on a system with an older glibc: the system's serves.
a_folder_is_run_to_its_end() {
    mkdir "$root/photographs" && cp "$root/usr/lib/facelandmark/$sample" "$root/photographs/" &&
        mv "$root/usr/lib/facelandmark/libe_sqlite3.so" "$scratch/" || return
    printf '%s\n' 'listener 1883 127.0.0.1' 'allow_anonymous true' 'queue_qos0_messages true' >"$scratch/mosquitto.conf"
    isolated '
        viewer() { subscriber -i viewer -c -q 1 -t "facelandmark/+/cameras/cam0/preview" -W 60 "$@"; }
        broker && viewer -E || exit
        facelandmark run --source /photographs --Mqtt:Host=127.0.0.1 --Preview:Enabled=true --Outbox:File=/var/lib/facelandmark/outbox.db \
            --Node:DrainFor=5min --report json '$threads' || exit
        viewer -C 1 -N >"$SCRATCH/preview.jpg"' run
    local status=$?
    mv "$scratch/libe_sqlite3.so" "$root/usr/lib/facelandmark/" && return $status
}

its_outbox_is_one_of_sqlite() { [[ $(head -c 15 "$root/var/lib/facelandmark/outbox.db") == "SQLite format 3" ]]; }

# A program of this machine with its libraries, from within the other system.
ffmpeg_can_be_started() {
    local libraries loader
    loader=$(ldd /usr/bin/ffmpeg | awk '$1 ~ /^\/.*ld-linux/ {print $1}') && loader=$(realpath "$loader")
    libraries=$(ldd /usr/bin/ffmpeg | awk '$2 == "=>" {print $3}' | xargs -r realpath | xargs -r -n1 dirname | sort -u |
        sed 's:^:/host:' | paste -sd:)
    [[ $loader == /usr/* && -n $libraries ]] || return
    gcc -static -O1 -o "$root/usr/bin/ffmpeg" -DLOADER="\"/host$loader\"" -DLIBRARIES="\"$libraries\"" -x c - <<'END'
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(int count, char **arguments)
{
    char *all[count + 4];
    unsetenv("LD_PRELOAD");
    memcpy(all, (char *[]){LOADER, "--library-path", LIBRARIES, "/host/usr/bin/ffmpeg"}, 4 * sizeof *all);
    memcpy(all + 4, arguments + 1, (size_t)count * sizeof *all);
    execv(LOADER, all);
    return 127;
}
END
}

demo_and_video_give_frames() {
    ffmpeg_can_be_started >"$scratch/log" 2>&1 &&
        ffmpeg -loglevel error -loop 1 -i "$repository/$sample" -t 1 -r 5 -vf scale=640:-2 "$root/film.mp4" >>"$scratch/log" 2>&1 </dev/null &&
        a_camera_is_plugged_in >>"$scratch/log" 2>&1 || return
    isolated '
        broker || exit
        timeout 900 chroot "$ROOT" /usr/bin/qemu-aarch64-static -E LD_PRELOAD=/camera_double.so -E CAMERA_DOUBLE=/plugged-in \
            /usr/bin/facelandmark run \
            --Cameras:0:Name=demo --Cameras:1:Name=film --Cameras:1:Source=/film.mp4 --Cameras:1:Loop=true --Cameras:2:Name=camera \
            --Cameras:2:Source=/dev/video0 --Mqtt:Host=127.0.0.1 --Node:DrainFor=5min --report json '$threads' &
        node=$!
        for camera in demo film camera; do
            subscriber -t "facelandmark/+/cameras/$camera/landmarks" -C 1 -W 600 >"$SCRATCH/$camera.json" || exit
        done
        python3 -c "
import urllib.request
for path in \"\", \"health\":
    with urllib.request.urlopen(f\"http://127.0.0.1:8098/{path}\", timeout=300) as answer:
        print(answer.status, answer.read().decode(), file=open(f\"$SCRATCH/page-{path}\", \"w\"))
" || exit
        kill -TERM $node && wait $node' run
}

# 640x480 in YUYV, as V4L2 cameras give it.
a_camera_is_plugged_in() {
    mkdir -p "$root/plugged-in/dev" && echo 'formats YUYV' >"$root/plugged-in/dev/video0" &&
        aarch64-linux-gnu-gcc -Wall -Wextra -Werror -O2 -shared -fPIC -pthread -o "$root/camera_double.so" \
            "$repository"/src/Native/tests/camera_double/*.c -ldl
}

the_camera_is_read() { grep -q '"seq":' "$scratch/camera.json" && grep -q '^start' "$root/plugged-in/log"; }

both_have_faces() {
    grep -q '"faces":\[{' "$scratch/film.json" && grep -q '"seq":' "$scratch/demo.json" && grep -qE '^\{"frames":[1-9]' "$scratch/log"
}

the_live_page_is_served() { grep -qi '^200 .*<!doctype html>' "$scratch/page-" && grep -q '^200 {' "$scratch/page-health"; }

# The vendor's runtime asks for libraries of the board's Linux by name; what this test does calls nothing in them.
a_model_object_of_tvm_is_right() {
    local name=${tvm_library##*/} needed
    cp -r "$tvm_object" "$root/tiny" && cp "$tvm_library" "$root/tiny/$name" || return
    for needed in $(aarch64-linux-gnu-readelf -d "$tvm_library" | sed -n 's/.*(NEEDED).*\[\(libmmngr.*\)\]/\1/p'); do
        aarch64-linux-gnu-gcc -shared -x c /dev/null -o "$root/usr/lib/aarch64-linux-gnu/$needed" -Wl,-soname,"$needed" || return
    done
    program model verify /tiny --input /tiny/input0.f32 --expect /tiny/output0.f32 --Engines:Tvm:Library="/tiny/$name"
}

the_report_counts_its_faces() { grep -qE '^\{"frames":1,"framesWithFaces":1,"faces":3,"published":1,' "$scratch/log"; }

the_preview_is_a_jpeg() {
    [[ $(od -An -tx1 -N3 "$scratch/preview.jpg") == ' ff d8 ff' && $(tail -c 2 "$scratch/preview.jpg" | od -An -tx1) == ' ff d9' ]]
}

# Beside the package, whose making does not keep two processors busy.
the_native_library_passes_its_tests >"$scratch/native" 2>&1 &
native=$!

native_library() {
    wait $native
    local status=$?
    cp "$scratch/native" "$scratch/log"
    report $status "on arm64 the native library passes its tests"
}

if ((EUID != 0)) || ! unshare --mount --pid --net --fork true 2>/dev/null; then
    echo "skip the arm64 package is not run: that takes root and namespaces of its own"
    native_library
    exit $failures
fi
package=''
{ the_package_is_built && the_system_is_made; } >"$scratch/made" 2>&1
made=$?
native_library
cp "$scratch/made" "$scratch/log"
report $made "the arm64 package is built and unpacked in a Debian for arm64" && ((made == 0)) || exit 1
program --version
grep -qE '^[0-9]+\.[0-9]+\.[0-9]+' "$scratch/log"
report $? "on arm64 the program starts"
its_models_are_restored
report $? "on arm64 weights are restored to the bit from those they follow from"
doctor_finds_all_that_is_needed
report $? "on arm64 doctor finds all that is needed, without OpenCV"
eight_bits_are_right_without_the_dot_product
report $? "on a Cortex-A53 an 8-bit model computes what its card says"
a_photograph_has_its_faces
report $? "on arm64 a photograph is looked at"
its_points_are_those_of_this_machine
report $? "on arm64 its 3 faces lie within 2 px of this machine's"
a_folder_is_run_to_its_end && the_report_counts_its_faces
report $? "on arm64 a node publishes a photograph with its faces"
the_preview_is_a_jpeg
report $? "on arm64 its preview is a JPEG"
its_outbox_is_one_of_sqlite
report $? "on arm64 its outbox is kept by the system's SQLite where the program's own does not load"
demo_and_video_give_frames && both_have_faces
report $? "on arm64 a node publishes the demo and a video"
the_camera_is_read
report $? "on arm64 a camera of V4L2 is read"
the_live_page_is_served
report $? "on arm64 it serves the live page and its health"
if [[ -z $tvm_library ]]; then
    echo "skip on arm64 no model object of TVM is run: neither FACELANDMARK_TVM_ARM64_LIBRARY nor FACELANDMARK_SDK names a runtime"
elif [[ ! -f $tvm_object/deploy.so ]]; then
    echo "skip on arm64 no model object of TVM is run: there is no $tvm_object, and FACELANDMARK_TVM_ARM64_OBJECT names none"
else
    a_model_object_of_tvm_is_right
    report $? "on arm64 a model object of TVM passes its check"
fi
exit $failures
