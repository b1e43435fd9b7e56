namespace FaceLandmark.Tests;

/// <summary>Tests that measure: they run after the others, one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuringAlone
{
    public const string Name = "alone";
}
