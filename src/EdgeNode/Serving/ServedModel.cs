using System.Buffers.Binary;
using FaceLandmark.Capture;
using FaceLandmark.Faces;
using FaceLandmark.Inference;
using FaceLandmark.Inference.Remote;
using FaceLandmark.OpenInference;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Serving;

/// <summary>A model as clients see it: a network under a name, in the form in which it takes faces.</summary>
internal sealed class ServedModel
{
    /// <summary>The one version that each model has.</summary>
    public const string Version = "1";

    private const string Image = "image";
    private const float LargestNumber = 65504; // of FP16, in which devices compute
    private readonly RemoteEncoding _form;
    private readonly FramePool _pool;
    private readonly PicturesOptions _pictures;

    /// <summary>A form of a network.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="network">The network.</param>
    /// <param name="form">In which form it takes faces.</param>
    /// <param name="pool">Where pictures are kept.</param>
    /// <param name="pictures">How large they may be.</param>
    public ServedModel(string name, ServedNetwork network, RemoteEncoding form, FramePool pool, PicturesOptions pictures)
    {
        ArgumentNullException.ThrowIfNull(network);
        (Name, Network, _form, _pool, _pictures) = (name, network, form, pool, pictures);
        var (names, size) = (network.Tensors, (long)network.Info.Model.InputSize);
        Input = form switch
        {
            RemoteEncoding.Jpeg => new ServedTensor(Image, Datatype.Bytes, [1]),
            RemoteEncoding.Raw8 => new ServedTensor(Image, Datatype.UInt8, [1, size, size, 3]),
            RemoteEncoding.Fp16 => new ServedTensor(names.Input, Datatype.Fp16, [1, 3, size, size]),
            _ => new ServedTensor(names.Input, Datatype.Fp32, [1, 3, size, size]),
        };
        ServedTensor points = new(names.Points, Datatype.Fp32, names.PointsShape);
        Outputs = names.Presence is { } presence ? [points, new ServedTensor(presence, Datatype.Fp32, [1, 1])] : [points];
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The network behind it.</summary>
    public ServedNetwork Network { get; }

    /// <summary>Framework and format, as the protocol names them.</summary>
    public string Platform =>
        Network.Info switch
        {
            { Device.Emulated: true } => "drpai_emulated",
            { Name: "drpai" } => "drpai_mera",
            { Name: "tvm" } => "tvm_graph",
            _ => "onnxruntime_onnx",
        };

    /// <summary>What it takes.</summary>
    public ServedTensor Input { get; }

    /// <summary>What it gives.</summary>
    public IReadOnlyList<ServedTensor> Outputs { get; }

    /// <summary>More about it: what computes it, and whether that is imitated.</summary>
    public IReadOnlyDictionary<string, string> Properties =>
        new Dictionary<string, string>
        {
            ["engine"] = Network.Info.Name,
            ["runtime"] = Network.Info.Runtime,
            ["device"] = Network.Info.Device.Name,
            ["emulated"] = Network.Info.Device.Emulated ? "true" : "false",
            ["landmark_set"] = Network.Info.Model.LandmarkSet,
            ["sha256"] = Network.Info.Model.Sha256 ?? "",
        };

    /// <summary>Infers one face.</summary>
    /// <param name="inputs">The inputs of the request.</param>
    /// <param name="outputs">Names of the outputs asked for; none: all.</param>
    /// <param name="end">The client does not wait any more.</param>
    /// <exception cref="ServingException">The request is not what the model takes, the queue is full, or the engine refuses.</exception>
    public async Task<IReadOnlyList<OutputTensor>> InferAsync(
        IReadOnlyList<InputTensor> inputs,
        IReadOnlyList<string> outputs,
        CancellationToken end
    )
    {
        ArgumentNullException.ThrowIfNull(outputs);
        var input = Check(inputs);
        if (outputs.FirstOrDefault(name => Outputs.All(output => output.Name != name)) is { } unknown)
            throw Invalid($"has no output '{Shown(unknown)}', but {string.Join(" and ", Outputs.Select(output => output.Name))}");
        var (points, presence) = await Network.InferAsync((network, tensor) => Fill(input, network, tensor), end).ConfigureAwait(false);
        var all = Outputs.Select(output => new OutputTensor(
            output.Name,
            output.Shape,
            output.Name == Outputs[0].Name ? points : new[] { presence }
        ));
        return outputs.Count == 0 ? [.. all] : [.. outputs.Distinct().Select(name => all.First(output => output.Name == name))];
    }

    private ServingException Invalid(string what) => new(ServingFault.Invalid, $"The model {Name} {what}.");

    private static string Shown(string text) => FaceLandmark.Platform.PublicText.Shown(text[..Math.Min(80, text.Length)]);

    private InputTensor Check(IReadOnlyList<InputTensor> inputs)
    {
        var wanted = $"{Input.Name} {Input.Datatype} {Datatype.Shape(Input.Shape)}";
        if (inputs.Count != 1)
            throw Invalid($"takes one input, {wanted}, and not {inputs.Count}");
        var input = inputs[0];
        if (input.Name != Input.Name)
            throw Invalid($"has no input '{Shown(input.Name)}', but {wanted}");
        var isShape = input.Shape.SequenceEqual(Input.Shape) || (_form == RemoteEncoding.Jpeg && input.Shape.SequenceEqual([1L, 1L]));
        if (input.Datatype != Input.Datatype || !isShape)
            throw Invalid($"takes {wanted}, and not {Shown($"{input.Datatype} {Datatype.Shape(input.Shape)}")}");
        var length = Input.Shape.Aggregate((long)Datatype.SizeOf(Input.Datatype), (product, dimension) => product * dimension);
        if (_form != RemoteEncoding.Jpeg && input.Raw.Length != length)
            throw Invalid($"takes {wanted}, that is {length} bytes, and not {input.Raw.Length}");
        return input;
    }

    private void Fill(InputTensor input, LandmarkNetwork network, FaceTensor tensor)
    {
        switch (_form)
        {
            case RemoteEncoding.Fp32:
            case RemoteEncoding.Fp16:
                Datatype.TryRead(input.Datatype, input.Raw.Span, tensor.Input);
                // A network may make numbers of what is none.
                if (tensor.Input.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
                    throw Invalid($"takes numbers, but the input {input.Name} holds NaN or infinity");
                // Sums of larger ones overflow within a network, whose NaN would then look like a fault of the server.
                if (tensor.Input.ContainsAnyExceptInRange(-LargestNumber, LargestNumber))
                    throw Invalid($"takes numbers from -{LargestNumber} to {LargestNumber}, but the input {input.Name} holds others");
                break;
            case RemoteEncoding.Raw8:
                using (var frame = Frame(input.Raw.Span, network.Info.Model.InputSize))
                    network.Prepare(frame, new Region(0, 0, frame.Width, frame.Height), tensor);
                break;
            default:
                using (var frame = Decode(input.Raw.Span))
                    network.Prepare(frame, new Region(0, 0, frame.Width, frame.Height), tensor);
                break;
        }
    }

    private Frame Frame(ReadOnlySpan<byte> rgb, int size)
    {
        var frame = _pool.Rent(size, size, PixelLayout.Bgr);
        for (var y = 0; y < size; y++)
        {
            var from = rgb.Slice(3 * size * y, 3 * size);
            var to = frame.Data.Slice(frame.Stride * y, 3 * size);
            for (var x = 0; x < to.Length; x += 3)
                (to[x], to[x + 1], to[x + 2]) = (from[x + 2], from[x + 1], from[x]);
        }

        return frame;
    }

    private Frame Decode(ReadOnlySpan<byte> raw)
    {
        if (raw.Length < sizeof(int) || BinaryPrimitives.ReadUInt32LittleEndian(raw) != (uint)(raw.Length - sizeof(int)))
            throw Invalid("takes BYTES [1], one element behind its length in four bytes, and these are not that");
        try
        {
            return PictureFile.Decode(raw[sizeof(int)..].ToArray(), Image, _pool, _pictures);
        }
        catch (SourceException reason)
        {
            throw new ServingException(ServingFault.Invalid, reason.Message, reason);
        }
    }
}
