using FaceLandmark.Faces;

namespace FaceLandmark.Locate;

/// <summary>
/// How far the region of a face is turned with the head. Up to 20 degrees not at all: the network was trained on heads that tilt so far.
/// Beyond, the region follows in steps, since each change of the region changes what the network answers.
/// </summary>
internal struct HeadTurn
{
    private const float TurnBeyond = 20;
    private const float UprightBelow = 15;
    private const float Step = 5;
    private const int Points = 98;

    /// <summary>Clockwise, -180 to 180.</summary>
    public float Degrees { get; private set; }

    /// <summary>The region around the face whose landmarks these are, for a face that was never seen before.</summary>
    /// <param name="box">The landmarks' box.</param>
    /// <param name="points">x0 y0 x1 y1 ...</param>
    public static Region Around(in Box box, ReadOnlySpan<float> points)
    {
        HeadTurn turn = default;
        var (x, y, side) = turn.Place(box, points);
        return Region.Around(x, y, side, turn.Degrees);
    }

    /// <summary>
    /// Looks at the landmarks of a frame. Returns the middle and the longer side of their box, which is turned where the region is.
    /// </summary>
    /// <param name="box">The landmarks' box.</param>
    /// <param name="points">x0 y0 x1 y1 ...</param>
    public (float X, float Y, float Side) Place(in Box box, ReadOnlySpan<float> points) =>
        Follow(points) ? Square(points) : (box.X + (box.Width / 2), box.Y + (box.Height / 2), Math.Max(box.Width, box.Height));

    // Only the landmarks of WFLW tell the tilt of the head. True: the region is turned.
    private bool Follow(ReadOnlySpan<float> points)
    {
        if (points.Length != 2 * Points)
            return false;
        float x = 0,
            y = 0;
        for (var i = 60; i < 68; i++) // from the left eye to the right one
            (x, y) = (x + points[2 * (i + 8)] - points[2 * i], y + points[(2 * (i + 8)) + 1] - points[(2 * i) + 1]);
        var roll = MathF.Atan2(y, x) * 180 / MathF.PI;
        if (MathF.Abs(roll) < UprightBelow || (Degrees == 0 && !(MathF.Abs(roll) > TurnBeyond)))
            Degrees = 0;
        else if (MathF.Abs(MathF.IEEERemainder(roll - Degrees, 360)) > Step)
            Degrees = Step * MathF.Round(roll / Step);
        return Degrees != 0;
    }

    // The middle and the longer side of the box of points that stands as the region does.
    private readonly (float X, float Y, float Side) Square(ReadOnlySpan<float> points)
    {
        var (sin, cos) = MathF.SinCos(Degrees * MathF.PI / 180);
        float left = float.MaxValue,
            right = float.MinValue,
            top = float.MaxValue,
            bottom = float.MinValue;
        for (var i = 0; i + 1 < points.Length; i += 2)
        {
            var (u, v) = ((cos * points[i]) + (sin * points[i + 1]), (cos * points[i + 1]) - (sin * points[i]));
            (left, right, top, bottom) = (MathF.Min(left, u), MathF.Max(right, u), MathF.Min(top, v), MathF.Max(bottom, v));
        }

        var (middleU, middleV) = ((left + right) / 2, (top + bottom) / 2);
        return ((cos * middleU) - (sin * middleV), (sin * middleU) + (cos * middleV), MathF.Max(right - left, bottom - top));
    }
}
