using System.Globalization;

namespace FaceLandmark.ModelCards;

/// <summary>
/// A known picture and the points a model must give for it: part of its card, computed by the training framework
/// (<c>models/compile/self_test.py</c>), not by the engine that is tested. It proves weights, pre-processing and arithmetic; how good the
/// points are on faces, <c>model evaluate</c> measures.
/// </summary>
internal sealed record SelfTest
{
    /// <summary>Which picture: <see cref="SelfTestPicture.Name"/>.</summary>
    public required string Picture { get; init; }

    /// <summary>The points expected, x0 y0 x1 y1 ... as fractions of the picture.</summary>
    public required IReadOnlyList<float> Points { get; init; }

    /// <summary>The largest difference allowed of any value, as a fraction of the picture.</summary>
    public required float Tolerance { get; init; }

    /// <summary>The value that is furthest from the one expected, and how far; a value that is no number is furthest.</summary>
    public static (int Index, float Difference) Worst(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        var worst = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(actual[i] - expected[i]) <= Math.Abs(actual[worst] - expected[worst])))
                worst = i;
        }

        return (worst, Math.Abs(actual[worst] - expected[worst]));
    }

    /// <summary>Checks a model's answer: finite in any case, and as its card says where the card has a self-test.</summary>
    /// <param name="model">The card.</param>
    /// <param name="points">The answer to <see cref="SelfTestPicture"/>.</param>
    /// <returns>The largest difference; null where the card has no self-test.</returns>
    /// <exception cref="ModelException">The answer is wrong; the message says by how much.</exception>
    public static float? Check(ModelCard model, ReadOnlySpan<float> points)
    {
        ArgumentNullException.ThrowIfNull(model);
        foreach (var value in points)
        {
            if (!float.IsFinite(value))
                throw new ModelException(
                    $"The model {model.Path} gives no numbers (NaN or infinity) for the self-test picture: "
                        + "its weights are damaged or were exported wrongly; get or export it again."
                );
        }

        if (model.SelfTest is not { } test)
            return null;
        var expected = test.Points as float[] ?? [.. test.Points];
        var (index, difference) = Worst(points, expected);
        return difference <= test.Tolerance
            ? difference
            : throw new ModelException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The model {model.Path} fails its self-test: {(index % 2 == 0 ? "x" : "y")} of point {index / 2} is "
                        + $"{points[index]:g5} instead of {expected[index]:g5}, tolerance {test.Tolerance:g3}. "
                        + $"Weights, engine and card do not belong together, "
                        + $"or the engine computes wrongly; get or compile the model again."
                )
            );
    }

    /// <summary>Checks that it can be carried out.</summary>
    /// <exception cref="ModelException">It cannot.</exception>
    internal void RequireUsable(string path, int landmarks)
    {
        if (Picture != SelfTestPicture.Name || Points.Count != 2 * landmarks || !Points.All(float.IsFinite) || !(Tolerance > 0))
            throw new ModelException(
                $"{path} has no usable selfTest: picture must be {SelfTestPicture.Name}, points must be {2 * landmarks} numbers, "
                    + "tolerance above 0; write it again with models/compile/self_test.py."
            );
    }
}
