using System.Text;
using FaceLandmark.Inference;
using FaceLandmark.Postprocess;
using FaceLandmark.Publish;

namespace FaceLandmark.Tests.Publish;

public sealed class CompareMessageTests
{
    [Fact]
    public void Each_compared_face_and_the_window_have_their_distances()
    {
        var work = Samples.Work();
        work.Twin = Samples.Work();
        work.Twin.Engine = Samples.Engine with { Name = "drpai", Device = new DeviceInfo("DRP-AI", true) };
        work.Faces[0].Candidate = work.Faces[0].Candidate with { Id = 7 };
        work.Agreements[0] = new FaceAgreement(0.125, 0.5, 50);
        work.Agreements[1] = FaceAgreement.None;
        var window = new CompareWindow();
        window.Add(new FaceAgreement(0.375, 1, 50));
        window.Add(work.Agreements[0]);
        window.Measure();
        Assert.Equal(
            """
            {"schema":"facelandmark/compare/1","node":"node7","camera":"cam0","session":"s1","seq":42,
            "capturedAt":"2026-05-04T03:02:01.123456700Z",
            "engines":[{"engine":"onnx","device":{"name":"CPU","emulated":false},"model":"deeppose-resnet18","inference":25.25},
            {"engine":"drpai","device":{"name":"DRP-AI","emulated":true},"model":"deeppose-resnet18","inference":25.25}],
            "faces":[{"id":7,"meanPx":0.125,"maxPx":0.5,"meanPercent":0.25,"maxPercent":1}],
            "window":{"faces":2,"meanPx":0.25,"maxPx":1,"meanPercent":0.5,"maxPercent":2}}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(CompareMessage.Of(work, window, "node7").ToBytes())
        );
    }

    [Fact]
    public void A_window_without_faces_has_no_distances()
    {
        var work = Samples.Work();
        work.Twin = Samples.Work();
        (work.Agreements[0], work.Agreements[1]) = (FaceAgreement.None, FaceAgreement.None);
        var text = Encoding.UTF8.GetString(CompareMessage.Of(work, new CompareWindow(), "node7").ToBytes());
        Assert.EndsWith(
            """
            "faces":[],"window":{"faces":0}}
            """,
            text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_window_forgets_the_oldest_face()
    {
        var window = new CompareWindow();
        window.Add(new FaceAgreement(9, 9, 50));
        for (var i = 0; i < CompareWindow.Size; i++)
            window.Add(new FaceAgreement(1, 2, 50));
        window.Measure();
        Assert.Equal((CompareWindow.Size, 1.0, 2.0), (window.Faces, window.MeanPx, window.MaxPx));
    }
}
