using FaceLandmark.ModelCards;

namespace FaceLandmark.Models.Import;

/// <summary>
/// The weights of a DeepPose network found among the tensors of a checkpoint: a ResNet of torchvision's and MMPose's keys ("pytorch" style:
/// the stride is on the 3x3 convolution), whatever stands before them, and one fully connected layer to 2N numbers.
/// </summary>
internal sealed class DeepPoseWeights
{
    private const double Epsilon = 1e-5; // of batch normalisation, in PyTorch and MMPose
    private const int MostLandmarks = 1000;

    private readonly string _path;
    private readonly TorchCheckpoint _checkpoint;
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly string _head;

    /// <exception cref="ModelException">It is another network; the message lists what was expected and what was found.</exception>
    public DeepPoseWeights(TorchCheckpoint checkpoint, string path)
    {
        (_checkpoint, _path) = (checkpoint, path);
        Prefix = FindBackbone();
        _head = FindHead();
        IsBottleneck = Has($"{Prefix}layer1.0.conv3.weight");
        Blocks = [.. Enumerable.Range(1, 4).Select(CountBlocks)];
        var shape = checkpoint.Tensors[_head + ".weight"].Shape;
        if (shape.Count != 2 || shape[0] % 2 != 0 || shape[0] is < 2 or > 2 * MostLandmarks)
            throw Unexpected($"{_head}.weight of 2N x features for N landmarks", $"the shape {string.Join('x', shape)}");
        Landmarks = (int)shape[0] / 2;
    }

    /// <summary>What stands before the keys of the ResNet: "backbone." in MMPose.</summary>
    public string Prefix { get; }

    /// <summary>Whether its blocks have three convolutions.</summary>
    public bool IsBottleneck { get; }

    /// <summary>Number of blocks of each of the four layers.</summary>
    public IReadOnlyList<int> Blocks { get; }

    public int Landmarks { get; }

    /// <summary>"resnet50" for the usual depths, otherwise "resnet".</summary>
    public string Architecture =>
        (IsBottleneck, Blocks) switch
        {
            (false, [1, 1, 1, 1]) => "resnet10",
            (false, [2, 2, 2, 2]) => "resnet18",
            (false, [3, 4, 6, 3]) => "resnet34",
            (true, [3, 4, 6, 3]) => "resnet50",
            (true, [3, 4, 23, 3]) => "resnet101",
            (true, [3, 8, 36, 3]) => "resnet152",
            _ => "resnet",
        };

    public bool Has(string key) => _checkpoint.Tensors.ContainsKey(key);

    /// <summary>A convolution's output channels, from its shape.</summary>
    public long Width(string key) =>
        Tensor($"{Prefix}{key}.weight").Shape is [var width, _, _, _] ? width : throw Wrong($"{Prefix}{key}.weight", "four dimensions");

    /// <summary>A convolution with the batch normalisation after it folded into weights and bias; computed in double precision.</summary>
    public (float[] Weights, float[] Bias) Convolution(string convolution, string normalization, long[] shape)
    {
        var weights = Take($"{Prefix}{convolution}.weight", shape);
        var gain = Take($"{Prefix}{normalization}.weight", shape[0]);
        var shift = Take($"{Prefix}{normalization}.bias", shape[0]);
        var mean = Take($"{Prefix}{normalization}.running_mean", shape[0]);
        var variance = Take($"{Prefix}{normalization}.running_var", shape[0]);
        var folded = new float[weights.Length];
        var bias = new float[shape[0]];
        var length = weights.Length / bias.Length;
        for (var channel = 0; channel < bias.Length; channel++)
        {
            if (variance[channel] < 0)
                throw Wrong($"{Prefix}{normalization}.running_var", "no negative values");
            var scale = gain[channel] / Math.Sqrt(variance[channel] + Epsilon);
            bias[channel] = (float)(shift[channel] - (mean[channel] * scale));
            for (var i = channel * length; i < (channel + 1) * length; i++)
                folded[i] = (float)(weights[i] * scale);
        }

        return (folded, bias);
    }

    /// <summary>The fully connected layer: 2N x features, and 2N.</summary>
    public (float[] Weights, float[] Bias) Head(long features) =>
        (Take(_head + ".weight", 2 * Landmarks, features), Take(_head + ".bias", 2 * Landmarks));

    /// <summary>A network with more than this is another one, and would give other results.</summary>
    /// <exception cref="ModelException">There are tensors that nothing took.</exception>
    public void CheckNothingIsLeft()
    {
        var left = _checkpoint
            .Tensors.Keys.Where(key => !_used.Contains(key) && !key.EndsWith("num_batches_tracked", StringComparison.Ordinal))
            .ToList();
        if (left.Count > 0)
            throw Unexpected("nothing but a ResNet and one fully connected layer", $"also {Listed(left)}");
    }

    private string FindBackbone()
    {
        const string first = "conv1.weight";
        var prefixes = _checkpoint
            .Tensors.Keys.Where(key => key.EndsWith(first, StringComparison.Ordinal))
            .Select(key => key[..^first.Length])
            .Where(prefix => Has(prefix + "bn1.weight") && Has(prefix + "layer1.0.conv1.weight"))
            .ToList();
        return prefixes.Count == 1
            ? prefixes[0]
            : throw Unexpected(
                "one ResNet (backbone.conv1.weight, backbone.bn1.*, backbone.layer1.0.conv1.weight ...)",
                Listed(_checkpoint.Tensors.Keys)
            );
    }

    private string FindHead()
    {
        const string weight = "fc.weight";
        var heads = _checkpoint.Tensors.Keys.Where(key => key == weight || key.EndsWith("." + weight, StringComparison.Ordinal)).ToList();
        if (heads.Count == 1)
            return heads[0][..^".weight".Length];
        var others = _checkpoint.Tensors.Keys.Where(key =>
            !key.StartsWith(Prefix, StringComparison.Ordinal) || Prefix.Length == 0 && !key.StartsWith("layer", StringComparison.Ordinal)
        );
        throw Unexpected("one head keypoint_head.fc or head.fc (DeepPose; no heat maps)", Listed(others));
    }

    private int CountBlocks(int layer)
    {
        var count = 0;
        while (Has($"{Prefix}layer{layer}.{count}.conv1.weight"))
            count++;
        return count > 0 ? count : throw Unexpected("four layers of blocks", $"none in {Prefix}layer{layer}");
    }

    private float[] Take(string key, params long[] shape)
    {
        if (!Tensor(key).Shape.SequenceEqual(shape))
            throw Wrong(key, $"the shape {string.Join('x', shape)}");
        _used.Add(key);
        return _checkpoint.Read(key);
    }

    private TorchTensor Tensor(string key) =>
        _checkpoint.Tensors.TryGetValue(key, out var tensor)
            ? tensor
            : throw Unexpected(key, $"no such tensor among {Listed(_checkpoint.Tensors.Keys)}");

    private ModelException Wrong(string key, string expected) => Unexpected($"{expected} of {key}", Tensor(key).ToString());

    private ModelException Unexpected(string expected, string found) =>
        new($"{_path} holds no DeepPose network that can be imported: expected {expected}; found {found}.");

    private static string Listed(IEnumerable<string> keys)
    {
        var all = keys.Select(PickleException.Shown).ToList();
        return all.Count switch
        {
            0 => "nothing",
            <= 6 => string.Join(", ", all),
            _ => $"{string.Join(", ", all.Take(6))} and {all.Count - 6} more",
        };
    }
}
