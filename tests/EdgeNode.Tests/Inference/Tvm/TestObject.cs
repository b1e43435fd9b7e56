using System.Runtime.InteropServices;
using FaceLandmark.ModelCards;

namespace FaceLandmark.Tests.Inference.Tvm;

/// <summary>
/// A folder with a model object for the double of TVM's runtime (src/Native/tests/tvm_double) and a copy of that double, which therefore
/// counts for this object only. The network: out[i] = scale * in[997 i mod count].
/// </summary>
internal sealed class TestObject : IDisposable
{
    public const int Size = 32;
    public const int Landmarks = 98;
    public const float Scale = 0.25f;

    public TestObject(
        string fault = "",
        string input = "input0",
        string outputs = "[1,98,2]",
        bool hasPresence = false,
        bool inputIsShared = false,
        float scale = Scale
    )
    {
        Directory.CreateDirectory(Folder);
        Library = Path.Combine(Folder, "runtime.so");
        File.Copy(Native("libtvm_double.so"), Library);
        File.Copy(Library, Kernels);
        File.WriteAllBytes(Weights, TvmWeights.Of("p0", scale));
        File.WriteAllText(Graph, GraphJson(fault, input, $"[1,3,{Size},{Size}]", "float32", outputs, hasPresence, inputIsShared));
    }

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"facelandmark-models-{Guid.NewGuid():N}", "object");

    public string Library { get; }

    public string Kernels => Path.Combine(Folder, "deploy.so");

    public string Graph => Path.Combine(Folder, "deploy.json");

    public string Weights => Path.Combine(Folder, "deploy.params");

    public ModelCard Card =>
        new()
        {
            Name = "test",
            File = "deploy.params",
            Folder = Folder,
            InputSize = Size,
            Landmarks = Landmarks,
        };

    public static string GraphJson(
        string fault,
        string input,
        string inputShape,
        string type,
        string outputs,
        bool hasPresence,
        bool inputIsShared
    ) =>
        $$"""
            {
              "nodes": [
                { "op": "null", "name": "{{input}}", "inputs": [] },
                { "op": "null", "name": "p0", "inputs": [] },
                { "op": "tvm_op", "name": "kernel", "inputs": [[0, 0, 0], [1, 0, 0]],
                  "attrs": { "num_outputs": "2", "func_name": "kernel" } }
              ],
              "arg_nodes": [0, 1],
              "heads": [[2, 0, 0]{{(hasPresence ? ", [2, 1, 0]" : "")}}],
              "attrs": {
                "dltype": ["list_str", ["{{type}}", "float32", "float32", "float32"]],
                "storage_id": ["list_int", [0, 1, {{(inputIsShared ? 0 : 2)}}, 3]],
                "shape": ["list_shape", [{{inputShape}},[1],{{outputs}}{{(hasPresence ? ",[1,1]" : "")}}]]
              },
              "node_row_ptr": [0, 1, 2, 4],
              "fault": "{{fault}}"
            }
            """;

    /// <summary>A library that the native build made.</summary>
    public static string Native(string name)
    {
        var path = Path.Combine(Repository.Root, "build", "native", "tests", "tvm_double", name);
        Assert.True(
            File.Exists(path),
            $"{path} is missing: build it by 'cmake -S src/Native -B build/native && cmake --build build/native' (./test.sh does)."
        );
        return path;
    }

    /// <summary>A count that this object's double keeps.</summary>
    public unsafe int Count(string name) => ((delegate* unmanaged<int>)NativeLibrary.GetExport(NativeLibrary.Load(Library), name))();

    /// <summary>A variable of the environment as this object's double saw it when it was loaded.</summary>
    public unsafe string Variable(int index) =>
        Marshal.PtrToStringUTF8(
            ((delegate* unmanaged<int, nint>)NativeLibrary.GetExport(NativeLibrary.Load(Library), "tvm_double_variable"))(index)
        )!;

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
}
