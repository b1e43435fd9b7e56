using System.Globalization;
using FaceLandmark.Faces;
using OpenCvSharp;

namespace FaceLandmark.Publish;

/// <summary>Draws faces into a picture: contours of the 98 WFLW points, the points, a box with the face's number and score.</summary>
internal static class FaceOverlay
{
    private const int Wflw = 98;
    private const int SmallFace = 70;

    // Coordinates in sixteenths of a pixel keep thin lines where the points are.
    private const int Shift = 4;
    private const int One = 1 << Shift;

    private static readonly Scalar s_contour = Rgb(64, 196, 255);
    private static readonly Scalar s_brow = Rgb(255, 171, 64);
    private static readonly Scalar s_nose = Rgb(178, 255, 89);
    private static readonly Scalar s_eye = Rgb(24, 255, 255);
    private static readonly Scalar s_lips = Rgb(255, 82, 130);
    private static readonly Scalar s_point = Rgb(255, 255, 255);
    private static readonly Scalar s_box = Rgb(255, 214, 0);
    private static readonly Scalar s_text = Rgb(24, 24, 24);

    private static readonly (int First, int Last, bool Closed, Scalar Colour)[] s_lines =
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
    /// <param name="bgr">The picture, 8 bit, 3 channels; what lies outside is cut off.</param>
    /// <param name="faces">Faces in pixels of the original frame.</param>
    /// <param name="scale">Pixels of the picture for one of the frame.</param>
    public static void Draw(Mat bgr, ReadOnlySpan<Face> faces, float scale = 1)
    {
        ArgumentNullException.ThrowIfNull(bgr);
        foreach (var face in faces)
            if (face.IsPresent)
                Draw(bgr, face, scale);
    }

    private static void Draw(Mat bgr, Face face, float scale)
    {
        var size = scale * Math.Max(face.Box.Width, face.Box.Height);
        var thickness = Math.Max(1, (int)MathF.Round(size / 200));
        var points = new Point[face.Points.Length / 2];
        for (var i = 0; i < points.Length; i++)
            points[i] = At(face.Points[2 * i], face.Points[(2 * i) + 1], scale);
        if (points.Length == Wflw)
            foreach (var (first, last, closed, colour) in s_lines)
                Cv2.Polylines(bgr, [points[first..(last + 1)]], closed, colour, thickness, LineTypes.AntiAlias, Shift);
        var radius = (int)(One * Math.Max(0.8f, size / 200));

        // The points of a very small face would hide it; its contours are enough.
        for (var i = points.Length == Wflw && size < SmallFace ? 96 : 0; i < points.Length; i++)
            Cv2.Circle(bgr, points[i], i >= 96 ? 2 * radius : radius, i >= 96 ? s_eye : s_point, -1, LineTypes.AntiAlias, Shift);
        DrawBox(bgr, face, scale, thickness);
    }

    private static void DrawBox(Mat bgr, Face face, float scale, int thickness)
    {
        // A little room, so that the box does not cover the contour it is the hull of.
        var margin = 0.04f * Math.Max(face.Box.Width, face.Box.Height);
        var (left, top) = (face.Box.X - margin, face.Box.Y - margin);
        var (right, bottom) = (face.Box.X + face.Box.Width + margin, face.Box.Y + face.Box.Height + margin);
        Cv2.Rectangle(bgr, At(left, top, scale), At(right, bottom, scale), s_box, thickness, LineTypes.AntiAlias, Shift);

        var label = string.Create(CultureInfo.InvariantCulture, $"#{face.Candidate.Id} {face.Score:0.00}");
        var height = Math.Clamp(scale * face.Box.Height / 400, 0.35, 1);
        var stroke = Math.Max(1, (int)Math.Round(height));
        var text = Cv2.GetTextSize(label, HersheyFonts.HersheySimplex, height, stroke, out var below);
        var pad = Math.Max(2, text.Height / 3);
        var plate = new Rect(
            (int)(left * scale),
            (int)(top * scale) - text.Height - below - pad,
            text.Width + (2 * pad),
            text.Height + below + pad
        );

        // Above the box where there is room, else within the picture.
        plate.X = Math.Clamp(plate.X, 0, Math.Max(0, bgr.Width - plate.Width));
        plate.Y = Math.Clamp(plate.Y, 0, Math.Max(0, bgr.Height - plate.Height));
        Cv2.Rectangle(bgr, plate, s_box, -1);
        Cv2.PutText(
            bgr,
            label,
            new Point(plate.X + pad, plate.Y + text.Height + (pad / 2)),
            HersheyFonts.HersheySimplex,
            height,
            s_text,
            stroke,
            LineTypes.AntiAlias
        );
    }

    private static Point At(float x, float y, float scale) => new((int)MathF.Round(x * scale * One), (int)MathF.Round(y * scale * One));

    private static Scalar Rgb(int red, int green, int blue) => new(blue, green, red);
}
