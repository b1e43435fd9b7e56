namespace FaceLandmark.CommandLine;

/// <summary>
/// Settings among the arguments: <c>--Section:Key=value</c> or <c>--Section:Key value</c>; nothing after <c>--</c> is one.
/// </summary>
internal static class SettingArguments
{
    /// <summary>Parts the arguments into settings and the others; the last of two equal keys counts.</summary>
    public static (IReadOnlyDictionary<string, string?> Settings, IReadOnlyList<string> Others) Split(IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var others = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--")
            {
                others.AddRange(args.Skip(i));
                break;
            }

            var (key, value) = Part(args[i]);
            if (key is null)
                others.Add(args[i]);
            else
                settings[key] = value ?? (i + 1 < args.Count ? args[++i] : "");
        }

        return (settings, others);
    }

    private static (string? Key, string? Value) Part(string arg)
    {
        var end = arg.IndexOf('=', StringComparison.Ordinal);
        var key = end < 0 ? arg : arg[..end];
        return key.StartsWith("--", StringComparison.Ordinal) && key.Contains(':', StringComparison.Ordinal)
            ? (key[2..], end < 0 ? null : arg[(end + 1)..])
            : (null, null);
    }
}
