using System.Numerics;

namespace FaceLandmark.Locate;

/// <summary>
/// Decodes the outputs of BlazeFace (Bazarevsky et al. 2019, arXiv:1907.05047). Its anchors all have size 1; they sit in the middle of
/// the cells of two grids: 16 x 16 cells with 2 anchors each, then 8 x 8 cells with 6 each. Row by row, the anchors of a cell together.
/// </summary>
internal static class BlazeFaceAnchors
{
    /// <summary>
    /// Values an anchor: dx and dy from it, width, height, then dx and dy of six key points (not used); pixels of the input.
    /// </summary>
    public const int Values = 16;

    /// <summary>The two grids: cells a side, anchors a cell.</summary>
    public static readonly (int Cells, int PerCell)[] Grids = [(16, 2), (8, 6)];

    /// <summary>Anchors of a grid: 512 or 384.</summary>
    public static int Count(int grid) => Grids[grid].Cells * Grids[grid].Cells * Grids[grid].PerCell;

    /// <summary>Centre of an anchor as fractions of the input.</summary>
    public static Vector2 Centre(int grid, int anchor)
    {
        var (cells, perCell) = Grids[grid];
        var cell = anchor / perCell;
        return new Vector2(((cell % cells) + 0.5f) / cells, ((cell / cells) + 0.5f) / cells);
    }

    /// <summary>Adds to <paramref name="hits"/> the anchors of a grid that reach the score, in fractions of the input.</summary>
    /// <param name="grid">0 or 1.</param>
    /// <param name="scores">A logit an anchor.</param>
    /// <param name="values"><see cref="Values"/> an anchor.</param>
    /// <param name="inputSize">Side of the network's input in pixels.</param>
    /// <param name="minScore">0 to 1.</param>
    /// <param name="hits">Where they go.</param>
    public static void Decode(
        int grid,
        ReadOnlySpan<float> scores,
        ReadOnlySpan<float> values,
        int inputSize,
        float minScore,
        List<BlazeFaceHit> hits
    )
    {
        for (var anchor = 0; anchor < scores.Length; anchor++)
        {
            var score = 1 / (1 + MathF.Exp(-scores[anchor]));
            if (!(score >= minScore))
                continue;
            var box = values.Slice(anchor * Values, 4);
            if (!(box[2] > 0 && box[3] > 0))
                continue;
            hits.Add(
                new BlazeFaceHit(
                    score,
                    Centre(grid, anchor) + (new Vector2(box[0], box[1]) / inputSize),
                    new Vector2(box[2], box[3]) / inputSize
                )
            );
        }
    }
}
