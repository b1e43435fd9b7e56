using FaceLandmark.Configuration;

namespace FaceLandmark.Tests.Docs;

/// <summary>Who may see the types of the program.</summary>
public sealed class VisibilityTests
{
    /// <summary>The program is no library: its tests see its internal types, and nobody else has a use for them.</summary>
    [Fact]
    public void The_program_shows_no_type_to_other_assemblies()
    {
        var shown = typeof(EdgeNodeOptions).Assembly.GetExportedTypes().Select(type => type.FullName);
        Assert.True(!shown.Any(), "Make these types internal: " + string.Join(", ", shown));
    }
}
