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
# shellcheck source=tests/shell/lib/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/expect.sh"
cd "$scratch" || exit

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
has mera2_ || expect "compile_drpai.py names a missing compiler" 1 "has neither mera2_ (DRP-AI TVM 2.7 or later) nor tvm.relay.mera"
try env SDK=/nowhere PRODUCT=V2H python3 "$scripts/compile_drpai.py" nowhere.pt
expect "compile_drpai.py tells a wrong folder and an unfit product apart" 1 "SDK is /nowhere, which is no folder" "PRODUCT is V2H, whose compiler quantises" "--only-preprocess"
for size in 641x480 640 0x480 640x4097; do
    try python3 "$scripts/compile_drpai.py" x.pt --frame $size
    expect "compile_drpai.py refuses frames of $size" 2 "argument --frame: $size is"
done

# Doubles of the vendor's modules, which note in what order they are imported and what they are asked for. Without compilers nothing shows
# how the real ones like it; this shows that they are asked in the vendor's order.
mkdir -p vendor/tutorials/drpai_preprocess vendor/translator/DRP-AI_translator vendor/site/mera2_ vendor/sdk
cat >vendor/site/note.py <<'PYTHON'
def note(text):
    with open("notes", "a", encoding="utf-8") as file:
        file.write(text + "\n")
PYTHON
echo 'import note; note.note("import python_api")' >vendor/translator/DRP-AI_translator/python_api.py
echo 'import note; note.note("import yaml")' >vendor/site/yaml.py
echo 'import note; note.note("import drpai_preprocess")' >vendor/tutorials/drpai_preprocess/__init__.py
cat >vendor/tutorials/drpai_preprocess/drpai_param.py <<'PYTHON'
class FORMAT: YUYV_422, RGB = "YUYV_422", "RGB"
class ORDER: HWC, CHW = "HWC", "CHW"
class TYPE: UINT8, FP32 = "UINT8", "FP32"
PYTHON
cat >vendor/tutorials/drpai_preprocess/op.py <<'PYTHON'
class Crop:
    def __init__(self, x, y, width, height): self.text = f"Crop {x} {y} {width} {height}"
class Resize:
    BILINEAR = "bilinear"
    def __init__(self, width, height, algorithm): self.text = f"Resize {width} {height} {algorithm}"
class Normalize:
    def __init__(self, add, multiply): self.text = f"Normalize {add[0]:.3f} {multiply[0]:.6f}"
PYTHON
cat >vendor/tutorials/drpai_preprocess/preruntime.py <<'PYTHON'
import os, sys
import yaml
sys.path.append(os.environ["TRANSLATOR"] + "/DRP-AI_translator")
import python_api
import note
class Config: pass
class PreRuntime:
    def __init__(self, config, folder, product):
        note.note(f"preprocess {product} {config.shape_in} {config.format_in} " + ", ".join(step.text for step in config.ops))
        os.makedirs(folder)
        steps = ["conv_yuv2rgb"] + [step.text.split()[0].lower() for step in config.ops if os.environ.get("FORGETS") not in step.text.split()]
        with open(os.path.join(folder, "drp_param_info.txt"), "w", encoding="utf-8") as file:
            file.writelines(f"OFFSET_ADD:0, layer_name:a, drp_lib:{step}\n" for step in steps)
PYTHON
cat >vendor/site/torch.py <<'PYTHON'
import note; note.note("import torch")
class jit:
    @staticmethod
    def load(path, map_location): return jit
    @staticmethod
    def eval(): return "network"
PYTHON
cat >vendor/site/mera2_/__init__.py <<'PYTHON'
import os
import note; note.note("import mera2_")
def from_pytorch(model, shapes): return model, shapes
class drp:
    @staticmethod
    def build(module, parameters, machine, config, output_dir):
        note.note(f"build {module} {parameters} {machine} {config['target']} {config['addr_map_start']:#x}")
        open(os.path.join(output_dir, "mera.plan"), "w").close()
PYTHON
with_vendor() { env -u PYTHONPATH PYTHONPATH="$scratch/vendor/site" TVM_ROOT="$scratch/vendor" TRANSLATOR="$scratch/vendor/translator" SDK="$scratch/vendor/sdk" "$@"; }
noted() { mapfile -t lines <notes && [[ ${lines[*]} == "$*" ]] || { out=${lines[*]} && return 1; }; }
touch network.pt
try with_vendor PRODUCT=V2L python3 "$scripts/compile_drpai.py" network.pt --out compiled
expect "compile_drpai.py compiles with the vendor's modules" 0 "compiled: mera.plan is there." "compiled/preprocess is there and cuts regions out of frames"
try noted "import drpai_preprocess" "import yaml" "import python_api" "import torch" "import mera2_" "build network [('input0', (1, 3, 256, 256))] arm DrpAi 0x0" \
    "preprocess V2L [1, 480, 640, 2] YUYV_422 Crop 0 0 640 480, Resize 256 256 bilinear, Normalize -123.675 0.017125"
expect "the pre-processing module comes first, the address is 0, and Crop is the first step" 0
rm notes
try with_vendor PRODUCT=V2H python3 "$scripts/compile_drpai.py" --only-preprocess --frame 1280x720 --out compiled
expect "compile_drpai.py writes the pre-processing alone, for V2H too" 0 "compiled/preprocess is there and cuts"
try noted "import drpai_preprocess" "import yaml" "import python_api" \
    "preprocess V2H [1, 720, 1280, 2] YUYV_422 Crop 0 0 1280 720, Resize 256 256 bilinear, Normalize -123.675 0.017125"
expect "the pre-processing alone needs no torch and no compiler" 0
try with_vendor PRODUCT=V2L FORGETS=Crop python3 "$scripts/compile_drpai.py" --only-preprocess --out compiled
expect "a pre-processing that came out without Crop is refused" 1 "has no crop, only conv_yuv2rgb, resize, normalize"
rm vendor/translator/DRP-AI_translator/python_api.py
try with_vendor PRODUCT=V2L python3 "$scripts/compile_drpai.py" network.pt --out new
expect "a Translator without its Python interface is told before the compilation" 1 "has no python_api in DRP-AI_Translator"
echo 'raise SystemExit(-1)' >vendor/tutorials/drpai_preprocess/__init__.py
touch vendor/translator/DRP-AI_translator/python_api.py
try with_vendor PRODUCT=V2L python3 "$scripts/compile_drpai.py" network.pt --out new
expect "a pre-processing module that ends Python is told before the compilation" 1 "cannot import drpai_preprocess from"

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
    expect "a file that is no checkpoint is refused" 1 "cannot be read as a checkpoint"
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
