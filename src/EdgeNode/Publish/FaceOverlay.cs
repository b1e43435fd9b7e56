using System.Globalization;
using FaceLandmark.Faces;
using SkiaSharp;

namespace FaceLandmark.Publish;

/// <summary>Draws faces into a picture: contours of the 98 WFLW points, the points, a box with the face's number and score.</summary>
internal static class FaceOverlay
{
    private const int Wflw = 98;
    private const int FirstPupil = 96;

    // Pixels of a face: up to the first its points would hide it, so they are not seen; from the second on they are seen in full. Between
    // the two they become clearer with every part of a pixel, so that a film of a face of that size does not flicker.
    private const float BarePoints = 45;
    private const float FullPoints = 95;
    private const int LetterHeight = 21; // pixels of a label at its largest

    private static readonly SKColor s_contour = new(64, 196, 255);
    private static readonly SKColor s_brow = new(255, 171, 64);
    private static readonly SKColor s_nose = new(178, 255, 89);
    private static readonly SKColor s_eye = new(24, 255, 255);
    private static readonly SKColor s_lips = new(255, 82, 130);
    private static readonly SKColor s_point = new(255, 255, 255);
    private static readonly SKColor s_box = new(255, 214, 0);
    private static readonly SKColor s_text = new(24, 24, 24);
    private static readonly SKColor s_right = new(244, 67, 54);
    private static readonly SKColor s_down = new(76, 175, 80);
    private static readonly SKColor s_look = new(41, 98, 255);

    private static readonly (int First, int Last, bool Closed, SKColor Colour)[] s_lines =
    [
        (0, 32, false, s_contour),
        (33, 41, true, s_brow),
        (42, 50, true, s_brow),
        (51, 54, false, s_nose),
        (55, 59, false, s_nose),
        (60, 67, true, s_eye),
        (68, 75, true, s_eye),
        (76, 87, true, s_lips),
        (88, 95, true, s_lips),
    ];

    /// <summary>Draws the faces that are present.</summary>
    /// <param name="canvas">The picture; what lies outside is cut off.</param>
    /// <param name="picture">Its size in pixels.</param>
    /// <param name="faces">Faces in pixels of the original frame.</param>
    /// <param name="scale">Pixels of the picture for one of the frame.</param>
    /// <param name="withPose">Whether each head's axes are drawn, too: red to the picture's right, green down, blue where the face looks.
    /// </param>
    public static void Draw(SKCanvas canvas, SKSizeI picture, ReadOnlySpan<Face> faces, float scale = 1, bool withPose = false)
    {
        ArgumentNullException.ThrowIfNull(canvas);
        using var pen = new SKPaint
        {
            IsAntialias = true,
            StrokeCap = SKStrokeCap.Round,
            StrokeJoin = SKStrokeJoin.Round,
        };
        canvas.Save();
        canvas.Translate(0.5f, 0.5f); // a point's whole numbers are the middles of pixels, Skia's their corners
        foreach (var face in faces)
            if (face.IsPresent)
            {
                Draw(canvas, picture, face, scale, pen);
                if (withPose)
                    DrawPose(canvas, face, scale, pen);
            }

        canvas.Restore();
    }

    // From the middle of the face, half as long as the face; what points into the camera is short.
    private static void DrawPose(SKCanvas canvas, Face face, float scale, SKPaint pen)
    {
        var axes = HeadAxes.Of(face.Pose);
        var size = scale * Math.Max(face.Box.Width, face.Box.Height);
        var middle = new SKPoint(scale * (face.Box.X + (face.Box.Width / 2)), scale * (face.Box.Y + (face.Box.Height / 2)));
        (pen.Style, pen.StrokeWidth) = (SKPaintStyle.Stroke, Math.Max(2, size / 70));
        Axis(axes.Right, 1, s_right);
        Axis(axes.Down, 1, s_down);
        Axis(axes.Away, -1, s_look);

        void Axis((double X, double Y, double Z) axis, int sign, SKColor colour)
        {
            pen.Color = colour;
            canvas.DrawLine(middle, middle + new SKPoint((float)(sign * axis.X * size / 2), (float)(sign * axis.Y * size / 2)), pen);
        }
    }

