"""What the compile scripts share: sentences for what is missing, and the check of a finished model object."""
import importlib
import json
import os
import shutil
import struct
import sys

MACHINES = {"x86-64": 62, "aarch64": 183}
PARAMS_MAGIC = bytes.fromhex("b79c04054f8de5f7")
SIZE = 256


def need(problems):
    """Ends the script with all that is missing, a line each."""
    if problems:
        sys.exit("Not started:\n" + "\n".join(f"- {problem}" for problem in problems))


def lacks_module(name, advice):
    """A sentence if a Python module cannot be imported, else None."""
    try:
        importlib.import_module(name)
    except ImportError as reason:
        return f"{sys.executable} has no {name} ({reason}): {advice}"
    return None


def lacks_program(name, advice):
    return None if shutil.which(name) else f"{name} is not on the path: {advice}"


def lacks_file(path, advice):
    return None if os.path.isfile(path) else f"{path} is missing: {advice}"


def is_not_new(folder):
    """A model object is never mixed with an older one's files."""
    return f"{folder} is not empty: delete it or name another folder with --out." if os.path.isdir(folder) and os.listdir(folder) else None


def confirm(folder, machine):
    """Ends the script unless the three files are there and are what they should be."""
    problems = []
    for name in ("deploy.so", "deploy.json", "deploy.params"):
        path = os.path.join(folder, name)
        if not os.path.isfile(path) or os.path.getsize(path) == 0:
            problems.append(f"{path} is missing or empty")
    if not problems:
        with open(os.path.join(folder, "deploy.so"), "rb") as file:
            head = file.read(20)
        found = struct.unpack_from("<H", head, 18)[0] if head[:4] == b"\x7fELF" and len(head) == 20 else None
        if found != MACHINES[machine]:
            problems.append(f"{folder}/deploy.so is not a library for {machine} (ELF machine {found})")
        with open(os.path.join(folder, "deploy.params"), "rb") as file:
            if file.read(8) != PARAMS_MAGIC:
                problems.append(f"{folder}/deploy.params holds no weights of TVM")
        try:
            with open(os.path.join(folder, "deploy.json"), encoding="utf-8") as file:
                names = [node.get("name") for node in json.load(file).get("nodes", [])]
            if "input0" not in names:
                problems.append(f"{folder}/deploy.json has no input input0")
        except ValueError as reason:
            problems.append(f"{folder}/deploy.json is no JSON: {reason}")
    if problems:
        sys.exit("The compilation left no usable model object:\n" + "\n".join(f"- {problem}" for problem in problems))
    print(f"{folder}: deploy.so ({machine}), deploy.json and deploy.params are there.")
