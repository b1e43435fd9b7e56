#!/usr/bin/env bash
# Holds the shim against a real checkout of the vendor's SDK (rzv_drp-ai_tvm with its submodules; for 2.7 also spdlog and asio, as its
# setup/README.md says): builds it for every product with the aarch64 cross compiler, links it with the vendor's libraries, and runs it under
# qemu on a fake driver.
#
#   src/Native/tests/sdk_test.sh [SDK-FOLDER [OBJECT-FOLDER]]
#
# Without SDK-FOLDER the variable FACELANDMARK_SDK names it, for the run of all tests. OBJECT-FOLDER is a model object for aarch64 with
# input0.f32 and output0.f32, which is run too; without it FACELANDMARK_TVM_ARM64_OBJECT or ../shared/data/tvm-objects/tiny-aarch64 is.
# Prints 'ok ...', 'not ok ...' or 'skip ...' for each; ends with 1 when one failed. Needs g++-aarch64-linux-gnu, qemu-user-static, cmake and
# make. Nothing of the SDK is kept.
set -u
named=${1:-${FACELANDMARK_SDK:-}}
if [[ -z $named ]]; then
    echo "skip the vendor's SDK: neither an argument nor FACELANDMARK_SDK names a checkout of rzv_drp-ai_tvm"
    exit 0
fi
here=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
give_up() { # sentence
    echo "not ok $1"
    exit 1
}
sdk=$(cd -P -- "$named" 2>/dev/null && pwd) || give_up "$named is no folder: give the folder of a checkout of rzv_drp-ai_tvm"
[[ -e $sdk/apps/PreRuntime.h ]] || give_up "$sdk is no checkout of rzv_drp-ai_tvm: it has no apps/PreRuntime.h"
object=${2:-${FACELANDMARK_TVM_ARM64_OBJECT:-}}
if [[ -z $object ]]; then
    object=$here/../../../../shared/data/tvm-objects/tiny-aarch64
    [[ -e $object/deploy.so ]] || object=''
fi
for file in deploy.so deploy.json deploy.params input0.f32 output0.f32; do
    [[ -z $object || -e $object/$file ]] || give_up "$object is no model object to run: it has no $file"
done
for program in aarch64-linux-gnu-g++ qemu-aarch64-static cmake make; do
    command -v "$program" >/dev/null ||
        give_up "$program is not installed: apt-get install g++-aarch64-linux-gnu qemu-user-static cmake make"
done
[[ -n $object ]] || echo "skip a given model object: neither an argument nor FACELANDMARK_TVM_ARM64_OBJECT names one"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
sysroot=/usr/aarch64-linux-gnu
failures=0
cc=(aarch64-linux-gnu-gcc -std=c11 -O2 -Wall -Wextra -Werror -I "$here/driver" -I "$here/sdk")

not_ok() { # what, file with the reason
    echo "not ok $1"
    tail -n 40 "$2" | sed 's/^/  /'
    failures=1
}