    private static void Draw(SKCanvas canvas, SKSizeI picture, Face face, float scale, SKPaint pen)
    {
        var size = scale * Math.Max(face.Box.Width, face.Box.Height);
        var thickness = Math.Max(1, size / 200);
        var points = new SKPoint[face.Points.Length / 2];
        for (var i = 0; i < points.Length; i++)
            points[i] = new SKPoint(face.Points[2 * i] * scale, face.Points[(2 * i) + 1] * scale);
        (pen.Style, pen.StrokeWidth) = (SKPaintStyle.Stroke, thickness);
        if (points.Length == Wflw)
            foreach (var (first, last, closed, colour) in s_lines)
            {
                using var builder = new SKPathBuilder();
                builder.AddPoly(points[first..(last + 1)], closed);
                using var line = builder.Detach();
                pen.Color = colour;
                canvas.DrawPath(line, pen);
            }

        // The points of a very small face would hide it; its contours and pupils are enough.
        pen.Style = SKPaintStyle.Fill;
        var radius = Math.Max(0.8f, size / 200) + 0.5f; // as large as the pixels that it touches
        var clear = points.Length == Wflw ? Math.Clamp((size - BarePoints) / (FullPoints - BarePoints), 0, 1) : 1;
        for (var i = clear > 0 ? 0 : FirstPupil; i < points.Length; i++)
        {
            pen.Color = i >= FirstPupil ? s_eye : s_point.WithAlpha((byte)MathF.Round(255 * clear));
            canvas.DrawCircle(points[i], i >= FirstPupil ? 2 * radius : radius, pen);
        }

        DrawBox(canvas, picture, face, scale, thickness, pen);
    }

    private static void DrawBox(SKCanvas canvas, SKSizeI picture, Face face, float scale, float thickness, SKPaint pen)
    {
        // A little room, so that the box does not cover the contour it is the hull of.
        var margin = 0.04f * Math.Max(face.Box.Width, face.Box.Height);
        var (left, top) = (scale * (face.Box.X - margin), scale * (face.Box.Y - margin));
        var (right, bottom) = (scale * (face.Box.X + face.Box.Width + margin), scale * (face.Box.Y + face.Box.Height + margin));
        (pen.Style, pen.StrokeWidth, pen.Color) = (SKPaintStyle.Stroke, thickness, s_box);
        canvas.DrawRect(new SKRect(left, top, right, bottom), pen);

        var label = string.Create(CultureInfo.InvariantCulture, $"#{face.Candidate.Id} {face.Score:0.00}");
        var part = Math.Clamp(scale * face.Box.Height / 400, 0.35f, 1);
        var height = LetterHeight * part;
        var pad = MathF.Round(Math.Max(3, height / 3));
        var (width, tall) = (MathF.Ceiling(StrokeText.Width(label, height)) + (2 * pad), MathF.Ceiling(height) + (2 * pad));

        // Above the box where there is room, else within the picture.
        var x = MathF.Round(Math.Clamp(left, 0, Math.Max(0, picture.Width - width))) - 0.5f;
        var y = MathF.Round(Math.Clamp(top - tall, 0, Math.Max(0, picture.Height - tall))) - 0.5f;
        pen.Style = SKPaintStyle.Fill;
        canvas.DrawRect(new SKRect(x, y, x + width, y + tall), pen);
        (pen.Style, pen.StrokeWidth, pen.Color) = (SKPaintStyle.Stroke, Math.Max(1.25f, 2 * part), s_text);
        StrokeText.Draw(canvas, label, x + pad, y + pad, height, pen);
    }
}
