namespace FaceLandmark.Platform;

/// <summary>Where the program keeps what it found out about the machine.</summary>
internal static class StateFolder
{
    /// <summary>
    /// The folder, which may not be there yet: the one that systemd gives (<c>STATE_DIRECTORY</c>), else <c>facelandmark</c> in
    /// <c>XDG_STATE_HOME</c> or <c>~/.local/state</c>; null for a user without a home.
    /// </summary>
    public static string? Path() => Path(Environment.GetEnvironmentVariable);

    internal static string? Path(Func<string, string?> environment)
    {
        if (environment("STATE_DIRECTORY")?.Split(':')[0] is { Length: > 0 } given)
            return given;
        if (environment("XDG_STATE_HOME") is { } states && System.IO.Path.IsPathRooted(states))
            return System.IO.Path.Combine(states, "facelandmark");
        return environment("HOME") is { } home && System.IO.Path.IsPathRooted(home)
            ? System.IO.Path.Combine(home, ".local", "state", "facelandmark")
            : null;
    }
}
