using System.Globalization;
using FaceLandmark.Platform;

namespace FaceLandmark.Capture;

/// <summary>A source cannot be opened or read. The message is a sentence for people: what, where, what to do.</summary>
internal sealed class SourceException : ExplainedException
{
    /// <summary>A failure that may pass (an unplugged camera): live sources are opened again.</summary>
    public SourceException(string message, CameraCondition condition = CameraCondition.Failed, Exception? inner = null)
        : base(message, inner) => Condition = condition;

    /// <summary>The error for a live source that is open and delivers nothing.</summary>
    internal static string Silence(string source, TimeSpan patience) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"'{source}' has delivered nothing for {patience.TotalSeconds:0.#} s; check its cable or connection."
        );

    /// <summary>True: what is configured for the source is wrong, and opening it again does not help.</summary>
    public bool IsOfSettings { get; init; }

    /// <summary>
    /// The state a camera shows because of it: <see cref="CameraCondition.Failed"/>, <see cref="CameraCondition.Unplugged"/> or
    /// <see cref="CameraCondition.Stalled"/>.
    /// </summary>
    public CameraCondition Condition { get; }
}
