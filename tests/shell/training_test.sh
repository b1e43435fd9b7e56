#!/usr/bin/env bash
# Trains, resumes and exports a network on a handful of drawn faces: whether the scripts of models/training work, not whether
# the network is any good. Prints 'ok ...' or 'not ok ...' a test; ends with 1 when one failed.
set -u
scripts=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../../models/training" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PYTHONDONTWRITEBYTECODE=1
python=/usr/bin/python3 # Debian's, which has Debian's PyTorch
# shellcheck source=tests/shell/lib/expect.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/expect.sh"
cd "$scratch" || exit

# Two lists of noise with points on a circle, one in a folder and one in a zip file as the data sets come.
"$python" - <<'PY'
import os, zipfile
import cv2, numpy as np
rng = np.random.default_rng(1)
for folder, count in (("seen", 12), ("zipped", 6)):
    os.mkdir(folder)
    with open(folder + ".txt", "w") as lines:
        for number in range(count):
            turn = np.linspace(0, 2 * np.pi, 98)
            points = np.stack([64 + 30 * np.cos(turn), 64 + 30 * np.sin(turn)], 1) + rng.normal(0, 1, (98, 2))
            cv2.imwrite(f"{folder}/{number}.png", rng.integers(0, 256, (128, 128, 3), np.uint8))
            values = [*points.ravel(), *points.min(0), *points.max(0)]
            lines.write(" ".join(f"{value:.2f}" for value in values) + f" 0 0 0 0 0 0 {folder}/{number}.png\n")
with zipfile.ZipFile("zipped.zip", "w") as archive:
    for name in sorted(os.listdir("zipped")):
        archive.write("zipped/" + name, name)
        os.remove("zipped/" + name)
os.rmdir("zipped")
PY

train() {
    "$python" "$scripts/train.py" --data . --train-list seen.txt zipped.txt:2 --val-list seen.txt zipped.txt \
        --size 64 --pool 2 --batch 8 --micro 4 --epoch 16 --workers 0 --out out "$@"
}

try train --pictures 16 --processes 2 --threads 2 --places 1
expect "train.py trains in two processes and tells each list's error" 0 "start: seen.txt" "epoch 1 step 2" "zipped.txt"
try train --pictures 32 --processes 2 --threads 2 --places 1
expect "train.py goes on where it was interrupted" 0 "resumed after epoch 1" "epoch 2 step 4"
try wc -l out/curve.csv
expect "train.py writes a line of the curve an epoch" 0 "3 out/curve.csv"

# Nine spots of light, each where a point is: after the picture was changed they must be where the changed points are.
cat >bend.py <<'PY'
import sys
import numpy as np
sys.path.insert(0, sys.argv[1])
import faces
spots = np.array([(x, y) for y in (0.3, 0.5, 0.7) for x in (0.3, 0.5, 0.7)])
centres = spots * 256 - 0.5
y, x = np.mgrid[0:256, 0:256]
light = sum(np.exp(-((x - a) ** 2 + (y - b) ** 2) / 18) for a, b in centres)
picture = np.repeat((255 * light).astype(np.uint8)[:, :, None], 3, 2)
moved, off = [], []
for seed in range(20):
    bent, target = faces.bend(np.random.default_rng(seed), picture, spots)
    for before, point in zip(centres, target * 256 - 0.5):
        near = bent[:, :, 0] * (np.hypot(x - point[0], y - point[1]) < 15.0)
        found = np.array([(near * x).sum(), (near * y).sum()]) / near.sum()
        off.append(np.hypot(*(found - point)))
        moved.append(np.hypot(*(point - before)))
print(f"moved {np.mean(moved):.1f}, off {np.max(off):.1f}")
assert np.mean(moved) > 2 and np.max(off) < 1
wide = faces.cover(np.random.default_rng(1), picture, np.full((40, 200, 3), 99, np.uint8))
tall = faces.cover(np.random.default_rng(2), picture, np.full((200, 40, 3), 99, np.uint8))
assert (wide == 99).any() and (tall == 99).any() and wide.shape == picture.shape
change = np.array([[2.0, 0.5], [0.0, 1.0]])
areas = [np.linalg.det(faces.stretch(np.random.default_rng(seed), change)) for seed in range(20)]
assert np.allclose(areas, np.linalg.det(change))
PY
try "$python" bend.py "$scripts"
expect "the points of a bent face stay on what they mark" 0 "moved"

# Two eyes, as open as the list says: those that networks leave half open are closed, towards the lower lid, others stay.
cat >closing.py <<'PY'
import sys
import numpy as np
sys.path.insert(0, sys.argv[1])
import faces
import lids
points = np.zeros((2, 98, 2))
for eye, (left, right, upper, lower) in enumerate(lids.EYES):
    for face, apart in enumerate((3.0, 7.0)):
        points[face, [left, *upper, right]] = [(100 * eye + x, 50) for x in (0, 6, 12, 18, 24)]
        points[face, [*lower]] = [(100 * eye + x, 50) for x in (6, 12, 18)]
        points[face, [*upper], 1] -= apart / 2
        points[face, [*lower], 1] += apart / 2
