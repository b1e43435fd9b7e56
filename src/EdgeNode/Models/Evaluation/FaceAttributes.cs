namespace FaceLandmark.Models.Evaluation;

/// <summary>The six attributes that WFLW gives to a face, in the order of its lists.</summary>
[Flags]
internal enum FaceAttributes
{
    /// <summary>None of them, or nobody looked.</summary>
    None = 0,

    /// <summary>The head is turned far.</summary>
    Pose = 1,

    /// <summary>The expression is exaggerated.</summary>
    Expression = 2,

    /// <summary>The light is extreme.</summary>
    Illumination = 4,

    /// <summary>The face is made up.</summary>
    MakeUp = 8,

    /// <summary>Part of the face is hidden.</summary>
    Occlusion = 16,

    /// <summary>The picture is blurred.</summary>
    Blur = 32,
}
