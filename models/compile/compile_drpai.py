#!/usr/bin/env python3
"""Step 2, accelerator: deeppose.pt -> face_deeppose_pt (deploy.*, and preprocess/ for YUY2 640x480) by Renesas' compiler for DRP-AI.

To be run where Renesas' DRP-AI TVM is installed, with its environment: TVM_ROOT (its checkout), TRANSLATOR (DRP-AI Translator), SDK (the
board's SDK), PRODUCT (V2L, V2M or V2MA).

  compile_drpai.py deeppose.pt --out face_deeppose_pt
"""
import argparse
import os
import sys

from model_object import SIZE, confirm, is_not_new, lacks_file, lacks_module, need

PRODUCTS = ("V2L", "V2M", "V2MA")
CAMERA = (480, 640)
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def lacks_folder(variable, what):
    """A sentence if a variable of the environment names no folder, else None."""
    value = os.environ.get(variable)
    if not value:
        return f"The environment variable {variable} is not set: export {variable}=... to {what}."
    return None if os.path.isdir(value) else f"{variable} is {value}, which is no folder: correct it to {what}."


def lacks_product():
    product = os.environ.get("PRODUCT")
    if product in PRODUCTS:
        return None
    if product in ("V2H", "V2N"):
        return f"PRODUCT is {product}, whose compiler quantises to INT8 with pictures of yours: use Renesas' compile_pytorch_model_quant.py with the settings that docs/hardware.md names."
    return f"PRODUCT is {product or 'not set'}: export PRODUCT to one of {', '.join(PRODUCTS)}."


def vendor():
    """The front end and the back end of the compiler that is installed, and the keys that only the older one knows."""
    try:
        import mera2_
        return mera2_.from_pytorch, mera2_.drp.build, {}
    except ImportError:
        from tvm import relay
        from tvm.relay.mera import drp
        return relay.frontend.from_pytorch, drp.build, {"interpreter": False}


def lacks_vendor():
    if lacks_module("mera2_", "") and lacks_module("tvm.relay.mera", ""):
        return f"{sys.executable} has neither mera2_ (DRP-AI TVM 2.5 or later) nor tvm.relay.mera (before): install DRP-AI TVM for this Python, as its setup/README.md says."
    return None


def write_preprocessing(folder):
    """The object of the pre-processing runtime: YUY2 640x480 -> standardised RGB planes."""
    from drpai_preprocess import drpai_param, op, preruntime
    config = preruntime.Config()
    config.shape_in = [1, *CAMERA, 2]
    config.format_in = drpai_param.FORMAT.YUYV_422
    config.order_in = drpai_param.ORDER.HWC
    config.type_in = drpai_param.TYPE.UINT8
    config.shape_out = [1, 3, SIZE, SIZE]
    config.format_out = drpai_param.FORMAT.RGB
    config.order_out = drpai_param.ORDER.CHW
    config.type_out = drpai_param.TYPE.FP32
    config.ops = [
        op.Resize(SIZE, SIZE, op.Resize.BILINEAR),
        op.Normalize([-255 * mean for mean in MEAN], [1 / (255 * std) for std in STD]),
    ]
    preruntime.PreRuntime(config, os.path.join(folder, "preprocess"), os.environ["PRODUCT"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="TorchScript, as trace.py writes it")
    parser.add_argument("--address", type=lambda text: int(text, 0), default=0x438E0000, help="addr_map_start: where the object's memory map begins (default 0x438E0000)")
    parser.add_argument("--out", default="face_deeppose_pt")
    args = parser.parse_args()
    sys.path.insert(0, os.path.join(os.environ.get("TVM_ROOT", "."), "tutorials"))  # where drpai_preprocess lies
    need(list(filter(None, [
        lacks_file(args.model, "make it by trace.py."),
        is_not_new(args.out),
        lacks_folder("TVM_ROOT", "the checkout of DRP-AI TVM"),
        lacks_folder("TRANSLATOR", "the folder of the DRP-AI Translator"),
        lacks_folder("SDK", "the folder of the board's SDK"),
        lacks_product(),
        lacks_module("torch", "pip install torch, in the version that DRP-AI TVM asks for."),
        lacks_vendor(),
        lacks_module("drpai_preprocess", "TVM_ROOT must be the checkout of DRP-AI TVM, whose tutorials hold it."),
    ])))

    import torch
    from_pytorch, build, older = vendor()
    module, parameters = from_pytorch(torch.jit.load(args.model, map_location="cpu").eval(), [("input0", (1, 3, SIZE, SIZE))])
    os.makedirs(args.out, exist_ok=True)
    build(module, parameters, "arm",
          {**older, "target": "DrpAi", "addr_map_start": args.address, "toolchain_dir": os.environ["TRANSLATOR"], "sdk_root": os.environ["SDK"]},
          output_dir=args.out)
    write_preprocessing(args.out)

    if os.path.isfile(os.path.join(args.out, "mera.plan")):
        print(f"{args.out}: mera.plan is there.")
    else:
        confirm(args.out, "aarch64")
    if not os.listdir(os.path.join(args.out, "preprocess")):
        sys.exit(f"{args.out}/preprocess is empty: the pre-processing compiler left nothing; its output above says why.")
    print(f"{args.out}/preprocess is there. Copy the folder to the board.")


if __name__ == "__main__":
    main()
