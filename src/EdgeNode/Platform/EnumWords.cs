using System.Collections.Frozen;
using System.Text.Json;

namespace FaceLandmark.Platform;

/// <summary>The words that values of enumerations have in messages, answers and settings: their names in camel case.</summary>
internal static class EnumWords
{
    /// <summary>From names to words.</summary>
    public static JsonNamingPolicy Spelling => JsonNamingPolicy.CamelCase;

    /// <summary>The word of a value.</summary>
    public static string Word<T>(this T value)
        where T : struct, Enum => Words<T>.All[value];

    private static class Words<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> All = Enum.GetValues<T>()
            .ToFrozenDictionary(value => value, value => Spelling.ConvertName(value.ToString()));
    }
}
