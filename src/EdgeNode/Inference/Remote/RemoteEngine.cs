using System.Buffers.Binary;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using FaceLandmark.ModelCards;
using FaceLandmark.OpenInference;
using FaceLandmark.Platform;
using FaceLandmark.Preprocess;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Inference.Remote;

/// <summary>
/// A landmark network on servers that speak the Open Inference Protocol over gRPC. Each face is a request of its own;
/// <see cref="RemoteOptions.InFlight"/> are under way at once. Thread-safe.
/// </summary>
internal sealed class RemoteEngine : ILandmarkEngine
{
    private readonly RemoteServers _servers;
    private readonly RemoteOptions _options;
    private readonly string _model;
    private long _requests;

    /// <summary>Connects, and checks what the servers have.</summary>
    /// <param name="model">The model expected there.</param>
    /// <param name="options">Where the servers are, and how faces are sent.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told which servers come and go.</param>
    /// <exception cref="EngineException">No server answers, or one has another model.</exception>
    public RemoteEngine(ModelCard model, RemoteOptions options, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        (_options, _model) = (options, options.ModelFor(model.Name));
        _servers = new RemoteServers(model, options, time, logger);

        // A JPEG loses something, so that its points are not the self-test's.
        var card = model with
        {
            Name = _model,
            SelfTest = options.Encoding == RemoteEncoding.Jpeg ? null : model.SelfTest,
        };
        Info = new EngineInfo(
            "remote",
            $"{_servers.Server} at {_servers.Addresses}",
            new DeviceInfo(_servers.Server, _servers.IsEmulated),
            card
        );
        Preprocessor = options.Encoding switch
        {
            RemoteEncoding.Raw8 => new RemotePreprocessor(model, null),
            RemoteEncoding.Jpeg => new RemotePreprocessor(model, options.Quality),
            _ => new CpuPreprocessor(model),
        };
    }

    /// <inheritdoc/>
    public EngineInfo Info { get; }

    /// <inheritdoc/>
    public int AtOnce => _options.InFlight;

    /// <summary>What makes the tensors that this engine sends.</summary>
    public IPreprocessor Preprocessor { get; }

    /// <inheritdoc/>
    public void Run(FaceTensor tensor) => RunAsync(tensor).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public async Task RunAsync(FaceTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var content = Content(tensor);
        var id = Interlocked.Increment(ref _requests).ToString(CultureInfo.InvariantCulture);
        await _servers
            .InferAsync(contract => Request(contract, id, content), (contract, answer) => Read(contract, answer, id, tensor))
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void GiveUp() => _servers.GiveUp();

    /// <inheritdoc/>
    public void Dispose() => _servers.Dispose();

    private ReadOnlyMemory<byte> Content(FaceTensor tensor)
    {
        var payload = (RemotePayload)(tensor.Binding ??= new RemotePayload());
        switch (_options.Encoding)
        {
            case RemoteEncoding.Fp32:
                MemoryMarshal.AsBytes(tensor.Input).CopyTo(payload.Take(sizeof(float) * tensor.Input.Length));
                break;
            case RemoteEncoding.Fp16:
                TensorPrimitives.ConvertToHalf(tensor.Input, MemoryMarshal.Cast<byte, Half>(payload.Take(2 * tensor.Input.Length)));
                break;
            default:
                break; // the preprocessor has made it
        }

        return payload.Content;
    }

    private ModelInferRequest Request(RemoteContract contract, string id, ReadOnlyMemory<byte> content)
    {
        var request = new ModelInferRequest
        {
            ModelName = _model,
            ModelVersion = _options.Version,
            Id = id,
            Inputs =
            {
                new ModelInferRequest.Types.InferInputTensor
                {
                    Name = contract.Input,
                    Datatype = contract.Datatype,
                    Shape = { contract.Shape },
                },
            },
            Outputs = { new ModelInferRequest.Types.InferRequestedOutputTensor { Name = contract.Points } },
        };
        if (contract.Presence is not null)
            request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = contract.Presence });
        if (contract.Datatype == Datatype.Bytes)
        {
            var framed = new byte[sizeof(int) + content.Length];
            BinaryPrimitives.WriteInt32LittleEndian(framed, content.Length);
            content.CopyTo(framed.AsMemory(sizeof(int)));
            content = framed;
        }

        request.RawInputContents.Add(UnsafeByteOperations.UnsafeWrap(content));
        return request;
    }

    private static string? Read(RemoteContract contract, ModelInferResponse answer, string id, FaceTensor tensor)
    {
        if (answer.Id.Length > 0 && answer.Id != id)
            return $"it answers the request '{PublicText.Shown(answer.Id[..Math.Min(40, answer.Id.Length)])}', and not '{id}'";
        if (!TryRead(answer, contract.Points, tensor.Output))
            return $"its output {contract.Points} is missing or is not {tensor.Output.Length} numbers of FP32 or FP16";
        if (contract.Presence is not null && !TryRead(answer, contract.Presence, new Span<float>(ref tensor.Presence)))
            return $"its output {contract.Presence} is missing or is not one number of FP32 or FP16";
        return null;
    }

    // All outputs come raw, or none does.
    private static bool TryRead(ModelInferResponse answer, string name, Span<float> numbers)
    {
        for (var i = 0; i < answer.Outputs.Count; i++)
        {
            var output = answer.Outputs[i];
            if (output.Name != name)
                continue;
            if (answer.RawOutputContents.Count > 0)
                return i < answer.RawOutputContents.Count
                    && Datatype.TryRead(output.Datatype, answer.RawOutputContents[i].Span, numbers);
            var contents = output.Contents?.Fp32Contents;
            if (contents?.Count != numbers.Length)
                return false;
            for (var j = 0; j < numbers.Length; j++)
                numbers[j] = contents[j];
            return true;
        }

        return false;
    }
}
