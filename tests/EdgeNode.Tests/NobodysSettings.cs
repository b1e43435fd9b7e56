using System.Runtime.CompilerServices;

namespace FaceLandmark.Tests;

/// <summary>Tests, and the nodes that they start, read no settings of the user who runs them.</summary>
internal static class NobodysSettings
{
    [ModuleInitializer]
    internal static void Choose() =>
        Environment.SetEnvironmentVariable("XDG_CONFIG_HOME", Path.Combine(AppContext.BaseDirectory, "nobodys-settings"));
}
