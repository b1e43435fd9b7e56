#!/usr/bin/env bash
# shellcheck disable=SC2317
# (tests are called by name)
# Tests what models/compile can be tested for without the compilers: arguments, what is missing, the check of a finished object, and the
# tracing of a checkpoint where PyTorch is there. Prints 'ok ...' or 'not ok ...' a test; ends with 1 when one failed.
set -u
scripts=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../../models/compile" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PYTHONDONTWRITEBYTECODE=1
unset TVM_ROOT TRANSLATOR SDK PRODUCT
failures=0
cd "$scratch" || exit

try() { # command...
    out=$("$@" 2>&1 </dev/null)
    status=$?
}

# A test: its name, the status expected, then words that must be in the output.
expect() {
    local name=$1 wanted=$2 words
    shift 2
    if ((status != wanted)); then
        printf '  status %s instead of %s: %s\nnot ok %s\n' "$status" "$wanted" "$out" "$name"
        failures=1
        return
    fi
    for words; do
        if [[ $out != *"$words"* ]]; then
            printf '  "%s" is not in: %s\nnot ok %s\n' "$words" "$out" "$name"
            failures=1
            return
        fi
    done
    echo "ok $name"
}

has() { python3 -c "import $1" 2>/dev/null; }

# A model object as far as the check looks: name of the folder, ELF machine (two bytes), first bytes of the weights, graph.
object() {
    mkdir -p "$1"
    printf '\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0%b' "$2" >"$1/deploy.so"
    printf '%b' "$3" >"$1/deploy.params"
    echo "$4" >"$1/deploy.json"
}
confirm() { python3 -c 'import sys; sys.path.insert(0, sys.argv[1]); import model_object; model_object.confirm(sys.argv[2], sys.argv[3])' "$scripts" "$@"; }
magic='\xb7\x9c\x04\x05\x4f\x8d\xe5\xf7' graph='{"nodes": [{"op": "null", "name": "input0"}]}'

for script in trace.py compile_cpu.py compile_drpai.py self_test.py; do
    try python3 "$scripts/$script" --help
    expect "$script explains itself" 0 "usage: $script"
    try python3 "$scripts/$script"
    expect "$script asks for its argument" 2 "usage: $script"
done

try python3 "$scripts/trace.py" nowhere.pth
expect "trace.py names a missing checkpoint" 1 "nowhere.pth is missing: download it"
try python3 "$scripts/self_test.py" nowhere.pt nowhere.json
expect "self_test.py names a missing model" 1 "nowhere.pt is missing."

try python3 "$scripts/compile_cpu.py" nowhere.pt
expect "compile_cpu.py names a missing model" 1 "Not started:" "- nowhere.pt is missing: make it by trace.py."
has tvm || expect "compile_cpu.py names a missing TVM" 1 "has no tvm" "install Apache TVM 0.8 to 0.18 with LLVM"
mkdir full && touch full/deploy.so
try python3 "$scripts/compile_cpu.py" nowhere.pt --out full --compiler no-such-g++
expect "compile_cpu.py keeps out of a folder with files and names a missing compiler" 1 "- full is not empty" "- no-such-g++ is not on the path"
try python3 "$scripts/compile_cpu.py" x.pt --machine toaster
expect "compile_cpu.py refuses an unknown machine" 2 "invalid choice: 'toaster'"

try python3 "$scripts/compile_drpai.py" nowhere.pt
expect "compile_drpai.py names everything that is missing at once" 1 "- nowhere.pt is missing" "TVM_ROOT is not set" "TRANSLATOR is not set" "SDK is not set" "PRODUCT is not set: export PRODUCT to one of V2L, V2M, V2MA"
has mera2_ || expect "compile_drpai.py names a missing compiler" 1 "has neither mera2_"
try env SDK=/nowhere PRODUCT=V2H python3 "$scripts/compile_drpai.py" nowhere.pt
expect "compile_drpai.py tells a wrong folder and an unfit product apart" 1 "SDK is /nowhere, which is no folder" "PRODUCT is V2H, whose compiler quantises"

object good '\xb7\0' "$magic" "$graph"
try confirm good aarch64
expect "a whole object is confirmed" 0 "good: deploy.so (aarch64), deploy.json and deploy.params are there."
try confirm good x86-64
expect "an object for another machine is refused" 1 "good/deploy.so is not a library for x86-64 (ELF machine 183)"
object bad 'xx' 'weights' '{"nodes": []}'
try confirm bad aarch64
expect "everything wrong with an object is named" 1 "is not a library for aarch64" "bad/deploy.params holds no weights" "bad/deploy.json has no input input0"
mkdir empty
try confirm empty aarch64
expect "every missing file of an object is named" 1 "empty/deploy.so is missing" "empty/deploy.json is missing" "empty/deploy.params is missing"

if has torch && has torchvision; then
    # A checkpoint as MMPose writes it, of a small ResNet.
    python3 - <<'PYTHON'
import torch
import torchvision
torch.manual_seed(1)
network = torchvision.models.resnet18()
network.fc = torch.nn.Linear(512, 196)
state = {("keypoint_head." if key.startswith("fc.") else "backbone.") + key: value for key, value in network.state_dict().items()}
torch.save({"meta": {"epoch": 1}, "state_dict": state}, "small-00000000.pth")
torch.save({"meta": {"epoch": 1}, "state_dict": state}, "small.pth")
del state["backbone.bn1.bias"]
torch.save({"state_dict": state}, "lacking.pth")
torch.save({"state_dict": {"a": torch.zeros(1)}}, "other.pth")
picture = torch.rand(1, 3, 256, 256)
torch.save((picture, network.eval()(picture).detach()), "answer")
PYTHON
    try python3 "$scripts/trace.py" small-00000000.pth
    expect "a checkpoint that is not what its name says is refused" 1 "is damaged: its SHA-256 begins with"
    try python3 "$scripts/trace.py" lacking.pth
    expect "a checkpoint that lacks weights is refused by their names" 1 "is no DeepPose with resnet18" "bn1.bias"
    try python3 "$scripts/trace.py" other.pth
    expect "a checkpoint of something else is refused" 1 "holds no ResNet"
    echo nonsense >nonsense.pth
    try python3 "$scripts/trace.py" nonsense.pth
    expect "a file that is no checkpoint is refused" 1 "can't be read as a checkpoint"
    try python3 "$scripts/trace.py" small.pth --out small.pt
    expect "a checkpoint of MMPose is traced" 0 "small.pt: DeepPose with resnet18"
    try python3 -c 'import torch; p, a = torch.load("answer"); d = (torch.jit.load("small.pt")(p).flatten() - a.flatten()).abs().max(); assert d < 1e-5, d'
    expect "the traced network gives the network's points" 0
    echo '{"name": "small", "file": "deploy.params"}' >card.json
    try python3 "$scripts/self_test.py" small.pt card.json
    expect "a traced network's self-test is written into its card" 0 "card.json: self-test of small.pt"
    try python3 -c 'import json; t = json.load(open("card.json"))["selfTest"]; assert t["picture"] == "drawn-face-1" and len(t["points"]) == 196'
    expect "the self-test has 98 points" 0
fi

exit $failures
