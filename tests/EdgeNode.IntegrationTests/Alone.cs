namespace FaceLandmark.Tests;

/// <summary>
/// Tests that a browser, a measurement of memory or a whole node would load the machine for: they run after the others, one at a time.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
