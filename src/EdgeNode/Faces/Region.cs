namespace FaceLandmark.Faces;

/// <summary>
/// A square of the frame in whole pixels that is handed to the landmark network. It may reach beyond the frame; what lies outside is
/// black. A landmark's fraction f of the region is the frame coordinate <c>X + f * Width</c>, turned with the region.
/// </summary>
/// <param name="X">Left edge before it is turned, pixels of the frame.</param>
/// <param name="Y">Top edge before it is turned, pixels of the frame.</param>
/// <param name="Width">Width in pixels, at least 1. Equal to <paramref name="Height"/> except for a whole frame.</param>
/// <param name="Height">Height in pixels, at least 1.</param>
/// <param name="Degrees">How far it is turned about its middle, clockwise, to stand as the head does; -180 to 180.</param>
internal readonly record struct Region(int X, int Y, int Width, int Height, float Degrees = 0)
{
    /// <summary>Side of the region over the longer side of the box of points: what the network was trained on (as MMPose).</summary>
    public const float Enlargement = 1.25f;

    /// <summary>The square around a box, <see cref="Enlargement"/> times its longer side.</summary>
    public static Region Around(in Box box) =>
        Around(box.X + (box.Width / 2), box.Y + (box.Height / 2), Math.Max(box.Width, box.Height), 0);

    /// <summary>The square around a middle, <see cref="Enlargement"/> times a side, turned.</summary>
    public static Region Around(float x, float y, float longerSide, float degrees)
    {
        var side = Math.Max(1, (int)MathF.Round(Enlargement * longerSide));
        return new Region((int)MathF.Round(x - (side / 2f)), (int)MathF.Round(y - (side / 2f)), side, side, degrees);
    }
}
