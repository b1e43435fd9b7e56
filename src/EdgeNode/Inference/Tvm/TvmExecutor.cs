using System.Runtime.InteropServices;

namespace FaceLandmark.Inference.Tvm;

/// <summary>TVM's graph executor for one model object: every call of its protocol in one place. One thread at a time.</summary>
internal sealed unsafe class TvmExecutor : IDisposable
{
    private const string Mixed = "the files do not belong together; copy all three from one compilation.";

    private readonly TvmRuntime _runtime;
    private readonly string _folder;
    private readonly List<SafeHandle> _handles = [];
    private readonly TvmModuleHandle _library;
    private readonly TvmModuleHandle _module;
    private readonly TvmFunctionHandle _setInput;
    private readonly TvmFunctionHandle _run;
    private readonly TvmFunctionHandle _getOutput;
    private readonly long _input;

    /// <summary>Loads kernels, graph and weights.</summary>
    /// <exception cref="EngineException">TVM refused; its own text is in the message.</exception>
    public TvmExecutor(TvmRuntime runtime, TvmModelObject files)
    {
        _runtime = runtime;
        _folder = files.Folder;
        LazyBinding.RequireBindable(files.LibraryPath);
        try
        {
            _library = Keep(runtime.LoadModule(files.LibraryPath));
            _module = Keep(Create(files.Graph.Json));
            LoadParameters(files.WeightsPath);
            _input = InputIndex(files.Graph.Input);
            var outputs = Ask("get_num_outputs", [], []);
            if (outputs != (files.Graph.PresenceShape is null ? 1 : 2))
                throw new EngineException(
                    $"TVM ({runtime.Path}) counts {outputs} outputs in {_folder}, but its graph states another number: {Mixed}"
                );
            var withoutCopy = files.Graph.InputIsShared ? null : Keep(runtime.GetFunction(_module, "set_input_zero_copy"));
            _setInput = withoutCopy is { IsInvalid: false } ? withoutCopy : Keep(Function("set_input"));
            _run = Keep(Function("run"));
            _getOutput = Keep(Function("get_output"));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Makes a tensor the next run's input.</summary>
    public void SetInput(nint tensor) => Call(_setInput, "set the input of", _input, tensor);

    /// <summary>Runs the network.</summary>
    public void Run() => _runtime.Call(_run.DangerousGetHandle(), "run", _folder, TvmTypeCode.Null, [], []);

    /// <summary>Copies an output into a tensor of its shape.</summary>
    public void GetOutput(int index, nint tensor) => Call(_getOutput, "read the output of", index, tensor);

    public void Dispose()
    {
        for (var i = _handles.Count - 1; i >= 0; i--)
            _handles[i].Dispose();
    }

    private T Keep<T>(T handle)
        where T : SafeHandle
    {
        _handles.Add(handle);
        return handle;
    }

    private TvmModuleHandle Create(string json)
    {
        var create = _runtime.GetGlobal("tvm.graph_executor.create");
        fixed (byte* text = TvmRuntime.Text(json))
        {
            var module = _runtime.Call(
                create,
                "make an executor for",
                _folder,
                TvmTypeCode.Module,
                [
                    new TvmValue { Handle = (nint)text },
                    new TvmValue { Handle = _library.DangerousGetHandle() },
                    new TvmValue { Integer = TvmTensor.Cpu },
                    default,
                ],
                [TvmTypeCode.Text, TvmTypeCode.Module, TvmTypeCode.Integer, TvmTypeCode.Integer]
            );
            return new TvmModuleHandle(_runtime, module.Handle);
        }
    }

    // Without this the network would run just as well and give garbage.
    private void LoadParameters(string path)
    {
        fixed (byte* weights = File.ReadAllBytes(path))
        {
            var bytes = new TvmBytes { Data = (nint)weights, Size = (nuint)new FileInfo(path).Length };
            using var load = Function("load_params");
            _runtime.Call(
                load.DangerousGetHandle(),
                "load the weights",
                path,
                TvmTypeCode.Null,
                [new TvmValue { Handle = (nint)(&bytes) }],
                [TvmTypeCode.Bytes]
            );
        }
    }

    // An unknown name is no error to TVM: its index is -1, and setting such an input does nothing.
    private long InputIndex(string name)
    {
        fixed (byte* text = TvmRuntime.Text(name))
        {
            var index = Ask("get_input_index", [new TvmValue { Handle = (nint)text }], [TvmTypeCode.Text]);
            return index >= 0 ? index : throw new EngineException($"TVM ({_runtime.Path}) finds no input {name} in {_folder}: {Mixed}");
        }
    }

    private long Ask(string name, ReadOnlySpan<TvmValue> arguments, ReadOnlySpan<TvmTypeCode> codes)
    {
        using var function = Function(name);
        return _runtime.Call(function.DangerousGetHandle(), name, _folder, TvmTypeCode.Integer, arguments, codes).Integer;
    }

    private TvmFunctionHandle Function(string name)
    {
        var function = _runtime.GetFunction(_module, name);
        return function.IsInvalid
            ? throw new EngineException($"The graph executor of {_runtime.Path} has no function {name}: use a runtime of TVM 0.8 to 0.18.")
            : function;
    }

    private void Call(TvmFunctionHandle function, string what, long index, nint tensor)
    {
        ReadOnlySpan<TvmValue> arguments = [new TvmValue { Integer = index }, new TvmValue { Handle = tensor }];
        _runtime.Call(function.DangerousGetHandle(), what, _folder, TvmTypeCode.Null, arguments, [TvmTypeCode.Integer, TvmTypeCode.Tensor]);
    }
}
