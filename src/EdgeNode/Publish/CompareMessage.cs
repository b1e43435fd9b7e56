using FaceLandmark.Inference;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;
using FaceLandmark.Postprocess;

namespace FaceLandmark.Publish;

/// <summary>
/// The topic <c>compare</c>: how far two engines' landmarks for the same frame are apart, for each face and over a window. Distances
/// are pixels of the frame, and % of the distance between the outer eye corners.
/// </summary>
internal sealed record CompareMessage(
    string Schema,
    string Node,
    string Camera,
    string Session,
    long Seq,
    string CapturedAt,
    IReadOnlyList<CompareMessage.Side> Engines,
    IReadOnlyList<CompareMessage.Distances> Faces,
    CompareMessage.Sum Window
)
{
    /// <summary>The message about a frame.</summary>
    /// <param name="work">The first engine's result, with the second one's as <see cref="FrameWork.Twin"/>.</param>
    /// <param name="window">The figures over the last faces, this frame's included.</param>
    /// <param name="node">Name of the node.</param>
    public static CompareMessage Of(FrameWork work, CompareWindow window, string node)
    {
        var isEmpty = window.Faces == 0;
        return new CompareMessage(
            MessageSchemas.Compare,
            node,
            work.Camera.Name,
            work.Camera.Session,
            work.Sequence,
            MessageJson.ToIsoTime(work.CapturedAt),
            [Side.Of(work), Side.Of(work.Twin!)],
            [
                .. Enumerable
                    .Range(0, work.FaceCount)
                    .Where(i => double.IsFinite(work.Agreements[i].MeanPercent))
                    .Select(i => Distances.Of(work.Faces[i].Candidate.Id, work.Agreements[i])),
            ],
            new Sum(
                window.Faces,
                isEmpty ? null : Rounded(window.MeanPx),
                isEmpty ? null : Rounded(window.MaxPx),
                isEmpty ? null : Rounded(window.MeanPercent),
                isEmpty ? null : Rounded(window.MaxPercent)
            )
        );
    }

    /// <summary>As JSON.</summary>
    public byte[] ToBytes() => MessageJson.ToBytes(this, PublishJson.Default.CompareMessage);

    private static double Rounded(double value) => Math.Round(value, 4);

    /// <summary>One of the two engines; its inference in milliseconds.</summary>
    public sealed record Side(string Engine, DeviceInfo Device, string Model, double Inference)
    {
        internal static Side Of(FrameWork work) =>
            new(work.Engine.Name, work.Engine.Device, work.Engine.Model.Name, Math.Round(work.Times.Inference, 3));
    }

    /// <summary>How far the points of a face are apart.</summary>
    public readonly record struct Distances(int Id, double MeanPx, double MaxPx, double MeanPercent, double MaxPercent)
    {
        internal static Distances Of(int id, FaceAgreement face) =>
            new(id, Rounded(face.MeanPx), Rounded(face.MaxPx), Rounded(face.MeanPercent), Rounded(face.MaxPercent));
    }

    /// <summary>How far they are apart over the last faces; distances only where there was a face.</summary>
    public readonly record struct Sum(int Faces, double? MeanPx, double? MaxPx, double? MeanPercent, double? MaxPercent);
}
