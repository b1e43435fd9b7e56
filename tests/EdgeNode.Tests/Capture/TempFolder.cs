using OpenCvSharp;

namespace FaceLandmark.Tests.Capture;

/// <summary>A folder of its own for one test, with the files a test of sources needs.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("capture-").FullName;

    public static string Demo => System.IO.Path.Combine(AppContext.BaseDirectory, "assets", "demo");

    public string Write(string name, byte[] content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    public string Picture(string name, int width, int height, Scalar colour)
    {
        using var picture = new Mat(height, width, MatType.CV_8UC3, colour);
        var path = System.IO.Path.Combine(Path, name);
        Assert.True(Cv2.ImWrite(path, picture));
        return path;
    }

    /// <summary>A video whose frame i is grey of 20 + 10 i.</summary>
    public string Video(string name, int frames, int width = 64, int height = 48, string codec = "MJPG")
    {
        var path = System.IO.Path.Combine(Path, name);
        using var writer = new VideoWriter(path, VideoWriter.FourCC(codec), 25, new Size(width, height));
        Assert.True(writer.IsOpened());
        for (var i = 0; i < frames; i++)
        {
            using var picture = new Mat(height, width, MatType.CV_8UC3, Scalar.All(20 + (10 * i)));
            writer.Write(picture);
        }

        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
