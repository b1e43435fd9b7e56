using System.Globalization;
using System.Text.Json;

namespace FaceLandmark.Control;

/// <summary>
/// The fields of a command. Each is read with its type and range; what nobody read is refused by <see cref="ThrowIfUnknown"/>.
/// </summary>
internal sealed class CommandArguments(JsonElement json)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal) { "transaction" };

    /// <summary>A text; null when it is not given.</summary>
    public string? Text(string name) =>
        Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } value => Read(value, name),
            _ => throw new CommandException($"'{name}' must be a string."),
        };

    /// <summary>True or false; null when it is not given.</summary>
    public bool? Flag(string name) =>
        Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.True or JsonValueKind.False } value => value.GetBoolean(),
            _ => throw new CommandException($"'{name}' must be true or false."),
        };

    /// <summary>A number within a range; null when it is not given.</summary>
    public double? Number(string name, double least, double most) =>
        Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out var number) && number >= least && number <= most =>
                number,
            _ => throw new CommandException(
                string.Create(CultureInfo.InvariantCulture, $"'{name}' must be a number from {least} to {most}.")
            ),
        };

    /// <summary>A whole number within a range; null when it is not given.</summary>
    public int? Whole(string name, int least, int most) =>
        Number(name, least, most) switch
        {
            null => null,
            { } number when number == Math.Floor(number) => (int)number,
            _ => throw new CommandException($"'{name}' must be a whole number."),
        };

    /// <summary>One of some words; null when it is not given.</summary>
    public string? Choice(string name, params string[] words) =>
        Text(name) switch
        {
            null => null,
            var word when words.Contains(word, StringComparer.Ordinal) => word,
            _ => throw new CommandException($"'{name}' must be one of {string.Join(", ", words)}."),
        };

    /// <summary>Refuses fields that nobody read: a misspelt one must not be passed over.</summary>
    public void ThrowIfUnknown()
    {
        if (json.ValueKind != JsonValueKind.Object)
            return;
        foreach (var field in json.EnumerateObject())
            if (!_known.Contains(field.Name))
                throw new CommandException(
                    $"'{Shown(field.Name)}' is unknown; this command takes {string.Join(", ", _known.Order(StringComparer.Ordinal))}."
                );
    }

    private static string? Read(JsonElement value, string name)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            throw new CommandException($"'{name}' contains half of a surrogate pair, which is not valid text.");
        }
    }

    private static string Shown(string name) => name.Length > 40 ? name[..40] + "..." : name;

    private JsonElement? Find(string name)
    {
        _known.Add(name);
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
    }
}
