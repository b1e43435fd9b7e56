#!/usr/bin/env bash
# Builds the Debian package of FaceLandmark: deploy/package.sh [amd64|arm64] [--out FOLDER]
#
# Without an architecture this machine's; the package lies in build/ or in FOLDER, and its path is the only line on standard output.
# Beside it lie its bill of materials (CycloneDX) and SHA256SUMS. Every date in it is that of the last commit, or SOURCE_DATE_EPOCH.
# It is compressed as far as xz goes, which takes minutes; dpkg-deb's variable DPKG_DEB_COMPRESSOR_TYPE, set to none, spares them.
set -u
# shellcheck source=scripts/setup.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../scripts/setup.sh"

# What Debian calls the package of a library that a native part names, those of libc apart; new names since Debian 13 first.
declare -rA PACKAGES=(
    [libgcc_s.so.1]=libgcc-s1
    [libstdc++.so.6]=libstdc++6
)

usage() { fail 2 "Usage: deploy/package.sh [amd64|arm64] [--out FOLDER]"; }

arguments() {
    architecture=$(dpkg --print-architecture 2>/dev/null) out=$ROOT/build
    while (($#)); do
        case $1 in
            amd64 | arm64) architecture=$1 ;;
            --out) (($# > 1)) || usage && out=$2 && shift ;;
            *) usage ;;
        esac
        shift
    done
    case $architecture in
        amd64) runtime=linux-x64 ;;
        arm64) runtime=linux-arm64 ;;
        *) fail 2 "There are packages for amd64 and arm64, not for '$architecture'." ;;
    esac
}

publish() {
    local log=$ROOT/build/package.log
    say "Publishing for $runtime ..."
    # A folder and a lock file of its own: the repository's lock files are those of the development builds.
    (cd "$ROOT" && dotnet publish src/EdgeNode -c Release -r "$runtime" --self-contained --artifacts-path "$work/artifacts" -o "$program" \
        -p:NuGetLockFilePath="$work/packages.lock.json" -p:PathMap="$ROOT=/facelandmark" -p:PublishReadyToRun=true -p:DebugType=none \
        -p:PublishDocumentationFiles=false -p:RunAnalyzers=false \
        -p:CustomBeforeMicrosoftCommonProps="$ROOT/deploy/package.targets" >"$log" 2>&1 9>&- </dev/null) && return
    grep -E 'error [A-Z]+[0-9]+' "$log" | sort -u >&2
    fail 1 "The program could not be published; $log has the reason."
}

