#!/usr/bin/env bash
# Makes a private authority, the broker's certificate, and an account (certificate and password) for each node and for the dashboard:
#   certificates.sh FOLDER BROKER[,BROKER...] NODE...
# BROKER: a name or address by which nodes reach it. What is there already is kept, so that nodes can be added later.
# Needs openssl and mosquitto_passwd. Give a node NODE.crt, NODE.key or NODE.password, and ca.crt; keep ca.key to yourself.
set -euo pipefail
(($# >= 2)) || { echo "Usage: $0 FOLDER BROKER[,BROKER...] NODE..." >&2; exit 2; }
PATH=$PATH:/usr/sbin
folder=$1 brokers=$2
shift 2
readonly DAYS=${DAYS:-825} AUTHORITY_DAYS=${AUTHORITY_DAYS:-3650}
umask 077
mkdir -p "$folder"
cd "$folder"

key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null || openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

# certificate NAME SUBJECT EXTENSIONS
certificate() {
    [[ -e $1.crt ]] && return
    key "$1.key"
    openssl req -new -key "$1.key" -subj "/CN=$2" -out "$1.csr"
    openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days "$DAYS" -sha256 -extfile <(printf '%b' "$3") -out "$1.crt" 2>/dev/null
    rm "$1.csr"
    echo "made $folder/$1.crt"
}

account() {
    [[ -e $1.password ]] && return
    openssl rand -hex 24 >"$1.password"
    [[ -e passwords ]] || : >passwords
    mosquitto_passwd -b passwords "$1" "$(<"$1.password")"
    echo "made $folder/$1.password"
}

if [[ ! -e ca.crt ]]; then
    key ca.key
    openssl req -x509 -new -key ca.key -sha256 -days "$AUTHORITY_DAYS" -subj "/CN=FaceLandmark private authority" \
        -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" -out ca.crt
    echo "made $folder/ca.crt"
fi

names=""
IFS=, read -ra list <<<"$brokers"
for broker in "${list[@]}"; do
    kind=DNS
    [[ $broker =~ ^[0-9.]+$ || $broker == *:* ]] && kind=IP
    names+="${names:+,}$kind:$broker"
done
certificate server "${list[0]}" "subjectAltName=$names\nextendedKeyUsage=serverAuth\nkeyUsage=digitalSignature\n"

for node in "$@" dashboard; do
    [[ $node =~ ^[A-Za-z0-9._-]+$ ]] || { echo "The name '$node' cannot be an account: letters, digits, . _ - only." >&2; exit 2; }
    certificate "$node" "$node" "extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature\n"
    account "$node"
done
