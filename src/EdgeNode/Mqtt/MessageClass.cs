using FaceLandmark.Diagnostics;

namespace FaceLandmark.Mqtt;

/// <summary>What kind of message waits for the broker. Each kind has a queue of its own and a fair share of the connection.</summary>
internal enum MessageClass
{
    /// <summary>Figures and log lines.</summary>
    Report,

    /// <summary>Landmarks, and comparisons of them.</summary>
    Landmarks,

    /// <summary>Answers to commands.</summary>
    Answer,

    /// <summary>What happens to faces.</summary>
    Event,

    /// <summary>Pictures: few, but a hundred times as large.</summary>
    Preview,
}

/// <summary>What goes with each kind.</summary>
internal static class MessageClasses
{
    /// <summary>Where its drops are counted; see <see cref="Diagnostics.DropPlace"/>.</summary>
    public static DropPlace DropPlace(this MessageClass kind) =>
        kind switch
        {
            MessageClass.Event => Diagnostics.DropPlace.Events,
            MessageClass.Preview => Diagnostics.DropPlace.Preview,
            _ => Diagnostics.DropPlace.Publish,
        };

    /// <summary>
    /// Its part of the connection's bytes, while there are more to send than go through; retained state and the outbox have 4.
    /// </summary>
    public static int Weight(this MessageClass kind) =>
        kind switch
        {
            MessageClass.Preview => 1,
            MessageClass.Report => 2,
            _ => 4,
        };
}
