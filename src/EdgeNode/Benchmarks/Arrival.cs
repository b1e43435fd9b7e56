using System.Text.Json;

namespace FaceLandmark.Benchmarks;

/// <summary>A landmarks message at the subscriber.</summary>
/// <param name="CapturedNs">When its frame was captured, nanoseconds of the system's monotonic clock.</param>
/// <param name="ArrivedNs">When the subscriber had it.</param>
/// <param name="QueueMs">Milliseconds of waiting that it tells of.</param>
/// <param name="InferenceMs">Milliseconds of inference that it tells of.</param>
/// <param name="Faces">Faces in it.</param>
internal readonly record struct Arrival(long CapturedNs, long ArrivedNs, double QueueMs, double InferenceMs, int Faces)
{
    /// <summary>Milliseconds from capture to subscriber.</summary>
    public double EndToEndMs => (ArrivedNs - CapturedNs) / 1e6;

    /// <summary>Reads a message.</summary>
    public static Arrival Of(byte[] payload, long arrivedNs)
    {
        using var message = JsonDocument.Parse(payload);
        var root = message.RootElement;
        var timing = root.GetProperty("timing");
        return new Arrival(
            root.GetProperty("monotonicNs").GetInt64(),
            arrivedNs,
            timing.GetProperty("queue").GetDouble(),
            timing.GetProperty("inference").GetDouble(),
            root.GetProperty("faces").GetArrayLength()
        );
    }
}
