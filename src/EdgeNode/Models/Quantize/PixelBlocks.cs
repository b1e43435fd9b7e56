using FaceLandmark.OnnxFiles;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Models.Quantize;

/// <summary>
/// Lets a first convolution with steps of two pixels see each block of 2x2 pixels as one pixel of four times the channels: the same
/// products in the same sums, from longer runs of bytes, which 8-bit kernels copy faster (decision 174).
/// </summary>
internal static class PixelBlocks
{
    private const int Side = 2;
    private const int MostChannels = 4; // with more, the runs are long anyway

    /// <summary>Changes the graph, whose answers stay; or leaves it as it is, where its first convolution is another one.</summary>
    /// <param name="model">The model, whose constants are float32.</param>
    /// <param name="size">Width and height of its input, in pixels.</param>
    public static void Rewrite(OnnxModel model, int size)
    {
        var graph = model.Graph;
        var index = graph.Nodes.FindIndex(node => node.Operation == "Conv");
        if (
            index < 0
            || graph.Nodes[index] is not { Inputs: [var input, var weight, ..] } convolution
            || graph.Initializers.Find(tensor => tensor.Name == weight) is not { Shape: [_, <= MostChannels, _, _] } constant
            || constant.Type != OnnxType.Float32
            || MarginOf(convolution) is not { } margin
            || ShapeOf(model, input, size) is not [_, _, var height, var width]
            || height % Side != 0
            || width % Side != 0
        )
            return;

        var (rows, firstRow, lastRow) = InBlocks(constant.Shape[2], margin[0], margin[2]);
        var (columns, firstColumn, lastColumn) = InBlocks(constant.Shape[3], margin[1], margin[3]);
        if (lastRow < 0 || lastColumn < 0)
            return;
        var blocks = OnnxTensor.Of(
            weight + ".blocks",
            [constant.Shape[0], constant.Shape[1] * Side * Side, rows, columns],
            Weights(constant, margin[0] % Side, margin[1] % Side, (int)rows, (int)columns)
        );
        graph.Initializers.Add(blocks);
        graph.Nodes.Insert(index, new OnnxNode("SpaceToDepth", [input], input + ".blocks", new OnnxAttribute("blocksize", Side)));
        convolution.Inputs[0] = input + ".blocks";
        convolution.Inputs[1] = blocks.Name;
        convolution.Attributes.Clear();
        convolution.Attributes.Add(new OnnxAttribute("kernel_shape", [rows, columns]));
        convolution.Attributes.Add(new OnnxAttribute("pads", [firstRow, firstColumn, lastRow, lastColumn]));
        if (!graph.Nodes.Exists(node => node.Inputs.Contains(weight)))
            graph.Initializers.Remove(constant);
    }

    /// <summary>The pixels that a convolution adds at the top, left, bottom and right, if it goes on by two; otherwise null.</summary>
    private static List<long>? MarginOf(OnnxNode convolution)
    {
        var byTwo = false;
        List<long> margin = [0, 0, 0, 0];
        foreach (var attribute in convolution.Attributes)
        {
            switch (attribute.Name)
            {
                case "strides" when attribute.Integers is [Side, Side]:
                    byTwo = true;
                    break;
                case "pads" when attribute.Integers is [_, _, _, _]:
                    margin = attribute.Integers;
                    break;
                case "kernel_shape":
                case "group" when attribute.Integer == 1:
                case "dilations" when attribute.Integers is [1, 1]:
                    break;
                default:
                    return null;
            }
        }

        return byTwo ? margin : null;
    }

    // Place 2i - first + k of a row of pixels lies in block i - ceil(first / 2) + floor((k + first % 2) / 2).
    private static (long Length, long First, long Last) InBlocks(long kernel, long first, long last)
    {
        var length = (kernel + (first % Side) + Side - 1) / Side;
        var before = (first + 1) / Side;
        return (length, before, (long)Math.Floor((first + last - kernel) / (double)Side) - before + length);
    }

    private static float[] Weights(OnnxTensor constant, long skippedRows, long skippedColumns, int rows, int columns)
    {
        var values = constant.ToFloats();
        var (outputs, channels) = ((int)constant.Shape[0], (int)constant.Shape[1]);
        var (height, width) = ((int)constant.Shape[2], (int)constant.Shape[3]);
        var blocks = new float[outputs * channels * Side * Side * rows * columns];
        for (var i = 0; i < values.Length; i++)
        {
            var (x, y) = ((i % width) + (int)skippedColumns, (i / width % height) + (int)skippedRows);
            var (channel, output) = (i / (width * height) % channels, i / (width * height * channels));

            // SpaceToDepth puts the pixels of a block in front of their channels.
            var place = ((((y % Side * Side) + (x % Side)) * channels) + channel) + (output * channels * Side * Side);
            blocks[(((place * rows) + (y / Side)) * columns) + (x / Side)] = values[i];
        }

        return blocks;
    }

    private static long[] ShapeOf(OnnxModel model, string tensor, int size)
    {
        if (tensor == model.Graph.Inputs[0].Name)
            return [1, 3, size, size];
        var copy = ModelQuantizer.Copy(model);
        copy.Graph.Outputs.Add(new OnnxValue(tensor, null));
        using var session = new PictureSession(copy);
        using var blank = new FaceTensor(size, 1);
        using var outputs = session.Run(blank, [tensor]);
        return outputs[0].GetTensorTypeAndShape().Shape;
    }
}
