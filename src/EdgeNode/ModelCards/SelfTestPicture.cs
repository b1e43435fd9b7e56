using System.Runtime.CompilerServices;
using FaceLandmark.Capture;

namespace FaceLandmark.ModelCards;

/// <summary>
/// The picture of the self-test: a face of ellipses where a face of average shape lies in its region. Whole numbers only, so that it is the
/// same on every machine and in <c>models/compile/self_test.py</c>, which draws it too.
/// </summary>
internal static class SelfTestPicture
{
    /// <summary>Its name in cards; another drawing gets another name.</summary>
    public const string Name = "drawn-face-1";

    /// <summary>Ellipses in drawing order: centre and radii in 1024ths of the side, colour as R, G, B.</summary>
    private static readonly (int X, int Y, int Across, int Down, byte Red, byte Green, byte Blue)[] s_ellipses =
    [
        (512, 300, 470, 420, 60, 42, 34), // hair
        (512, 330, 405, 570, 222, 172, 142), // skin
        (302, 146, 128, 20, 74, 52, 42), // eyebrows
        (722, 146, 128, 20, 74, 52, 42),
        (328, 254, 80, 30, 240, 238, 234), // eyes
        (696, 254, 80, 30, 240, 238, 234),
        (326, 252, 28, 28, 52, 74, 92), // irises
        (698, 252, 28, 28, 52, 74, 92),
        (512, 390, 44, 130, 232, 186, 158), // nose
        (456, 508, 26, 14, 128, 80, 66), // nostrils
        (568, 508, 26, 14, 128, 80, 66),
        (512, 664, 156, 58, 178, 84, 82), // lips
        (512, 660, 118, 12, 92, 36, 38),
    ];

    /// <summary>Draws it over a whole frame of <see cref="PixelLayout.Bgr"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // runs once, at the start, which is no time to learn
    public static void Draw(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        for (var row = 0; row < frame.Height; row++)
        {
            var y = ((2 * row) + 1) * 512 / frame.Height;
            var line = frame.Data.Slice(row * frame.Stride, frame.Stride);
            for (var column = 0; column < frame.Width; column++)
            {
                var x = ((2 * column) + 1) * 512 / frame.Width;
                (line[3 * column], line[(3 * column) + 1], line[(3 * column) + 2]) = (120, (byte)(90 + (y / 16)), (byte)(70 + (x / 16)));
            }

            foreach (var (centreX, centreY, across, down, red, green, blue) in s_ellipses)
            {
                var left = ((long)across * across * down * down) - ((long)(y - centreY) * (y - centreY) * across * across);
                for (var column = 0; left >= 0 && column < frame.Width; column++)
                {
                    var x = ((2 * column) + 1) * 512 / frame.Width;
                    if ((long)(x - centreX) * (x - centreX) * down * down > left)
                        continue;
                    var shade = (x + y) / 64; // light from the upper left
                    (line[3 * column], line[(3 * column) + 1], line[(3 * column) + 2]) = (
                        (byte)(blue - shade),
                        (byte)(green - shade),
                        (byte)(red - shade)
                    );
                }
            }
        }
    }
}
