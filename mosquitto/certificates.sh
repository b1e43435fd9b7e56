#!/usr/bin/env bash
# Makes a private authority, the broker's certificate, and an account (certificate and password) for each node and for the dashboard:
#   certificates.sh FOLDER BROKER[,BROKER...] NODE...
#   certificates.sh --revoke FOLDER NODE...
# BROKER: a name or address by which nodes reach it. What is there already is kept, so that nodes can be added later.
# --revoke puts the certificates of nodes into the list of revoked ones, crl.pem, which the broker reads when it starts (crlfile in its
# configuration). Needs openssl and mosquitto_passwd. Give a node NODE.crt, NODE.key or NODE.password, and ca.crt; keep ca.key to yourself.
set -euo pipefail
if (($# < 2)) || [[ $1 == --revoke && $# -lt 3 ]]; then
    echo "Usage: $0 FOLDER BROKER[,BROKER...] NODE... | --revoke FOLDER NODE..." >&2
    exit 2
fi
PATH=$PATH:/usr/sbin
readonly DAYS=${DAYS:-825} AUTHORITY_DAYS=${AUTHORITY_DAYS:-3650}
umask 077

authority() { # what openssl is to do as the authority...
    openssl ca -batch -notext -cert ca.crt -keyfile ca.key "$@" -config <(
        printf '%s\n' "[ca]" "default_ca = all" "[all]" "database = revoked.txt" "default_md = sha256" "default_crl_days = $AUTHORITY_DAYS"
    ) 2>revoke.log || { cat revoke.log >&2 && exit 1; }
    rm revoke.log
}

if [[ $1 == --revoke ]]; then
    folder=$2
    cd "$folder"
    shift 2
    for node in "$@"; do
        [[ -e $node.crt && -e ca.key ]] || { echo "$folder lacks $node.crt or ca.key; both are needed to revoke it." >&2; exit 2; }
    done
    [[ -e revoked.txt ]] || : >revoked.txt
    for node in "$@"; do
        if grep -q $'^R.*\t'"$(openssl x509 -in "$node.crt" -noout -serial | cut -d= -f2)"$'\t' revoked.txt; then
            echo "$node.crt is revoked already"
        else
            authority -revoke "$node.crt"
            echo "revoked $folder/$node.crt"
        fi
    done
    authority -gencrl -out crl.pem
    echo "made $folder/crl.pem: set crlfile in the broker's configuration and start the broker again"
    exit
fi

folder=$1 brokers=$2
shift 2
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
