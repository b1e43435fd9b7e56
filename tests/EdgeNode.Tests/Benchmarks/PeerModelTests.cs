using FaceLandmark.Benchmarks;
using FaceLandmark.Inference.Onnx;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.OnnxFiles;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Tests.Benchmarks;

public sealed class PeerModelTests
{
    [Fact]
    public void It_gives_the_same_points_without_a_weight_in_16_bits()
    {
        var folder = Directory.CreateTempSubdirectory("facelandmark-").FullName;
        try
        {
            var card = new ModelCatalogue(new ModelsOptions { EightBit = false }).Default();
            var path = Path.Combine(folder, card.File);

            PeerModel.Write(card.Path, path);

            Assert.DoesNotContain(OnnxModel.Read(path).Graph.Initializers, tensor => tensor.Type == OnnxType.Float16);
            var (expected, points) = (Points(card), Points(card with { Folder = folder }));
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], points[i], 1e-4f);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static float[] Points(ModelCard card)
    {
        using var engine = new OnnxEngine(card, new OnnxOptions { Threads = 1 });
        using var tensor = new FaceTensor(card.InputSize, card.Landmarks);
        var random = new Random(98);
        foreach (ref var value in tensor.Input)
            value = (float)(random.NextDouble() - 0.5);
        engine.Run(tensor);
        return tensor.Output.ToArray();
    }
}
