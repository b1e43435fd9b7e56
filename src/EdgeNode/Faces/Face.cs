namespace FaceLandmark.Faces;

/// <summary>One face of one frame: filled step by step, reused from frame to frame.</summary>
internal sealed class Face(int landmarks)
{
    /// <summary>Where it was looked for.</summary>
    public FaceCandidate Candidate
    {
        get;
        set => (field, Region) = (value, value.Region);
    }

    /// <summary>What the network saw: the candidate's region, or after a first look the one that its points placed.</summary>
    public Region Region { get; set; }

    /// <summary>x0 y0 x1 y1 ... in pixels of the frame.</summary>
    public float[] Points { get; } = new float[2 * landmarks];

    /// <summary>Confidence that the points lie on a face, 0 to 1.</summary>
    public float Score { get; set; }

    /// <summary>True when <see cref="Score"/> reaches <c>Postprocess:MinPresence</c> and all points are finite.</summary>
    public bool IsPresent { get; set; }

    /// <summary>Box of the points, pixels of the frame.</summary>
    public Box Box { get; set; }

    /// <summary>Direction of the head.</summary>
    public HeadPose Pose { get; set; }

    /// <summary>Openness of the eye on the picture's left side (points 60-67): 0 closed, 1 wide open.</summary>
    public float LeftEye { get; set; }

    /// <summary>Openness of the eye on the picture's right side (points 68-75): 0 closed, 1 wide open.</summary>
    public float RightEye { get; set; }

    /// <summary>Openness of the mouth: 0 closed, 1 as wide open as mouths go.</summary>
    public float Mouth { get; set; }
}
