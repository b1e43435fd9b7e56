namespace FaceLandmark.Tests.Preprocess;

/// <summary>
/// FP16 rounding written down from IEEE 754: 10 bits of fraction, exponents -14 to 15, subnormals, nearest, ties to even. In double.
/// </summary>
internal static class Fp16Reference
{
    public static float Round(double value)
    {
        if (double.IsNaN(value) || double.IsInfinity(value) || value == 0)
            return (float)value;
        var exponent = Math.Max(Math.ILogB(value), -14);
        var step = Math.ScaleB(1, exponent - 10);
        var rounded = Math.Round(value / step, MidpointRounding.ToEven) * step;
        return Math.Abs(rounded) >= 65536 ? (float)Math.CopySign(double.PositiveInfinity, value) : (float)rounded;
    }
}
