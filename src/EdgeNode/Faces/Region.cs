namespace FaceLandmark.Faces;

/// <summary>
/// A square of the frame in whole pixels that is handed to the landmark network. It may reach beyond the frame; what lies outside is
/// black. A landmark's fraction f of the region is the frame coordinate <c>X + f * Width</c>.
/// </summary>
/// <param name="X">Left edge, pixels of the frame.</param>
/// <param name="Y">Top edge, pixels of the frame.</param>
/// <param name="Width">Width in pixels, at least 1. Equal to <paramref name="Height"/> except for a whole frame.</param>
/// <param name="Height">Height in pixels, at least 1.</param>
public readonly record struct Region(int X, int Y, int Width, int Height)
{
    /// <summary>Side of the region over the longer side of the box of points: what the network was trained on (as MMPose).</summary>
    public const float Enlargement = 1.25f;

    /// <summary>The square around a box, <see cref="Enlargement"/> times its longer side.</summary>
    public static Region Around(in Box box)
    {
        var side = Math.Max(1, (int)MathF.Round(Enlargement * Math.Max(box.Width, box.Height)));
        return new Region((int)MathF.Round(box.X + ((box.Width - side) / 2)), (int)MathF.Round(box.Y + ((box.Height - side) / 2)), side, side);
    }
}
