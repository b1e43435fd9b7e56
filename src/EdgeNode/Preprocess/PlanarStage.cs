using System.Runtime.Intrinsics;
using FaceLandmark.ModelCards;

namespace FaceLandmark.Preprocess;

/// <summary>The last step of pre-processing: interleaved RGB bytes to three planes of (x / 255 - mean) / std.</summary>
/// <param name="model">Whose mean and std.</param>
internal sealed unsafe class PlanarStage(ModelCard model)
{
    private const int Lane = 16;

    private readonly float[] _scale = [.. model.Std.Select(std => 1 / (255 * std))];
    private readonly float[] _shift = [.. model.Mean.Zip(model.Std, (mean, std) => -mean / std)];

    /// <summary>Converts.</summary>
    /// <param name="rgb">3 bytes a pixel, without gaps.</param>
    /// <param name="planes">Red, green, blue, each <paramref name="pixels"/> long.</param>
    /// <param name="pixels">Number of pixels.</param>
    public void Write(byte* rgb, float* planes, int pixels)
    {
        var whole = pixels - (pixels % Lane);
        for (var pixel = 0; pixel < whole; pixel += Lane)
        {
            var first = Vector128.Load(rgb + (3 * pixel));
            var second = Vector128.Load(rgb + (3 * pixel) + 16);
            var third = Vector128.Load(rgb + (3 * pixel) + 32);

            // Every third byte of 48, in order; 255 picks a zero.
            var red =
                Vector128.Shuffle(first, Vector128.Create((byte)0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(second, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(third, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 4, 7, 10, 13));
            var green =
                Vector128.Shuffle(first, Vector128.Create((byte)1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(second, Vector128.Create((byte)255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(third, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14));
            var blue =
                Vector128.Shuffle(first, Vector128.Create((byte)2, 5, 8, 11, 14, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(second, Vector128.Create((byte)255, 255, 255, 255, 255, 1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(third, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15));
            Standardise(red, 0, planes + pixel);
            Standardise(green, 1, planes + pixels + pixel);
            Standardise(blue, 2, planes + (2 * pixels) + pixel);
        }

        for (var pixel = whole; pixel < pixels; pixel++)
        {
            for (var channel = 0; channel < 3; channel++)
                planes[(channel * pixels) + pixel] = (rgb[(3 * pixel) + channel] * _scale[channel]) + _shift[channel];
        }
    }

    private void Standardise(Vector128<byte> values, int channel, float* target)
    {
        var scale = Vector128.Create(_scale[channel]);
        var shift = Vector128.Create(_shift[channel]);
        var (low, high) = Vector128.Widen(values);
        var (first, second) = Vector128.Widen(low);
        var (third, fourth) = Vector128.Widen(high);
        Store(first, target);
        Store(second, target + 4);
        Store(third, target + 8);
        Store(fourth, target + 12);

        void Store(Vector128<uint> four, float* place) => ((Vector128.ConvertToSingle(four.AsInt32()) * scale) + shift).Store(place);
    }
}
