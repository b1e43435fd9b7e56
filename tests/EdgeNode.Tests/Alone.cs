namespace FaceLandmark.Tests;

/// <summary>Tests that measure the whole process: they run after the others, one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
