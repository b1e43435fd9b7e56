namespace FaceLandmark.Publish;

/// <summary>What of the cameras' pictures may leave the node, in previews and snapshots alike.</summary>
internal enum PicturePrivacy
{
    /// <summary>The pictures as they are.</summary>
    On,

    /// <summary>No picture.</summary>
    Off,

    /// <summary>The pictures, with every face that was found blurred.</summary>
    Blur,

    /// <summary>The points of the faces on black, and nothing of the pictures.</summary>
    Points,
}
