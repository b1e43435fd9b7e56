using System.Text.RegularExpressions;

namespace FaceLandmark.Inference.Tvm;

/// <summary>
/// TVM's error texts hold stack traces, rulers and places of its source, which differ by version; people need the sentence.
/// </summary>
internal static partial class TvmErrorText
{
    /// <summary>The lines that say what is wrong, as one.</summary>
    public static string Essence(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !Noise().IsMatch(line))
            .Select(line => Place().Replace(line, ""))
            .Where(line => line.Length > 0)
            .Distinct();
        return string.Join(' ', lines) is { Length: > 0 } essence ? essence : "it gave no reason.";
    }

    [GeneratedRegex(
        @"^(Stack trace|Traceback|-{3}|File ""|TVMError:$|An error occurred during the execution of TVM|For more information|\d+: |\[bt\])"
    )]
    private static partial Regex Noise();

    [GeneratedRegex(@"^(TVMError: |InternalError: )?(\[\d\d:\d\d:\d\d\] \S+:\d+: ?)?")]
    private static partial Regex Place();
}
