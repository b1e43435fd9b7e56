#!/usr/bin/env python3
"""Step 2, accelerator: deeppose.pt -> face_deeppose_pt (deploy.* and preprocess/) by Renesas' compiler for DRP-AI.

To be run where Renesas' DRP-AI TVM is installed, with its environment: TVM_ROOT (its checkout), TRANSLATOR (DRP-AI Translator), SDK (the
board's SDK), PRODUCT (V2L, V2M or V2MA).

  compile_drpai.py deeppose.pt --out face_deeppose_pt

The pre-processing takes YUY2 frames up to the size of --frame, cuts any region out of them (Crop), scales it to the network's size and
standardises it. The model of a V2H or V2N is compiled by Renesas' compile_pytorch_model_quant.py, as it is quantised with your own pictures; its
pre-processing, and that of any object that lacks Crop, is written by

  PRODUCT=V2H compile_drpai.py --only-preprocess --out face_deeppose_pt
"""
import argparse
import importlib
import importlib.util
import os
import shutil
import sys

from model_object import SIZE, confirm, is_not_new, lacks_file, need

QUANTISED = ("V2H", "V2N")
PRODUCTS = ("V2L", "V2M", "V2MA")
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def frame(text):
    """WIDTHxHEIGHT of the largest frames."""
    try:
        width, height = map(int, text.split("x"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a size such as 640x480") from None
    if width % 2 or not 4 <= width <= 4096 or not 4 <= height <= 4096:
        raise argparse.ArgumentTypeError(f"{text} is not possible: the width must be even, and both from 4 to 4096")
    return width, height


def lacks_folder(variable, what):
    """A sentence if a variable of the environment names no folder, else None."""
    value = os.environ.get(variable)
    if not value:
        return f"The environment variable {variable} is not set: export {variable}=... to {what}."
    return None if os.path.isdir(value) else f"{variable} is {value}, which is no folder: correct it to {what}."


def lacks_product(only_preprocess):
    product = os.environ.get("PRODUCT")
    if product in PRODUCTS or (only_preprocess and product in QUANTISED):
        return None
    if product in QUANTISED:
        return (f"PRODUCT is {product}, whose compiler quantises to INT8 with your own pictures: compile the model by Renesas' compile_pytorch_model_quant.py with the"
                " settings that docs/hardware.md names, then its pre-processing by this script with --only-preprocess.")
    return f"PRODUCT is {product or 'not set'}: export PRODUCT to one of {', '.join(PRODUCTS + (QUANTISED if only_preprocess else ()))}."


def is_there(name):
    """Whether a module can be found, without importing it: the order of imports matters here."""
    try:
        return importlib.util.find_spec(name) is not None
    except ImportError:
        return False


def lacks_python_api():
    """The Translator's Python interface, which the vendor's pre-processing module imports from one of these places."""
    translator = os.environ.get("TRANSLATOR", "")
    folders = [os.path.join(translator, name) for name in ("DRP-AI_Translator", "DRP-AI_translator", "pythonIF")]
    if any(os.path.exists(os.path.join(folder, name)) for folder in folders if os.path.isdir(folder) for name in os.listdir(folder) if name.split(".")[0] == "python_api"):
        return None
    return f"TRANSLATOR ({translator}) has no python_api in DRP-AI_Translator, DRP-AI_translator or pythonIF: name the folder of the Translator that holds one of these."


def lacks_preprocess_module():
    """
    Imports the vendor's pre-processing module, before anything else of theirs and before torch: docs/PreRuntime.md of DRP-AI TVM warns of a
    segmentation fault otherwise. It ends Python by itself where something is missing.
    """
    sys.path.insert(0, os.path.join(os.environ["TVM_ROOT"], "tutorials"))
    try:
        importlib.import_module("drpai_preprocess")
        importlib.import_module("drpai_preprocess.preruntime")
    except (ImportError, OSError, SystemExit) as reason:
        return f"{sys.executable} cannot import drpai_preprocess from $TVM_ROOT/tutorials ({reason}): TVM_ROOT must be the checkout of DRP-AI TVM, and TRANSLATOR fit its release."
    return None


def lacks_compiler():
    problems = []
    if not is_there("torch"):
        problems.append(f"{sys.executable} has no torch: pip install torch, in the version that DRP-AI TVM asks for.")
    if not is_there("mera2_") and not is_there("tvm.relay.mera"):
        problems.append(f"{sys.executable} has neither mera2_ (DRP-AI TVM 2.7 or later) nor tvm.relay.mera (before): install DRP-AI TVM for this Python, as its setup/README.md says.")
    return problems


def vendor():
    """The front end and the back end of the compiler that is installed, and its setting for the target."""
    if is_there("mera2_"):
        import mera2_
        return mera2_.from_pytorch, mera2_.drp.build, {"target": "DrpAi"}
    from tvm import relay
    from tvm.relay.mera import drp
    with open(os.path.join(os.environ["TVM_ROOT"], "tutorials", "compile_pytorch_model.py"), encoding="utf-8") as file:
        is_oldest = '"interpreter"' in file.read()  # releases before 2.0
    return relay.frontend.from_pytorch, drp.build, {"interpreter": False} if is_oldest else {"target": "DrpAi"}


def write_preprocessing(folder, width, height):
    """The object of the pre-processing runtime: YUY2 -> RGB -> a region -> the network's size -> standardised planes."""
    from drpai_preprocess import drpai_param, op, preruntime
    config = preruntime.Config()
    config.shape_in = [1, height, width, 2]
    config.format_in = drpai_param.FORMAT.YUYV_422
    config.order_in = drpai_param.ORDER.HWC
    config.type_in = drpai_param.TYPE.UINT8
    config.shape_out = [1, 3, SIZE, SIZE]
    config.format_out = drpai_param.FORMAT.RGB
    config.order_out = drpai_param.ORDER.CHW
    config.type_out = drpai_param.TYPE.FP32
    config.ops = [
        op.Crop(0, 0, width, height),  # the largest region: later ones may not exceed it
        op.Resize(SIZE, SIZE, op.Resize.BILINEAR),
        op.Normalize([-255 * mean for mean in MEAN], [1 / (255 * std) for std in STD]),
    ]
    preruntime.PreRuntime(config, os.path.join(folder, "preprocess"), os.environ["PRODUCT"])


def confirm_preprocessing(folder):
    """Ends the script unless the object says that it crops."""
    path = os.path.join(folder, "preprocess", "drp_param_info.txt")
    if not os.path.isfile(path):
        sys.exit(f"{path} is missing: the pre-processing compiler left no object; its output above says why.")
    with open(path, encoding="utf-8", errors="replace") as file:
        libraries = [part.split(":", 1)[1] for line in file for part in line.replace(" ", "").strip().split(",") if part.startswith("drp_lib:")]
    if "crop" not in libraries:
        sys.exit(f"{path} has no crop, only {', '.join(libraries)}: with this object every face would be cut from the wrong place.")
    print(f"{folder}/preprocess is there and cuts regions out of frames. Copy the folder to the board.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", help="TorchScript, as trace.py writes it")
    parser.add_argument("--address", type=lambda text: int(text, 0), default=0,
                        help="addr_map_start: 0x0 since DRP-AI TVM 1.1.1, where the program says at run time where the object lies (default); 0x438E0000 before")
    parser.add_argument("--frame", type=frame, default=(640, 480), help="the largest frames, WIDTHxHEIGHT (default 640x480)")
    parser.add_argument("--only-preprocess", action="store_true", help="write only OUT/preprocess, in place of one that is there")
    parser.add_argument("--out", default="face_deeppose_pt")
    args = parser.parse_args()
    if args.model is None and not args.only_preprocess:
        parser.error("the following arguments are required: model (or --only-preprocess)")
    need(list(filter(None, [
        None if args.only_preprocess else lacks_file(args.model, "make it by trace.py."),
        None if args.only_preprocess else is_not_new(args.out),
        lacks_folder("TVM_ROOT", "the checkout of DRP-AI TVM"),
        lacks_folder("TRANSLATOR", "the folder of the DRP-AI Translator"),
        None if args.only_preprocess else lacks_folder("SDK", "the folder of the board's SDK"),
        lacks_product(args.only_preprocess),
        None if is_there("yaml") else f"{sys.executable} has no yaml, which the pre-processing compiler writes: pip install pyyaml.",
        lacks_python_api() if os.path.isdir(os.environ.get("TRANSLATOR", "")) else None,
        *([] if args.only_preprocess else lacks_compiler()),
    ])))
    need(list(filter(None, [lacks_preprocess_module()])))

    os.makedirs(args.out, exist_ok=True)
    if args.only_preprocess:
        shutil.rmtree(os.path.join(args.out, "preprocess"), ignore_errors=True)
        write_preprocessing(args.out, *args.frame)
        confirm_preprocessing(args.out)
        return

    import torch
    from_pytorch, build, target = vendor()
    module, parameters = from_pytorch(torch.jit.load(args.model, map_location="cpu").eval(), [("input0", (1, 3, SIZE, SIZE))])
    build(module, parameters, "arm",
          {**target, "addr_map_start": args.address, "toolchain_dir": os.environ["TRANSLATOR"], "sdk_root": os.environ["SDK"]},
          output_dir=args.out)
    write_preprocessing(args.out, *args.frame)

    if os.path.isfile(os.path.join(args.out, "mera.plan")):
        print(f"{args.out}: mera.plan is there.")
    else:
        confirm(args.out, "aarch64")
    confirm_preprocessing(args.out)


if __name__ == "__main__":
    main()
