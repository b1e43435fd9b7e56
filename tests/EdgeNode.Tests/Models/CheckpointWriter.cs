namespace FaceLandmark.Tests.Models;

/// <summary>
/// The smallest DeepPose there is, as PyTorch would save it: a ResNet of four basic blocks of a few channels, five landmarks. Tests change
/// one thing of it.
/// </summary>
internal sealed class CheckpointWriter
{
    public const int Landmarks = 5;

    public CheckpointWriter(int width = 2)
    {
        Convolution("backbone.conv1", "backbone.bn1", width, 3, 7);
        for (var layer = 1; layer <= 4; layer++)
        {
            var block = $"backbone.layer{layer}.0";
            Convolution(block + ".conv1", block + ".bn1", width, width, 3);
            Convolution(block + ".conv2", block + ".bn2", width, width, 3);
            if (layer > 1)
                Convolution(block + ".downsample.0", block + ".downsample.1", width, width, 1);
        }

        Shapes["keypoint_head.fc.weight"] = [2 * Landmarks, width];
        Shapes["keypoint_head.fc.bias"] = [2 * Landmarks];
    }

    /// <summary>The tensors by name, in the order of their storages.</summary>
    public Dictionary<string, long[]> Shapes { get; } = [];

    /// <summary>The PyTorch type of tensors that are no float32.</summary>
    public Dictionary<string, string> Types { get; } = [];

    /// <summary>The checkpoint with something else in the place of one tensor.</summary>
    public byte[] Pickle(string? name = null, Action<PickleWriter>? instead = null)
    {
        var pickle = new PickleWriter().Op('}').Text("state_dict").Global("collections", "OrderedDict").Op(')').Op('R').Op('(');
        var key = 0;
        foreach (var (tensor, shape) in Shapes)
        {
            pickle.Text(tensor);
            if (tensor == name)
                instead!(pickle);
            else
                pickle.Tensor($"{key}", Types.GetValueOrDefault(tensor, "FloatStorage"), Count(shape), 0, shape);
            key++;
        }

        return pickle.Op('u').Op('s').ToArray();
    }

    /// <summary>The zip file around a pickle.</summary>
    public ZipWriter Zip(byte[] pickle)
    {
        var zip = new ZipWriter().Add("net/data.pkl", pickle);
        var key = 0;
        foreach (var (tensor, shape) in Shapes)
            zip.Add($"net/data/{key++}", Numbers(tensor, shape));
        return zip;
    }

    public byte[] ToArray() => Zip(Pickle()).ToArray();

    public static long Count(long[] shape) => shape.Aggregate(1L, (product, side) => product * side);

    private byte[] Numbers(string tensor, long[] shape)
    {
        var width = Types.GetValueOrDefault(tensor, "FloatStorage") switch
        {
            "LongStorage" or "DoubleStorage" => 8,
            "ByteStorage" or "BoolStorage" or "CharStorage" => 1,
            "HalfStorage" or "ShortStorage" => 2,
            _ => 4,
        };
        var bytes = new byte[Count(shape) * width];
        if (width == 4)
        {
            var random = new Random(bytes.Length);
            var spread = 2 / MathF.Sqrt(Count(shape[1..])); // keeps the size of what goes through
            for (var i = 0; i < bytes.Length; i += 4)
                BitConverter.TryWriteBytes(
                    bytes.AsSpan(i),
                    tensor.EndsWith("running_var", StringComparison.Ordinal) ? 1 : spread * (random.NextSingle() - 0.4f)
                );
        }

        return bytes;
    }

    private void Convolution(string convolution, string normalization, int outputs, int inputs, int kernel)
    {
        Shapes[convolution + ".weight"] = [outputs, inputs, kernel, kernel];
        foreach (var part in new[] { "weight", "bias", "running_mean", "running_var" })
            Shapes[$"{normalization}.{part}"] = [outputs];
    }
}
