using System.Buffers.Binary;
using FaceLandmark.Inference.DrpAi;
using FaceLandmark.ModelCards;
using FaceLandmark.OnnxFiles;
using FaceLandmark.Tests.Preprocess;
using Google.Protobuf;

namespace FaceLandmark.Tests.Inference.DrpAi;

public sealed class HalfWeightsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Rounding_agrees_with_the_reference_for_every_half_and_what_lies_between()
    {
        for (var bits = 0; bits < 0x7c00; bits++)
        {
            var half = (double)(float)BitConverter.UInt16BitsToHalf((ushort)bits);
            var next = (double)(float)BitConverter.UInt16BitsToHalf((ushort)(bits + 1));
            var middle = double.IsInfinity(next) ? 65520 : (half + next) / 2;
            foreach (
                var value in (float[])[(float)half, (float)middle, MathF.BitDecrement((float)middle), MathF.BitIncrement((float)middle)]
            )
            {
                Assert.Equal(Fp16Reference.Round(value), (float)(Half)value);
                Assert.Equal(Fp16Reference.Round(-value), (float)(Half)(-value));
            }
        }
    }

    [Fact]
    public void All_float_weights_of_a_model_are_rounded_and_nothing_else_changes()
    {
        float[] bias = [.. Enumerable.Range(0, 196).Select(i => 0.1f + (i / 333f))];
        var model = Model(bias);
        var before = model.ToByteArray();
        Assert.Equal(bias.Count(value => Fp16Reference.Round(value) != value), HalfWeights.Round(model));

        var after = model.ToByteArray();
        var at = before.AsSpan().IndexOf(Raw(bias));
        Assert.True(at > 0);
        for (var i = 0; i < bias.Length; i++)
            Assert.Equal(Fp16Reference.Round(bias[i]), BinaryPrimitives.ReadSingleLittleEndian(after.AsSpan(at + (4 * i))));
        Assert.Equal(before.AsSpan(0, at), after.AsSpan(0, at));
        Assert.Equal(before.AsSpan(at + (4 * bias.Length)), after.AsSpan(at + (4 * bias.Length)));
        Assert.Equal(0, HalfWeights.Round(model)); // FP16 weights stay
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200)]
    public void A_truncated_model_is_refused(int length)
    {
        Model(new float[196]);
        using (var file = File.OpenWrite(ModelPath))
            file.SetLength(length);
        Assert.Throws<ModelException>(() => OnnxModel.Read(ModelPath));
    }

    private string ModelPath => Path.Combine(_folder, "model.onnx");

    private static byte[] Raw(float[] values)
    {
        var raw = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(4 * i), values[i]);
        return raw;
    }

    private OnnxModel Model(float[] bias)
    {
        new TinyOnnx(32, bias).Save(ModelPath);
        return OnnxModel.Read(ModelPath);
    }
}
