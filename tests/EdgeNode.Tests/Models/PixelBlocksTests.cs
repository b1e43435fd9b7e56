using FaceLandmark.Models.Quantize;
using FaceLandmark.OnnxFiles;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Tests.Models;

/// <summary>A first convolution on blocks of pixels gives what it gave on pixels; others are left alone.</summary>
public sealed class PixelBlocksTests
{
    private const int Size = 24;
    private const int Outputs = 5;

    [Theory]
    [InlineData("a ResNet's", 7, 7, 3, 3, 3, 3)]
    [InlineData("a MobileNet's", 3, 3, 1, 1, 1, 1)]
    [InlineData("as TensorFlow pads it", 3, 3, 0, 0, 1, 1)]
    [InlineData("with an even kernel", 4, 6, 1, 2, 1, 2)]
    [InlineData("with sides of its own", 5, 2, 2, 0, 1, 1)]
    [InlineData("without a margin", 7, 3, 0, 0, 0, 0)]
    public void The_answers_stay(string kind, int rows, int columns, int top, int left, int bottom, int right)
    {
        var model = Model(rows, columns, new OnnxAttribute("strides", [2, 2]), new OnnxAttribute("pads", [top, left, bottom, right]));
        var before = Answers(model);

        PixelBlocks.Rewrite(model, Size);

        Assert.Contains(model.Graph.Nodes, node => node.Operation == "SpaceToDepth");
        var after = Answers(model);
        Assert.True(before.Length == after.Length, kind);
        Assert.All(before.Zip(after), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void A_pooled_picture_is_seen_in_blocks_too()
    {
        var model = Model(3, 3, new OnnxAttribute("strides", [2, 2]), new OnnxAttribute("pads", [1, 1, 1, 1]));
        Pool(model, 2);
        var before = Answers(model);

        PixelBlocks.Rewrite(model, Size);

        Assert.Equal(["AveragePool", "SpaceToDepth", "Conv"], model.Graph.Nodes.Select(node => node.Operation));
        Assert.All(before.Zip(Answers(model)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void An_odd_number_of_pixels_has_no_blocks()
    {
        var model = Model(3, 3, new OnnxAttribute("strides", [2, 2]));
        Pool(model, 8);

        Assert.False(Rewritten(model));
    }

    [Fact]
    public void Another_convolution_is_left_alone()
    {
        Assert.False(Rewritten(Model(3, 3)));
        Assert.False(Rewritten(Model(3, 3, new OnnxAttribute("strides", [2, 1]))));
        Assert.False(Rewritten(Model(3, 3, new OnnxAttribute("strides", [2, 2]), new OnnxAttribute("dilations", [2, 2]))));
        Assert.False(Rewritten(Model(3, 3, new OnnxAttribute("strides", [2, 2]), new OnnxAttribute("auto_pad", 0))));
        Assert.True(Rewritten(Model(3, 3, new OnnxAttribute("strides", [2, 2]), new OnnxAttribute("dilations", [1, 1]))));
    }

    private static bool Rewritten(OnnxModel model)
    {
        var before = model.Graph.Nodes.Count;
        PixelBlocks.Rewrite(model, Size);
        return model.Graph.Nodes.Count > before;
    }

    private static OnnxModel Model(int rows, int columns, params IEnumerable<OnnxAttribute> attributes)
    {
        var weights = new float[Outputs * 3 * rows * columns];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = MathF.Sin(i);
        return new OnnxModel
        {
            IrVersion = 7,
            OperatorSets = { new OnnxOperatorSet { Version = 13 } },
            Graph = new OnnxGraph
            {
                Name = "one convolution",
                Nodes = { new OnnxNode("Conv", ["picture", "weight", "bias"], "answer", attributes) },
                Initializers =
                {
                    OnnxTensor.Of("weight", [Outputs, 3, rows, columns], weights),
                    OnnxTensor.Of("bias", [Outputs], [1f, 2, 3, 4, 5]),
                },
                Inputs = { new OnnxValue("picture", 1, 3, Size, Size) },
                Outputs = { new OnnxValue("answer", null) },
            },
        };
    }

    private static void Pool(OnnxModel model, int side)
    {
        model.Graph.Nodes[0].Inputs[0] = "pooled";
        model.Graph.Nodes.Insert(
            0,
            new OnnxNode(
                "AveragePool",
                ["picture"],
                "pooled",
                new OnnxAttribute("kernel_shape", [side, side]),
                new OnnxAttribute("strides", [side, side])
            )
        );
    }

    private static float[] Answers(OnnxModel model)
    {
        using var session = new PictureSession(model);
        using var picture = new FaceTensor(Size, 1);
        for (var i = 0; i < picture.Input.Length; i++)
            picture.Input[i] = MathF.Cos(3 * i);
        using var outputs = session.Run(picture, ["answer"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