# The board's Linux has these, and nothing here calls them; a checkout may lack large files. What a library asks for by name and nobody has
# is stood in for by empty symbols.
stand_ins() { # folder of the vendor's libraries, folder to put them in
    local folder=$1 out=$2 library needed missing=()
    for needed in $(for library in "$folder"/*.so; do aarch64-linux-gnu-readelf -d "$library"; done | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u); do
        [[ -e $folder/$needed || -e $sysroot/lib/$needed ]] || missing+=("$needed")
    done
    [[ ${#missing[@]} -gt 0 ]] || return 0
    for library in "$folder"/*.so "$sysroot"/lib/lib{c,m,stdc++,gcc_s,dl,pthread}.so.*[0-9]; do
        aarch64-linux-gnu-nm -D --defined-only "$library"
    done | awk '{sub(/@.*/, "", $NF); print $NF}' | sort -u >"$out/defined"
    for library in "$folder"/*.so; do
        aarch64-linux-gnu-nm -D --undefined-only "$library"
    done | awk '$1 == "U" && $2 !~ /@/ {print $2}' | sort -u | comm -23 - "$out/defined" >"$out/lacking"
    awk 'BEGIN {print ".data\n.balign 16"} {print ".globl \"" $1 "\"\n\"" $1 "\":"} END {print ".space 256"}' "$out/lacking" >"$out/lacking.s"
    for needed in "${missing[@]}"; do
        case $needed in
        libmmngr*) aarch64-linux-gnu-gcc -shared -x c /dev/null -o "$out/$needed" -Wl,-soname,"$needed" ;;
        *)
            echo "  $needed is not in this checkout: empty symbols stand in for it"
            aarch64-linux-gnu-gcc -shared "$out/lacking.s" -o "$out/$needed" -Wl,-soname,"$needed"
            ;;
        esac
    done
}

build() { # product, device kind, folder
    cmake -S "$here/.." -B "$3" -DTVM_ROOT="$sdk" -DPRODUCT="$1" -DDEVICE_KIND="$2" -DBUILD_TESTING=OFF -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 -DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc -DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++ \
        -DCMAKE_CXX_FLAGS="-I$here/driver ${v2h-}" && cmake --build "$3" --parallel
}

run() { # folder of the build, device kind, then arguments
    local out=$1 kind=$2
    shift 2
    qemu-aarch64-static -L "$sysroot" -E LD_PRELOAD="$out/fake_driver.so" -E LD_LIBRARY_PATH="$out:$libraries:$out/stand-ins" \
        "$out/sdk_run" "$out/object" "$out/kernels.so" "$kind" "$@"
}

for product in V2L V2M V2MA V2H V2N; do
    v2h=
    [[ $product != V2H && $product != V2N ]] || v2h=-DFACELANDMARK_V2H
    kinds=(cpu)
    [[ -z $v2h ]] || kinds=(cpu auto)
    for kind in "${kinds[@]}"; do
        out=$scratch/$product-$kind
        mkdir -p "$out/stand-ins"
        if ! build "$product" "$kind" "$out" >"$out.log" 2>&1; then
            # A product that a release does not serve is refused by a sentence, which is right.
            if grep -q "which does not do for" "$out.log"; then
                echo "ok $product: refused, as this release does not serve it"
                break
            fi
            not_ok "$product: builds (DEVICE_KIND=$kind)" "$out.log"
            continue
        fi
        echo "ok $product: $(sed -n 's/^-- \(DRP-AI TVM.*\), libraries of .*/\1/p' "$out.log") builds"
        libraries=$(sed -n 's/^-- DRP-AI TVM.*, libraries of //p' "$out.log")
        if aarch64-linux-gnu-nm -D --defined-only "$out/libfacelandmark_native.so" | awk '{print $3}' | grep -v '^facelandmark_' >"$out.log"; then
            not_ok "$product: exports its own interface alone" "$out.log"
        else
            echo "ok $product: exports its own interface alone"
        fi
        stand_ins "$libraries" "$out/stand-ins"
        # shellcheck disable=SC2086
        if ! { "${cc[@]}" $v2h -shared -fPIC "$here/sdk/fake_driver.c" -o "$out/fake_driver.so" -ldl &&
            "${cc[@]}" -shared -fPIC "$here/sdk/kernels.c" -o "$out/kernels.so" &&
            aarch64-linux-gnu-g++ -std=c++17 -O2 -Wall -Wextra -I "$here/../include" -I "$here/sdk" "$here/sdk/sdk_run.cpp" -o "$out/sdk_run" -L "$out" \
                -lfacelandmark_native -Wl,--allow-shlib-undefined -Wl,-rpath-link,"$libraries:$out/stand-ins"; } >"$out.log" 2>&1; then
            not_ok "$product: its test builds" "$out.log"
            continue
        fi
        arguments=()
        [[ -z $object ]] || arguments=("$object")
        if run "$out" "${kind/auto/drpai}" "${arguments[@]}" >"$out.log" 2>&1; then
            sed -n "s/^ok /ok $product: /p" "$out.log"
        else
            not_ok "$product: runs (DEVICE_KIND=$kind)" "$out.log"
        fi
    done
done
exit $failures
