#!/usr/bin/env python3
"""Step 2, CPU: deeppose.pt -> face_deeppose_cpu (deploy.so, deploy.json, deploy.params, and a card with a self-test) by Apache TVM.

Needs a TVM of 0.8 to 0.18 with LLVM; newer ones have no Relay.

  compile_cpu.py deeppose.pt --machine aarch64        for the board
  compile_cpu.py deeppose.pt --machine host           for this computer, with its vector instructions
"""
import argparse
import json
import os
import platform
import sys

import self_test
from model_object import SIZE, confirm, is_not_new, lacks_file, lacks_module, lacks_program, need

# As the documentation of the original application has it.
BOARD = "llvm -device=arm_cpu -mtriple=aarch64-linux-gnu -mattr=+neon"


def host_target(flags):
    """The target for this processor: the vector width decides the speed (AVX-512 is twice as fast as AVX2, that twice as fast as none)."""
    for flag, cpu in (("avx512_vnni", "cascadelake"), ("avx512f", "skylake-avx512"), ("avx2", "core-avx2")):
        if flag in flags:
            return f"llvm -mcpu={cpu}"
    return "llvm"


def processor_flags():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        return next((line.split(":", 1)[1].split() for line in file if line.startswith("flags")), [])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="TorchScript, as trace.py writes it")
    parser.add_argument("--machine", choices=["aarch64", "host"], default="aarch64")
    parser.add_argument("--target", help="TVM's target instead of the one for --machine")
    parser.add_argument("--compiler", help="the C++ compiler that links deploy.so; default: g++, or aarch64-linux-gnu-g++ on another machine")
    parser.add_argument("--out", default="face_deeppose_cpu")
    args = parser.parse_args()

    here = {"x86_64": "x86-64", "aarch64": "aarch64"}.get(platform.machine(), platform.machine())
    machine = here if args.machine == "host" else args.machine
    compiler = args.compiler or ("g++" if machine == here else "aarch64-linux-gnu-g++")
    need(list(filter(None, [
        lacks_file(args.model, "make it by trace.py."),
        is_not_new(args.out),
        lacks_module("torch", "pip install torch."),
        lacks_module("tvm", "install Apache TVM 0.8 to 0.18 with LLVM (from source, or a package that has it)."),
        lacks_module("tvm.relay", "this TVM is newer than 0.18 and has no Relay; install one of 0.8 to 0.18."),
        lacks_program(compiler, "install it (Debian: g++, or g++-aarch64-linux-gnu for the board), or name the SDK's by --compiler."),
    ])))

    import torch
    import tvm
    from tvm import relay
    from tvm.contrib import cc
    if not tvm.runtime.enabled("llvm"):
        sys.exit("This TVM was built without LLVM and cannot compile for processors: build it with USE_LLVM=ON.")
    target = args.target or (BOARD if machine == "aarch64" else host_target(processor_flags()))
    network = torch.jit.load(args.model, map_location="cpu").eval()
    print(f"Compiling {args.model} for '{target}' ...", flush=True)
    module, parameters = relay.frontend.from_pytorch(network, [("input0", (1, 3, SIZE, SIZE))])
    with tvm.transform.PassContext(opt_level=3):
        built = relay.build(module, target=target, params=parameters)

    os.makedirs(args.out, exist_ok=True)
    built.get_lib().export_library(os.path.join(args.out, "deploy.so"), fcompile=cc.cross_compiler(compiler))
    with open(os.path.join(args.out, "deploy.json"), "w", encoding="utf-8") as file:
        file.write(built.get_graph_json())
    with open(os.path.join(args.out, "deploy.params"), "wb") as file:
        file.write(relay.save_param_dict(built.get_params()))
    confirm(args.out, machine)

    card = {"name": os.path.basename(os.path.abspath(args.out)), "file": "deploy.params", "inputSize": SIZE,
            "description": f"{os.path.basename(args.model)} compiled by TVM {tvm.__version__} for {target}"}
    card["selfTest"] = self_test.of(network, card)
    with open(os.path.join(args.out, "card.json"), "w", encoding="utf-8") as file:
        json.dump(card, file, indent=2)
        file.write("\n")
    print(f"Check it on its machine: ./run.sh model verify {args.out}")


if __name__ == "__main__":
    main()