# What no node needs: libraries of Windows, those for debuggers and tracers, collectors of .NET that have to be asked for, the default model's
# forerunner, the compact model (which would make the package too large for small boards), and OpenCV with the desktop it draws on, which is
# there to compare with (decision 87).
prune() {
    rm -f "$program"/models/*-mesh.* "$program"/models/deeppose-resnet10*
    rm -f "$program"/{onnxruntime,onnxruntime_providers_shared}.dll "$program"/{createdump,libmscordbi.so,libmscordaccore.so,libcoreclrtraceptprovider.so}
    rm -f "$program"/{libclrgc,libclrgcexp,libOpenCvSharpExtern}.so
    local strip=strip
    [[ $architecture == "$(dpkg --print-architecture)" ]] || strip=aarch64-linux-gnu-strip
    ! command -v "$strip" >/dev/null || "$strip" --strip-unneeded "$program"/*.so
    chmod -R u=rwX,go=rX "$program"
    find "$program" -type f ! -name EdgeNode -exec chmod 644 {} +
}

# Weights that follow from others are restored where the package is installed (decision 94). The program of this machine leaves them out, for the
# one in the package may be for another processor.
thin() {
    build_program && dotnet "$PROGRAM" model thin "$program/models" >&2 || fail 1 "The models could not be prepared for the package; see above."
}

# One line: the packages of every library that the native parts name and do not bring themselves.
depends() {
    local library glibc names=(passwd "libssl3t64 | libssl3") # OpenSSL is loaded when it is needed, so no part names it
    while read -r library; do
        [[ ! -e $program/$library ]] || continue
        case $library in
            libc.so.* | libm.so.* | libdl.so.* | librt.so.* | libpthread.so.* | ld-linux*) ;;
            *) [[ -n ${PACKAGES[$library]:-} ]] || fail 1 "A native part needs $library, and deploy/package.sh does not know which Debian package has it: add it to its list." && names+=("${PACKAGES[$library]}") ;;
        esac
    done < <(readelf -dW "$program"/*.so "$program/EdgeNode" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u)
    glibc=$(readelf -VW "$program"/*.so | grep -oE 'GLIBC_[0-9.]+' | cut -d_ -f2 | sort -Vu | tail -n1)
    { echo "libc6 (>= $glibc)" && printf '%s\n' "${names[@]}" | sort -u; } | paste -sd, | sed 's/,/, /g'
}

# What the program contains and under which licences: part of the package, and the bill of materials beside it, too.
bill() { # folder
    local log=$ROOT/build/package-bill.log
    dotnet run "$ROOT/deploy/sbom.cs" -- "$program" "$1" >"$log" 2>&1 9>&- </dev/null || fail 1 "The bill of materials could not be made; $log says why."
    cp "$1/sbom.cdx.json" "$out/${name%.deb}.cdx.json"
}

# Checks of other packages in the same folder stay.
sums() {
    local file sums=$out/SHA256SUMS
    touch "$sums"
    for file in "$name" "${name%.deb}.cdx.json"; do
        sed -i "\\|  $file\$|d" "$sums"
        (cd "$out" && sha256sum "$file") >>"$sums"
    done
}

# As dpkg counts: each file by its length, the rest as one; what the disk takes for them differs from build to build.
kibibytes() {
    find "$tree" -path "$tree/DEBIAN" -prune -o -printf '%y %s\n' | awk '{ sum += $1 == "f" ? int(($2 + 1023) / 1024) : 1 } END { print sum }'
}

control() { # dependencies
    cat <<END
Package: facelandmark
Version: $version
Architecture: $architecture
Maintainer: the FaceLandmark project <facelandmark@localhost>
Installed-Size: $(kibibytes)
Depends: $1
Recommends: ca-certificates, ffmpeg, libturbojpeg0 | libturbojpeg
Suggests: mosquitto, mosquitto-clients
Section: video
Priority: optional
Description: faces and 98 landmarks of camera pictures, published over MQTT
 A node that watches cameras, finds the faces, places 98 landmarks on each, and
 publishes them as MQTT messages. .NET and the models are within.
END
}

assemble() {
    local debian=$ROOT/deploy/debian needed
    mkdir -p "$tree"/{DEBIAN,etc/facelandmark,usr/bin,usr/lib/systemd/system,usr/lib/udev/rules.d,usr/share/doc/facelandmark}
    mv "$program/appsettings.json" "$tree/usr/share/doc/facelandmark/"
    ln -s /etc/facelandmark/appsettings.json "$program/appsettings.json" # so every verb reads the owner's settings
    ln -s ../lib/facelandmark/EdgeNode "$tree/usr/bin/facelandmark"
    install -m 644 "$debian/appsettings.json" "$tree/etc/facelandmark/"
    install -m 644 "$debian/facelandmark.service" "$tree/usr/lib/systemd/system/"
    install -m 644 "$debian/60-facelandmark.rules" "$tree/usr/lib/udev/rules.d/"
    install -m 644 "$debian/copyright" "$ROOT"/docs/{operations,configuration,mqtt}.md "$tree/usr/share/doc/facelandmark/"
    install -m 755 "$debian"/{postinst,prerm,postrm} "$tree/DEBIAN/"
    bill "$tree/usr/share/doc/facelandmark"
    echo /etc/facelandmark/appsettings.json >"$tree/DEBIAN/conffiles"
    needed=$(depends) || exit
    control "$needed" >"$tree/DEBIAN/control"
    (cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
}

package() {
    publish
    prune
    thin
    assemble
    find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
    local compression=(-Zxz -z9 -Sextreme)
    [[ -z ${DPKG_DEB_COMPRESSOR_TYPE:-} ]] || compression=()
    dpkg-deb "${compression[@]}" --root-owner-group --build "$tree" "$out/$name" >&2 || fail 1 "dpkg-deb could not write $out/$name."
    sums
}

arguments "$@"
require_sdk
for command in dpkg-deb readelf; do
    command -v $command >/dev/null || fail 2 "$command is needed to build a package: install Debian's dpkg and binutils."
done
assets_are_there || locked fetch_assets
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$ROOT/Directory.Build.props")
name=facelandmark_${version}_$architecture.deb
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$ROOT" log -1 --format=%ct 2>/dev/null || stat -c %Y "$ROOT/Directory.Build.props")}
work=$ROOT/build/package-$architecture tree=$work/tree program=$work/tree/usr/lib/facelandmark
mkdir -p "$work" "$out" || fail 2 "$out cannot be written; give this user the right to write there."
out=$(cd "$out" && pwd) || exit
(
    trap 'rm -rf "$tree"' EXIT
    rm -rf "$tree"
    locked package
) || exit
echo "$out/$name"
