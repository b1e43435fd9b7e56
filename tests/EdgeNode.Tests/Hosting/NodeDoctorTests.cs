using FaceLandmark.Hosting;
using FaceLandmark.Preprocess;

namespace FaceLandmark.Tests.Hosting;

public sealed class NodeDoctorTests
{
    [Theory]
    [InlineData(PreprocessPath.Own, null)]
    [InlineData(PreprocessPath.Opencv, "OpenCV")]
    [InlineData(PreprocessPath.Original, "OpenCV")]
    internal void OpenCV_is_looked_for_where_the_settings_need_it(PreprocessPath path, string? what) =>
        Assert.Equal(what, NodeDoctor.OpenCv(path)?.What);
}
