namespace FaceLandmark.Models.Quantize;

/// <summary>How real values become bytes: value = Scale x (byte - Zero).</summary>
/// <param name="Scale">Real value of one step, above 0.</param>
/// <param name="Zero">The byte of 0.</param>
internal readonly record struct QuantizedRange(float Scale, byte Zero)
{
    private const int Steps = 255;

    /// <summary>
    /// The range that reaches from <paramref name="low"/> (0 or less) to <paramref name="high"/> (0 or more); 0 is exact.
    /// </summary>
    public static QuantizedRange Of(double low, double high)
    {
        var scale = Math.Max((high - low) / Steps, 1e-12);
        return new QuantizedRange((float)scale, (byte)Math.Clamp(Math.Round(-low / scale), 0, Steps));
    }
}
