namespace FaceLandmark.Publish;

/// <summary>Identifiers of the JSON messages: the value of their first field. Within a version fields are only added.</summary>
public static class MessageSchemas
{
    /// <summary>Topic <c>info</c>.</summary>
    public const string Info = "facelandmark/info/1";

    /// <summary>Topic <c>stats</c>.</summary>
    public const string Stats = "facelandmark/stats/1";

    /// <summary>Topic <c>cameras/&lt;cam&gt;/state</c>.</summary>
    public const string CameraState = "facelandmark/camera-state/1";

    /// <summary>Topic <c>cameras/&lt;cam&gt;/landmarks</c>.</summary>
    public const string Landmarks = "facelandmark/landmarks/1";

    /// <summary>Topic <c>compare</c>.</summary>
    public const string Compare = "facelandmark/compare/1";
}
