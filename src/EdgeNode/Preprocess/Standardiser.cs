using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FaceLandmark.ModelCards;

namespace FaceLandmark.Preprocess;

/// <summary>
/// The last step of pre-processing: bytes of one colour to (x / 255 - mean) / std. A product and a sum, each rounded, so that every
/// processor gives the same.
/// </summary>
/// <param name="model">Whose mean and std.</param>
internal sealed unsafe class Standardiser(ModelCard model)
{
    private readonly float[] _scale = [.. model.Std.Select(std => 1 / (255 * std))];
    private readonly float[] _shift = [.. model.Mean.Zip(model.Std, (mean, std) => -mean / std)];

    /// <summary>Converts.</summary>
    /// <param name="channel">0 red, 1 green, 2 blue.</param>
    /// <param name="from">Bytes.</param>
    /// <param name="to">As many numbers.</param>
    /// <param name="count">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // docs/decisions/0151
    public void Write(int channel, byte* from, float* to, int count)
    {
        var (scale, shift) = (_scale[channel], _shift[channel]);
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + 16 <= count; i += 16)
            {
                var wide = Vector512.WidenLower(Vector512.WidenLower(Vector128.Load(from + i).ToVector256Unsafe().ToVector512Unsafe()));
                ((Vector512.ConvertToSingle(wide.AsInt32()) * scale) + Vector512.Create(shift)).Store(to + i);
            }
        }

        for (; i + 16 <= count; i += 16)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(from + i));
            Store(Vector128.WidenLower(low), to + i);
            Store(Vector128.WidenUpper(low), to + i + 4);
            Store(Vector128.WidenLower(high), to + i + 8);
            Store(Vector128.WidenUpper(high), to + i + 12);
        }

        for (; i < count; i++)
            to[i] = (from[i] * scale) + shift;

        void Store(Vector128<uint> four, float* place) =>
            ((Vector128.ConvertToSingle(four.AsInt32()) * scale) + Vector128.Create(shift)).Store(place);
    }
}
