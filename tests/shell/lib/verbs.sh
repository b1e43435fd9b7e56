#!/usr/bin/env bash
# Runs every verb of an installed program, since .NET asks for an assembly only when it is used (decision 93): verbs.sh PROGRAM-FOLDER SCRATCH-FOLDER
# Needs a network namespace of its own, and ffmpeg, mosquitto and python3 of this machine. Prints what failed; ends with 1 when something did.
set -u
scratch=$(mktemp -d "$2/verbs.XXXXXX") failures=0
# A copy, for the link to the settings of the owner leads to /etc, which is this machine's here.
cp -r "$1" "$scratch/program" && rm "$scratch/program/appsettings.json" || exit
program=$scratch/program/EdgeNode photograph=$scratch/program/assets/demo/sample1.jpg
export HOME=$scratch XDG_STATE_HOME=$scratch DOTNET_gcServer=0
cd "$scratch" && ip link set lo up || exit
trap 'jobs -p | xargs -r kill 2>/dev/null; wait' EXIT

failed() { # what
    printf '%s failed:\n%s\n' "$1" "$(tail -n 12 out err 2>/dev/null)"
    failures=1
}

# Output goes to the file out.
try() { # what command...
    timeout 1800 "${@:2}" >out 2>err </dev/null || failed "$1"
}

says() { grep -qE -- "$2" "${3:-out}" || failed "$1, which should say $2,"; } # what expression [file]

awaited() { # command...
    for ((attempt = 0; attempt < 1500; attempt++)); do
        ! "$@" >/dev/null 2>&1 || return 0
        sleep 0.2
    done
    failed "waiting for $*"
}

# The verbs that a help names.
verbs_of() { "$program" "$@" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\).*/\1/p'; } # [verb]

for verb in $(verbs_of); do
    try "$verb --help" "$program" "$verb" --help
    for inner in $(verbs_of "$verb"); do
        try "$verb $inner --help" "$program" "$verb" "$inner" --help
    done
done
[[ -n $(verbs_of) && -n $(verbs_of model) ]] || failed "the help, which should name verbs,"

# ---- Pictures and models
try doctor "$program" doctor
says doctor '^ok +Skia'
try image "$program" image --json --annotate "$scratch" "$photograph"
cp out faces.json
python3 - >out 2>err <<'END' || failed "image's faces"
import json
faces = json.load(open("faces.json"))["faces"]
assert len(faces) == 3, len(faces)
points = faces[0]["points"]
xs, ys = zip(*points)
numbers = [value for point in points for value in point] + [min(xs), min(ys), max(xs), max(ys)] + [0] * 6
open("wflw.txt", "w").write(" ".join(f"{value:g}" for value in numbers) + " sample1.jpg\n")
END
cp -r program/models models
try "model list" "$program" model list --Models:Folder=models
says "model list" '^\* deeppose-resnet18 '
for model in models/*.json; do
    try "model verify $model" "$program" model verify "$model"
    says "model verify $model" 'input0 1x3x256x256'
done
try "model evaluate" "$program" model evaluate --list wflw.txt --images "${photograph%/*}" --plot curve.png --json
says "model evaluate" '"nmeMean"'
[[ $(head -c 4 curve.png | tail -c 3) == PNG ]] || failed "the curve"
try "model quantize" "$program" model quantize deeppose-resnet18 --calibrate "${photograph%/*}" --samples 4 --name mine --Models:Folder=models
try "model remove" "$program" model remove mine --Models:Folder=models
! "$program" model import "$photograph" --Models:Folder=models >out 2>err || failed "model import, which should refuse a photograph,"
says "model import" 'sample1.jpg' err

# ---- Nodes, servers, brokers
printf '%s\n' 'listener 1883 127.0.0.1' 'allow_anonymous true' >mosquitto.conf
mosquitto -c mosquitto.conf >broker.log 2>&1 &
awaited mosquitto_sub -h 127.0.0.1 -t x -E
"$program" serve >serve.log 2>&1 &
server=$!
ready() { python3 -c 'import urllib.request; urllib.request.urlopen("http://127.0.0.1:8000/v2/health/ready")'; }
awaited ready
"$program" record messages.jsonl --Mqtt:Host=127.0.0.1 >record.log 2>&1 &
recorder=$!
awaited grep -q '^Recording ' record.log
mkdir photographs && cp "$photograph" photographs/
try "run by a server" "$program" run --source photographs --Node:Name=verbs --Dispatch:Mode=remote --Engines:Remote:Url=http://127.0.0.1:8001 \
    --Engines:Remote:Deadline=1min --Mqtt:Host=127.0.0.1 --Outbox:File=outbox.db --Preview:Enabled=true \
    --Diagnostics:OtlpEndpoint=http://127.0.0.1:4317 --report json
says "run by a server" '"faces":3'
says "the outbox" 'SQLite format 3' outbox.db
kill -TERM $recorder && wait $recorder || failed record
says record '"engine":"remote"' messages.jsonl
kill -TERM $server && wait $server || failed serve
try fleet "$program" fleet --json --Mqtt:Host=127.0.0.1
says fleet '"verbs"'
try "fleet's table" "$program" fleet --Mqtt:Host=127.0.0.1
says "fleet's table" 'verbs'
try replay "$program" replay messages.jsonl --speed max --Mqtt:Host=127.0.0.1
says replay '[1-9][0-9]* messages? published'
try "run alone" "$program" run --frames 30 --Mqtt:Port=1884 --report json
says "run alone" '"frames":[1-9]'

# ---- Films, measurements, faults
try ffmpeg ffmpeg -loglevel error -loop 1 -i "$photograph" -t 1 -r 5 -vf scale=640:-2 film.mp4
try video "$program" video film.mp4 --csv film.csv --jsonl film.jsonl --out drawn.mp4
try plot "$program" plot film.jsonl --out plot.png --html plot.html --film film.mp4
[[ $(head -c 4 plot.png | tail -c 3) == PNG && -s plot.html ]] || failed "plot, which should write a picture and a page,"
[[ $(wc -l <film.jsonl) == 5 && -s film.csv && -s drawn.mp4 ]] || failed "video, which should write 5 frames,"
try bench "$program" bench --tiny --json --plot curves
says bench '"targets"'
compgen -G 'curves/*.png' >/dev/null || failed "the curves of bench"
"$program" soak --for 20s --json >out 2>err # how a busy machine bears faults is not asked here
says soak '"verdict"'
try support "$program" support --out support.zip
try "the zip of support" python3 -m zipfile -t support.zip
exit $failures
