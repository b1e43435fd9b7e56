using System.Diagnostics.CodeAnalysis;

namespace FaceLandmark.Models.Import;

/// <summary>Keys of dictionaries as Python has them: numbers, texts, tuples, classes, dates, None.</summary>
internal static class PickleKeys
{
    private static readonly object s_none = new();

    /// <summary>An empty dictionary whose cost does not depend on which keys a file chooses.</summary>
    public static Dictionary<object, object?> NewDictionary() => new(Comparer.Instance);

    /// <summary>A value as a key. Things that are only kept are equal to themselves alone.</summary>
    /// <exception cref="PickleException">Python has no such keys either.</exception>
    public static object Of(object? value) =>
        value switch
        {
            null => s_none,
            List<object?> or Dictionary<object, object?> => throw new PickleException("a dictionary has a list or a dictionary as a key"),
            _ => value,
        };

    // The hash of a number is its two halves XORed in .NET: easily the same for as many numbers as one likes. HashCode has a seed of its
    // own for each run, as texts have.
    private sealed class Comparer : IEqualityComparer<object>
    {
        public static Comparer Instance { get; } = new();

        public new bool Equals(object? x, object? y) => object.Equals(x, y);

        public int GetHashCode([DisallowNull] object obj) =>
            obj switch
            {
                long number => HashCode.Combine((int)number, (int)(number >> 32)),
                double number when BitConverter.DoubleToInt64Bits(number) is var bits => HashCode.Combine((int)bits, (int)(bits >> 32)),
                _ => obj.GetHashCode(),
            };
    }
}
