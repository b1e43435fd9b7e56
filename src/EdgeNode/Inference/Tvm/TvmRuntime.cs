using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using FaceLandmark.Platform;

namespace FaceLandmark.Inference.Tvm;

/// <summary>
/// TVM's C interface, the same from 0.8 to 0.18 and in Renesas' fork: function pointers, and one gate for every status. A library is
/// loaded once and stays: its worker threads outlive every model. Text of errors belongs to the thread that called.
/// </summary>
internal sealed unsafe class TvmRuntime
{
    private static readonly ConcurrentDictionary<string, Lazy<TvmRuntime>> s_loaded = new(StringComparer.Ordinal);
    private readonly delegate* unmanaged<nint> _getLastError;
    private readonly delegate* unmanaged<byte*, byte*, nint*, int> _loadModule;
    private readonly delegate* unmanaged<nint, byte*, int, nint*, int> _getFunction;
    private readonly delegate* unmanaged<byte*, nint*, int> _getGlobal;
    private readonly delegate* unmanaged<nint, TvmValue*, int*, int, TvmValue*, int*, int> _call;
    private readonly delegate* unmanaged<nint, int> _freeModule;
    private readonly delegate* unmanaged<nint, int> _freeFunction;
    private readonly TvmThread? _thread;

    private TvmRuntime(TvmOptions options)
    {
        if (options.Threads > 0)
            NativeEnvironment.Set("TVM_NUM_THREADS", options.Threads.ToString(CultureInfo.InvariantCulture), overwrite: true);

        // Renesas' x86 library waits for work by spinning, which takes the cores from everything else of the node.
        NativeEnvironment.Set("OMP_WAIT_POLICY", "passive", overwrite: false);
        StandardStreams.KeepNativeOutputApart();
        (var library, Path) = TvmLibrary.Load(options.Library);
        _getLastError = (delegate* unmanaged<nint>)Export(library, "TVMGetLastError");
        _loadModule = (delegate* unmanaged<byte*, byte*, nint*, int>)Export(library, "TVMModLoadFromFile");
        _getFunction = (delegate* unmanaged<nint, byte*, int, nint*, int>)Export(library, "TVMModGetFunction");
        _getGlobal = (delegate* unmanaged<byte*, nint*, int>)Export(library, "TVMFuncGetGlobal");
        _call = (delegate* unmanaged<nint, TvmValue*, int*, int, TvmValue*, int*, int>)Export(library, "TVMFuncCall");
        _freeModule = (delegate* unmanaged<nint, int>)Export(library, "TVMModFree");
        _freeFunction = (delegate* unmanaged<nint, int>)Export(library, "TVMFuncFree");

        var thread = new TvmThread();
        var workers = 0L;
        thread.Run(() => workers = CountWorkers(options));
        if (workers != 1)
            _thread = thread;
        else
            thread.End();
    }

    /// <summary>The library.</summary>
    public string Path { get; }

    /// <summary>The runtime of these options; loaded at the first call.</summary>
    /// <exception cref="EngineException">It is missing, for another processor, or no TVM runtime.</exception>
    public static TvmRuntime Get(TvmOptions options)
    {
        var key = options.Library.Length > 0 ? options.Library : Environment.GetEnvironmentVariable(TvmLibrary.Variable) ?? "";
        var runtime = s_loaded.GetOrAdd(key, _ => new Lazy<TvmRuntime>(() => new TvmRuntime(options)));
        try
        {
            return runtime.Value;
        }
        catch (EngineException)
        {
            // What is missing now may be there next time.
            s_loaded.TryRemove(KeyValuePair.Create(key, runtime));
            throw;
        }
    }

    /// <summary>Runs a network: on the caller's thread where one thread computes it, else on the one thread whose workers help.</summary>
    public void Run(Action network)
    {
        if (_thread is null)
            network();
        else
            _thread.Run(network);
    }

    /// <summary>Loads a compiled model.</summary>
    public TvmModuleHandle LoadModule(string path)
    {
        nint module = 0;
        fixed (
            byte* name = Text(path),
                format = "so"u8
        )
            ThrowIfFailed(_loadModule(name, format, &module), "load", path);
        return new TvmModuleHandle(this, module);
    }

    /// <summary>A function of a module; an invalid handle where the module has none of that name.</summary>
    public TvmFunctionHandle GetFunction(TvmModuleHandle module, string name)
    {
        nint function = 0;
        fixed (byte* text = Text(name))
            ThrowIfFailed(_getFunction(module.DangerousGetHandle(), text, 0, &function), "look for", name);
        GC.KeepAlive(module);
        return new TvmFunctionHandle(this, function);
    }

    /// <summary>A function of the runtime. It is the runtime's own and not freed.</summary>
    /// <exception cref="EngineException">The library has none of that name.</exception>
    public nint GetGlobal(string name)
    {
        var function = FindGlobal(name);
        return function != 0
            ? function
            : throw new EngineException(
                $"{Path} has no {name}: it was built without the graph executor; use a runtime that has it (USE_GRAPH_EXECUTOR=ON)."
            );
    }

    /// <summary>
    /// Calls a function and gives its result back; <paramref name="what"/> and <paramref name="subject"/> name the deed in the error.
    /// </summary>
    /// <exception cref="EngineException">TVM refused, or gave a result of another kind.</exception>
    public TvmValue Call(
        nint function,
        string what,
        string subject,
        TvmTypeCode expected,
        ReadOnlySpan<TvmValue> arguments,
        ReadOnlySpan<TvmTypeCode> codes
    )
    {
        TvmValue result = default;
        var code = (int)TvmTypeCode.Null;
        fixed (TvmValue* values = arguments)
        fixed (TvmTypeCode* types = codes)
            ThrowIfFailed(_call(function, values, (int*)types, arguments.Length, &result, &code), what, subject);
        return code == (int)expected
            ? result
            : throw new EngineException(
                $"TVM ({Path}) could not {what} {subject}: it gave a result of type {code} instead of {(int)expected}; "
                    + "the library is not one of TVM 0.8 to 0.18."
            );
    }

    internal int FreeModule(nint module) => _freeModule(module);

    internal int FreeFunction(nint function) => _freeFunction(function);

    internal static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text + '\0');

    private nint FindGlobal(string name)
    {
        nint function = 0;
        fixed (byte* text = Text(name))
            ThrowIfFailed(_getGlobal(text, &function), "look for", name);
        return function;
    }

    /// <summary>
    /// Threads of one inference; 0 where the runtime, older than 0.10, does not tell. Makes the calling thread's workers.
    /// </summary>
    private long CountWorkers(TvmOptions options)
    {
        if (options.Threads > 0)
            return options.Threads;
        var count = FindGlobal("runtime.NumThreads");
        return count == 0 ? 0 : Call(count, "count the threads of", Path, TvmTypeCode.Integer, [], []).Integer;
    }

    /// <summary>The one gate: a status other than 0 becomes a sentence with TVM's own text.</summary>
    private void ThrowIfFailed(int status, string what, string subject)
    {
        if (status == 0)
            return;
        var text = Marshal.PtrToStringUTF8(_getLastError()) ?? "";
        throw new EngineException($"TVM ({Path}) could not {what} {subject}: {TvmErrorText.Essence(text)}");
    }

    private nint Export(nint library, string name) =>
        NativeLibrary.TryGetExport(library, name, out var address)
            ? address
            : throw new EngineException(
                $"{Path} has no function {name}: it is not a runtime of TVM 0.8 to 0.18; set Engines:Tvm:Library to one."
            );
}
