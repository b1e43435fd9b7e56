using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FaceLandmark.ModelCards;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Inference.DrpAi;

/// <summary>
/// The board's DRP-AI: a model object compiled for it, through the native library. A call that hangs fails after
/// <see cref="DrpAiOptions.HangAfter"/>.
/// </summary>
internal sealed class DrpAiEngine : ILandmarkEngine
{
    private readonly DrpAiHandle _handle;

    /// <summary>Opens the device and loads the object.</summary>
    /// <param name="options">Where they are.</param>
    /// <param name="needsCrop">False where every region will be the whole frame, so that an object that cannot cut regions out will
    /// do.</param>
    /// <exception cref="EngineException">
    /// The library, the driver or a part of the object is missing, the device is in use, or the object does not cut regions out though it
    /// must.
    /// </exception>
    public DrpAiEngine(DrpAiOptions options, bool needsCrop)
    {
        ArgumentNullException.ThrowIfNull(options);
        var model = DrpAiObject.Read(options.ModelObject);
        DrpAiLibrary.Load(options.Library);
        _handle = Open(model, options, needsCrop);
        Info = new EngineInfo("drpai", "MERA", new DeviceInfo("DRP-AI", false), model);
        Preprocessor = new DrpAiPreprocessor(_handle, model);
    }

    /// <inheritdoc/>
    public EngineInfo Info { get; }

    /// <summary>Its pre-processing, on the same device.</summary>
    public IPreprocessor Preprocessor { get; }

    /// <inheritdoc/>
    public void Run(FaceTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Span<byte> text = stackalloc byte[DrpAiLibrary.TextLength];
        var status = DrpAiLibrary.Run(
            _handle,
            tensor.Input,
            (ulong)tensor.Input.Length,
            tensor.Output,
            (ulong)tensor.Output.Length,
            text,
            (uint)text.Length
        );
        DrpAiLibrary.ThrowIfFailed(status, text);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static DrpAiHandle Open(ModelCard model, DrpAiOptions options, bool needsCrop)
    {
        var folder = Marshal.StringToCoTaskMemUTF8(model.Folder);
        try
        {
            var config = new DrpAiConfig
            {
                Size = (uint)Unsafe.SizeOf<DrpAiConfig>(),
                InputSize = (uint)model.InputSize,
                OutputValues = (uint)(2 * model.Landmarks),
                Frequency = (uint)options.Frequency,
                HangAfterMs = (uint)options.HangAfter.TotalMilliseconds,
                NeedsCrop = needsCrop ? 1u : 0,
                ObjectFolder = folder,
            };
            for (var i = 0; i < 3; i++)
                (config.Mean[i], config.Std[i]) = (model.Mean[i], model.Std[i]);
            Span<byte> text = stackalloc byte[DrpAiLibrary.TextLength];
            var status = DrpAiLibrary.Open(config, out var handle, text, (uint)text.Length);
            if (status != DrpAiStatus.Ok)
                handle.Dispose();
            DrpAiLibrary.ThrowIfFailed(status, text);
            return handle;
        }
        finally
        {
            Marshal.FreeCoTaskMem(folder);
        }
    }
}