closed = lids.close(points)
print("open", lids.openness(closed)[:, 0].round(3))
way = closed - points
assert lids.openness(closed)[0].max() < 0.06 and way[0, 62, 1] > -way[0, 66, 1] > 0
assert np.allclose(closed[1], points[1]) and lids.openness(points)[0].min() > 0.12
assert lids.closed_measure(closed).round(2).tolist() == [1, 0]
own, other = (faces.Faces([entry], ".", 64, False) for entry in ("seen.txt", "seen.txt:2:lids"))
assert np.allclose(other.points, lids.close(own.points))
PY
try "$python" closing.py "$scripts"
expect "the half open eyes of labels that networks made are closed" 0 "open"
try train --pictures 16 --train-list seen.txt:1:eyes
expect "train.py names a mark of a list that it does not know" 1 "'eyes' is not known"

mkfifo lines
"$python" "$scripts/train.py" --data . --train-list seen.txt --val-list seen.txt --size 64 --pool 2 --batch 8 --micro 4 \
    --epoch 16 --workers 0 --pictures 1000000 --processes 2 --threads 2 --out killed >lines 2>/dev/null &
trainer=$!
exec 3<lines
grep -q 'epoch 1 ' <&3
read -ra processes <"/proc/$trainer/task/$trainer/children"
kill -KILL $trainer
wait $trainer 2>/dev/null
try timeout 120 bash -c '(($# >= 2)) || exit; for process; do tail -f --pid="$process" /dev/null; done' - "${processes[@]}"
expect "train.py's processes end with the one that started them" 0
kill -KILL "${processes[@]}" 2>/dev/null
exec 3<&-

"$python" - <<'PY'
import torch
state = torch.load("out/last.pt")["ema"]
torch.save({key: value.half() for key, value in state.items() if key != "layer2.0.conv1.weight"}, "lacking.pt")
torch.save({**state, "head.weight": torch.zeros(1)}, "strange.pt")
torch.save({key: value for key, value in state.items() if not key.startswith("places.")}, "pooled.pt")
PY
for file in lacking:layer2.0.conv1.weight strange:head.weight; do
    try "$python" "$scripts/train.py" --data . --train-list seen.txt --val-list seen.txt --start "${file%:*}.pt" --pictures 8 --out none
    expect "train.py refuses weights that are ${file%:*}" 1 "not the weights of a DeepPose network" "${file#*:}"
done
try "$python" "$scripts/train.py" --data . --train-list seen.txt --val-list seen.txt --size 64 --pool 2 --batch 4 --micro 4 --epoch 4 --workers 0 \
    --start pooled.pt --places 1 --freeze conv1 bn1 --pictures 4 --out grown
expect "train.py gives a pooled network the layer that sees places" 0 "has no places.3.weight; it starts untrained"

try "$python" "$scripts/train.py" --data . --train-list seen.txt --val-list seen.txt --size 64 --pool 2 --batch 4 --micro 4 --epoch 4 --workers 0 \
    --start out/last.pt --depth 10 --pictures 4 --out shallow
expect "train.py starts a shallower network from a deeper one" 0 "epoch 1 step 1"
try "$python" -c "
import sys; sys.path.append('$scripts')
import deeppose
print(sorted(name for name, _ in deeppose.load_weights('shallow/last.pt').named_modules() if name.startswith('layer') and name.count('.') == 1))"
expect "the shallower network has one block a stage" 0 "['layer1.0', 'layer2.0', 'layer3.0', 'layer4.0']"

mkdir faceless && "$python" -c 'import cv2, numpy; cv2.imwrite("faceless/a.png", numpy.random.default_rng(2).integers(0, 256, (200, 200, 3), numpy.uint8))'
try "$python" "$scripts/presence.py" --weights out/last.pt --data . --train-list seen.txt --val-list zipped.txt --negatives faceless \
    --size 64 --pool 2 --count 12 --held-out 8 --out presence.pt
expect "presence.py trains the second output" 0 "threshold 0.5"
try "$python" "$scripts/export.py" --weights out/last.pt --presence presence.pt --size 64 --pool 2 --name small --out .
expect "export.py writes the model" 0 "small.onnx"
try "$python" -c '
import json, onnx
card, model = json.load(open("small.json")), onnx.load("small.onnx")
print(card["inputSize"], [output.name for output in model.graph.output], len(card["selfTest"]["points"]))'
expect "the model has both outputs and the card a self-test" 0 "64 ['landmarks', 'presence'] 196"

# The same weights to start from, once as the state and once as the file: fp16 is all that lies between.
for start in out/last.pt small.onnx; do
    try train --start $start --pictures 32 --lr 1e-4 --out "from-${start##*.}"
    expect "train.py starts from ${start##*.}" 0 "start: zipped.txt" "epoch 2"
    echo "$out" | sed -n 's/^start: zipped.txt \([0-9]*\.[0-9]\).*/\1/p' >>starts
done
try uniq -c starts
expect "an exported model starts where its state did" 0 " 2 "
# What was trained on so has no statistics either.
try "$python" -c "
import sys; sys.path.append('$scripts')
import deeppose
print([deeppose.has_statistics(deeppose.load_weights(path)) for path in ('out/last.pt', 'from-onnx/last.pt')])"
expect "a training tells norms with statistics from those without" 0 "[True, False]"
echo 'no model' | tee broken.onnx >broken.pt
for file in broken.onnx broken.pt missing.onnx missing.pt; do
    try train --start $file --pictures 4 --out none
    [[ $out != *Traceback* ]] || status=70
    expect "train.py refuses $file" 1 "$file: not"
done

exit $failures
