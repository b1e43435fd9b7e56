namespace FaceLandmark.Mqtt;

/// <summary>Identifiers of the JSON messages: the value of their first field. Within a version fields are only added.</summary>
internal static class MessageSchemas
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

    /// <summary>Topic <c>cameras/&lt;cam&gt;/summary</c>.</summary>
    public const string Summary = "facelandmark/summary/1";

    /// <summary>Topic <c>cameras/&lt;cam&gt;/events</c>.</summary>
    public const string Event = "facelandmark/event/1";

    /// <summary>Topic <c>log</c>.</summary>
    public const string Log = "facelandmark/log/1";

    /// <summary>Topics <c>response/&lt;verb&gt;</c>.</summary>
    public const string Response = "facelandmark/response/1";
}
