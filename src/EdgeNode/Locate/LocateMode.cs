namespace FaceLandmark.Locate;

/// <summary>How faces are found.</summary>
internal enum LocateMode
{
    /// <summary>The detector finds faces, the landmarks of one frame place the region of the next.</summary>
    Track,

    /// <summary>The detector runs on every frame.</summary>
    Detect,

    /// <summary>The whole frame is the one region: the behaviour of the original application.</summary>
    FullFrame,
}
