using System.Diagnostics.Metrics;
using FaceLandmark.Configuration;
using FaceLandmark.Diagnostics;
using FaceLandmark.Locate;
using FaceLandmark.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace FaceLandmark.Hosting;

/// <summary>Parts put together outside a running node.</summary>
public static class NodeParts
{
    /// <summary>What finds the faces of one camera.</summary>
    /// <param name="options">How.</param>
    /// <param name="detector">The detector, which stays the caller's; null for <see cref="LocateMode.FullFrame"/>.</param>
    public static IFaceLocator Locator(LocateOptions options, IFaceDetector? detector) => new FaceLocator(options, detector);

    /// <summary>The steps for single pictures.</summary>
    public static StillAnalyzer Analyzer(EdgeNodeOptions options, InferenceLane lane, IFaceLocator locator)
    {
        ArgumentNullException.ThrowIfNull(options);
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        var postprocess = new PostprocessStep(options.Postprocess, new NodeMetrics(meters, TimeProvider.System), TimeProvider.System);
        return new StillAnalyzer(locator, lane, postprocess, options.Locate.MaxFaces, TimeProvider.System);
    }
}
