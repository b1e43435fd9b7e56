using System.Runtime;

namespace FaceLandmark.Platform;

/// <summary>
/// Which methods the last start of a verb compiled: a second processor compiles them while the first one comes to them
/// (docs/decisions/0177, 0180). The runtime writes the file by itself, at the end of the program or after a minute; one that it cannot read
/// or write, and one of another version of the program, only means that the start takes longer.
/// </summary>
internal static class StartupProfile
{
    /// <summary>What the names of the files end with; the verb is before it.</summary>
    public const string Extension = ".startup";

    /// <summary>Begins to compile what the last start compiled. To be called as early as the verb is known.</summary>
    public static void Begin(string verb)
    {
        // The folder is made by what a node keeps there. A program that is called once leaves nothing behind.
        if (StateFolder.Path() is not { } folder || !Directory.Exists(folder))
            return;
        ProfileOptimization.SetProfileRoot(folder);
        ProfileOptimization.StartProfile(verb + Extension);
    }
}
