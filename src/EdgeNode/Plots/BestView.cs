using FaceLandmark.Faces;

namespace FaceLandmark.Plots;

/// <summary>A frame that shows a face, and how well.</summary>
/// <param name="Sequence">Number of the frame.</param>
/// <param name="Box">Where the face is.</param>
/// <param name="Size">Width and height of the frame; 0 where they are not recorded.</param>
/// <param name="Worth">More for a large face that looks into the camera; 0: not at all.</param>
internal readonly record struct BestView(long Sequence, Box Box, (int Width, int Height) Size, double Worth)
{
    private const double Side = 90;

    /// <summary>How a frame shows a face.</summary>
    public static BestView Of(SeenFace face, SeenFrame frame)
    {
        var frontal = double.IsFinite(face.Pose.Yaw + face.Pose.Pitch)
            ? Math.Max(0.05, 1 - ((Math.Abs(face.Pose.Yaw) + Math.Abs(face.Pose.Pitch)) / Side))
            : 0.05;
        var area = Math.Sqrt(Math.Max(0, face.Box.Width * face.Box.Height));
        var worth = area * frontal * (double.IsFinite(face.Score) ? face.Score : 1);
        return new BestView(frame.Sequence, face.Box, frame.Size, double.IsFinite(worth) ? worth : 0);
    }
}
