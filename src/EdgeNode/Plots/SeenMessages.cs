using System.Text.Json;
using FaceLandmark.Faces;

namespace FaceLandmark.Plots;

/// <summary>Recorded payloads read as what they say; whatever cannot be understood is null.</summary>
internal static class SeenMessages
{
    // In CBOR lengths are whole hundredths of a pixel.
    private const double Hundredth = 0.01;

    /// <summary>A landmarks message.</summary>
    /// <param name="payload">Its bytes: JSON or CBOR.</param>
    /// <param name="at">When it came.</param>
    /// <param name="camera">Topic of the camera.</param>
    public static SeenFrame? Landmarks(ReadOnlyMemory<byte> payload, DateTimeOffset at, string camera)
    {
        try
        {
            return FrameOf(payload, at, camera);
        }
        catch (InvalidOperationException) // half a character of UTF-16, which JSON can hold and .NET cannot
        {
            return null;
        }
    }

    /// <summary>An event message.</summary>
    /// <param name="payload">Its bytes: JSON.</param>
    /// <param name="at">When it came.</param>
    /// <param name="camera">Topic of the camera.</param>
    public static SeenEvent? Event(ReadOnlyMemory<byte> payload, DateTimeOffset at, string camera)
    {
        try
        {
            return EventOf(payload, at, camera);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static SeenFrame? FrameOf(ReadOnlyMemory<byte> payload, DateTimeOffset at, string camera)
    {
        var isJson = payload.Length > 0 && payload.Span[0] == '{';
        if ((isJson ? payload : CborJson.Of(payload)) is not { } json)
            return null;
        using var document = Parse(json);
        if (
            document is null
            || !Member(document.RootElement, "seq", JsonValueKind.Number, out var number)
            || !number.TryGetInt64(out var sequence)
            || !Member(document.RootElement, "faces", JsonValueKind.Array, out var faces)
        )
            return null;
        var root = document.RootElement;
        var seen = new List<SeenFace>(faces.GetArrayLength());
        foreach (var face in faces.EnumerateArray())
        {
            if (FaceOf(face, isJson ? 1 : Hundredth) is not { } one)
                return null;
            seen.Add(one);
        }

        Member(root, "frame", JsonValueKind.Object, out var size);
        Member(root, "timing", JsonValueKind.Object, out var timing);
        return new SeenFrame(
            at,
            camera,
            Text(root, "session") ?? "",
            sequence,
            ((int)Math.Clamp(Number(size, "width") ?? 0, 0, 100_000), (int)Math.Clamp(Number(size, "height") ?? 0, 0, 100_000)),
            Text(root, "engine") ?? "",
            Number(timing, "total"),
            (long)Math.Clamp(Number(root, "dropped") ?? 0, 0, 1e15),
            seen
        );
    }

    private static SeenEvent? EventOf(ReadOnlyMemory<byte> payload, DateTimeOffset at, string camera)
    {
        using var document = Parse(payload);
        return document is not null
            && Text(document.RootElement, "event") is { } kind
            && Number(document.RootElement, "face") is { } face and >= int.MinValue and <= int.MaxValue
            ? new SeenEvent(
                at,
                camera,
                Text(document.RootElement, "session") ?? "",
                kind,
                (int)face,
                Number(document.RootElement, "seconds")
            )
            : null;
    }

    private static SeenFace? FaceOf(JsonElement face, double unit)
    {
        if (Number(face, "id") is not { } id || id is < int.MinValue or > int.MaxValue)
            return null;
        var box = Numbers(face, "box", unit);
        Member(face, "pose", JsonValueKind.Object, out var pose);
        Member(face, "eyes", JsonValueKind.Object, out var eyes);
        Member(face, "mouth", JsonValueKind.Object, out var mouth);
        return new SeenFace(
            (int)id,
            Number(face, "score") ?? double.NaN,
            box.Length == 4 ? new Box(box[0], box[1], Math.Max(0, box[2]), Math.Max(0, box[3])) : default,
            new HeadPose(Angle(pose, "yaw"), Angle(pose, "pitch"), Angle(pose, "roll")),
            Number(eyes, "left") ?? double.NaN,
            Number(eyes, "right") ?? double.NaN,
            Number(mouth, "open") ?? double.NaN,
            Numbers(face, "points", unit)
        );
    }

    private static float Angle(JsonElement pose, string name) => (float)(Number(pose, name) ?? double.NaN);

    // Pairs, or one after the other.
    private static float[] Numbers(JsonElement element, string name, double unit)
    {
        if (!Member(element, name, JsonValueKind.Array, out var array))
            return [];
        var numbers = new List<float>(2 * array.GetArrayLength());
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Array)
            {
                foreach (var inner in item.EnumerateArray())
                    Add(inner);
            }
            else
            {
                Add(item);
            }
        }

        return [.. numbers];

        void Add(JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number))
                numbers.Add((float)(unit * number));
        }
    }

    private static double? Number(JsonElement element, string name) =>
        Member(element, name, JsonValueKind.Number, out var found) && found.TryGetDouble(out var value) && double.IsFinite(value)
            ? value
            : null;

    private static string? Text(JsonElement element, string name) =>
        Member(element, name, JsonValueKind.String, out var found) ? found.GetString() : null;

    private static bool Member(JsonElement element, string name, JsonValueKind kind, out JsonElement found)
    {
        found = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out found) && found.ValueKind == kind;
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
