using System.Diagnostics.Metrics;
using FaceLandmark.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace FaceLandmark.Tests.Diagnostics;

/// <summary>Metrics with meters of their own.</summary>
internal static class TestMetrics
{
    public static NodeMetrics Create(TimeProvider? time = null) => new(Meters(), time ?? TimeProvider.System);

    public static IMeterFactory Meters() => new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
}
