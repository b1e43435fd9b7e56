"""An independent client of the Open Inference Protocol: python3 client.py ADDRESS MODEL PICTURE prints what it got, as JSON.

Its stubs come from the .proto that the program ships, by protoc, in the folder it is started in.
"""
import json
import struct
import subprocess
import sys

address, model, picture, proto = sys.argv[1:5]
folder, name = proto.rsplit("/", 1)
subprocess.run(
    [sys.executable, "-m", "grpc_tools.protoc", f"-I{folder}", "--python_out=.", "--grpc_python_out=.", name], check=True
)
sys.path.insert(0, ".")

import grpc  # noqa: E402
import open_inference_pb2 as messages  # noqa: E402
import open_inference_pb2_grpc as services  # noqa: E402

client = services.GRPCInferenceServiceStub(grpc.insecure_channel(address))
metadata = client.ModelMetadata(messages.ModelMetadataRequest(name=model), timeout=120)
request = messages.ModelInferRequest(model_name=model, id="python")
tensor = request.inputs.add(name=metadata.inputs[0].name, datatype="BYTES", shape=[1])
with open(picture, "rb") as file:
    tensor.contents.bytes_contents.append(file.read())
typed = client.ModelInfer(request, timeout=120)

# The same, raw.
content = tensor.contents.bytes_contents[0]
tensor.ClearField("contents")
request.raw_input_contents.append(struct.pack("<I", len(content)) + content)
raw = client.ModelInfer(request, timeout=120)
try:
    client.ModelInfer(messages.ModelInferRequest(model_name="nothing"), timeout=120)
    refusal = ""
except grpc.RpcError as error:
    refusal = f"{error.code().name}: {error.details()}"
print(
    json.dumps(
        {
            "id": typed.id,
            "outputs": [output.name for output in typed.outputs],
            "points": list(typed.outputs[0].contents.fp32_contents),
            "presence": typed.outputs[1].contents.fp32_contents[0],
            "raw": list(struct.unpack("<196f", raw.raw_output_contents[0])),
            "refusal": refusal,
        }
    )
)
