using FaceLandmark.Faces;
using FaceLandmark.Pipeline;

namespace FaceLandmark.Events;

/// <summary>What a camera sees, in short: the number of faces, and the largest of them.</summary>
/// <param name="Count">Faces present.</param>
/// <param name="Face">Number of the largest face.</param>
/// <param name="Yaw">Its direction, whole degrees.</param>
/// <param name="Pitch">Its direction, whole degrees.</param>
/// <param name="Roll">Its direction, whole degrees.</param>
/// <param name="LeftEyeOpen">Whether its eye on the picture's left is open.</param>
/// <param name="RightEyeOpen">Whether its eye on the picture's right is open.</param>
/// <param name="MouthOpen">Whether its mouth is wide open.</param>
/// <param name="Engine">What made the result; null before the first.</param>
internal readonly record struct Summary(
    int Count,
    int Face = 0,
    int Yaw = 0,
    int Pitch = 0,
    int Roll = 0,
    bool LeftEyeOpen = false,
    bool RightEyeOpen = false,
    bool MouthOpen = false,
    string? Engine = null
)
{
    /// <summary>The summary of a frame.</summary>
    public static Summary Of(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Face? largest = null;
        var count = 0;
        for (var i = 0; i < work.FaceCount; i++)
        {
            var face = work.Faces[i];
            if (!face.IsPresent)
                continue;
            count++;
            if (largest is null || face.Box.Width * face.Box.Height > largest.Box.Width * largest.Box.Height)
                largest = face;
        }

        return largest is null
            ? new Summary(0, Engine: work.Engine.Name)
            : new Summary(
                count,
                largest.Candidate.Id,
                (int)MathF.Round(largest.Pose.Yaw),
                (int)MathF.Round(largest.Pose.Pitch),
                (int)MathF.Round(largest.Pose.Roll),
                largest.LeftEye >= FollowedFace.ClosedEye,
                largest.RightEye >= FollowedFace.ClosedEye,
                largest.Mouth > FollowedFace.WideMouth,
                work.Engine.Name
            );
    }
}
