using SkiaSharp;

namespace FaceLandmark.Publish;

/// <summary>
/// The characters of a face's label as strokes of a pen. A board has no fonts, and Skia's package without dependencies brings none; so a
/// label looks the same everywhere.
/// </summary>
internal static class StrokeText
{
    // In a box 6 wide and 10 high, the origin at its upper left.
    private const float Height = 10;
    private const float Gap = 2;

    private static readonly Dictionary<char, (SKPath Path, float Width)> s_letters = new()
    {
        ['0'] = Letter("M3,0 C1,0 0,2 0,5 C0,8 1,10 3,10 C5,10 6,8 6,5 C6,2 5,0 3,0 Z"),
        ['1'] = Letter("M1,2 L3.5,0 L3.5,10"),
        ['2'] = Letter("M0,2.5 C0,1 1.2,0 3,0 C4.8,0 6,1 6,2.7 C6,5 2,7 0,10 L6,10"),
        ['3'] = Letter("M0.3,0 L5.7,0 L2.7,4 C4.8,4 6,5.2 6,7 C6,8.8 4.8,10 3,10 C1.4,10 0.4,9.3 0,8"),
        ['4'] = Letter("M4.5,10 L4.5,0 L0,7 L6,7"),
        ['5'] = Letter("M5.5,0 L0.8,0 L0.4,4.4 C1,3.8 2,3.5 3,3.5 C4.8,3.5 6,4.8 6,6.7 C6,8.7 4.8,10 3,10 C1.4,10 0.4,9.3 0,8.2"),
        ['6'] = Letter(
            "M5.5,1.2 C5,0.4 4.2,0 3.2,0 C1,0 0,2.2 0,5.6 C0,8.4 1,10 3,10 C4.8,10 6,8.8 6,6.8 C6,5 4.8,3.8 3.1,3.8 C1.4,3.8 0.2,4.9 0,6.5"
        ),
        ['7'] = Letter("M0,0 L6,0 L2,10"),
        ['8'] = Letter(
            "M3,0 C1.4,0 0.4,0.9 0.4,2.3 C0.4,3.8 1.6,4.4 3,4.7 C4.8,5.1 6,5.9 6,7.5 C6,9 4.8,10 3,10 C1.2,10 0,9 0,7.5 "
                + "C0,5.9 1.2,5.1 3,4.7 C4.4,4.4 5.6,3.8 5.6,2.3 C5.6,0.9 4.6,0 3,0 Z"
        ),
        ['9'] = Letter(
            "M0.5,8.8 C1,9.6 1.8,10 2.8,10 C5,10 6,7.8 6,4.4 C6,1.6 5,0 3,0 C1.2,0 0,1.2 0,3.2 C0,5 1.2,6.2 2.9,6.2 C4.6,6.2 5.8,5.1 6,3.5"
        ),
        ['#'] = Letter("M2.1,0 L1.1,10 M4.9,0 L3.9,10 M0.2,3.2 L6,3.2 M0,6.8 L5.8,6.8"),
        ['.'] = Letter("M0.8,9.6 L1.2,9.6 L1.2,10 L0.8,10 Z", 2),
        [' '] = Letter("", 3),
    };

    /// <summary>Width of a text whose digits have a given height in pixels.</summary>
    public static float Width(string text, float height) => Math.Max(0, text.Sum(letter => Of(letter).Width + Gap) - Gap) * height / Height;

    /// <summary>Draws a text: digits, <c>#</c>, <c>.</c> and spaces; anything else leaves a gap.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="text">What.</param>
    /// <param name="x">Its left edge.</param>
    /// <param name="y">The upper edge of the digits.</param>
    /// <param name="height">Height of the digits in pixels.</param>
    /// <param name="pen">Colour, and width in pixels.</param>
    public static void Draw(SKCanvas canvas, string text, float x, float y, float height, SKPaint pen)
    {
        var scale = height / Height;
        foreach (var letter in text)
        {
            var (path, width) = Of(letter);
            using var shape = new SKPath(path);
            shape.Transform(SKMatrix.CreateScaleTranslation(scale, scale, x, y));
            canvas.DrawPath(shape, pen);
            x += (width + Gap) * scale;
        }
    }

    private static (SKPath Path, float Width) Of(char letter) => s_letters.TryGetValue(letter, out var known) ? known : s_letters[' '];

    private static (SKPath Path, float Width) Letter(string strokes, float width = 6) => (SKPath.ParseSvgPathData(strokes), width);
}
