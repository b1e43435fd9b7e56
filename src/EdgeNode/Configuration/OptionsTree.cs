using System.Collections;
using System.Globalization;
using System.Reflection;
using FaceLandmark.Capture;

namespace FaceLandmark.Configuration;

/// <summary>The keys of <see cref="EdgeNodeOptions"/> and the forms their values may take.</summary>
internal static class OptionsTree
{
    /// <summary>Whether a name is one of the sections.</summary>
    public static bool IsSection(string name) => Property(typeof(EdgeNodeOptions), name) is not null;

    /// <summary>
    /// Checks that every key exists and every value converts; writes durations and choices the way the binder reads them.
    /// </summary>
    /// <param name="settings">Key (sections separated by colons) to value.</param>
    /// <param name="errors">Gets one sentence for each key that does not exist or value that does not convert.</param>
    public static Dictionary<string, string?> Normalise(IEnumerable<KeyValuePair<string, string?>> settings, ICollection<string> errors)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(errors);
        var normalised = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in settings)
        {
            if (value is null || (value.Length == 0 && IsCollection(key)))
                continue; // an empty list
            if (TypeOf(key, out var hint) is not { } type)
                errors.Add($"{key} is not a setting: {hint}");
            else if (Convert(type, value, out var expected) is { } converted)
                normalised[key] = converted;
            else
                errors.Add($"{key} is '{value}', but must be {expected}.");
        }

        return normalised;
    }

    /// <summary>All keys of an options object with their values as text, in declaration order.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Flatten(object options, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var property in options.GetType().GetProperties())
        {
            var key = prefix + property.Name;
            var value = property.GetValue(options);
            if (value is IDictionary names)
            {
                foreach (DictionaryEntry entry in names)
                    yield return KeyValuePair.Create($"{key}:{entry.Key}", ToText(entry.Value));
            }
            else if (value is IList list)
            {
                foreach (var entry in list.Cast<object>().SelectMany((item, index) => Flatten(item, $"{key}:{index}:")))
                    yield return entry;
            }
            else if (IsLeaf(property.PropertyType))
            {
                yield return KeyValuePair.Create(key, ToText(value));
            }
            else
            {
                foreach (var entry in Flatten(value!, key + ":"))
                    yield return entry;
            }
        }
    }

    /// <summary>Reads a duration: <c>00:00:05</c>, or a number and <c>ms</c>, <c>s</c>, <c>min</c> or <c>h</c>.</summary>
    public static TimeSpan? ToDuration(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span : null;
        var unit = text.TrimStart('-', '+', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.');
        if (!double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return null;
        double? seconds = unit.Trim() switch
        {
            "ms" => number / 1000,
            "s" => number,
            "min" or "m" => number * 60,
            "h" => number * 3600,
            _ => null,
        };
        return seconds is null || Math.Abs(seconds.Value) > 1e9 ? null : TimeSpan.FromSeconds(seconds.Value);
    }

    private static bool IsCollection(string key) =>
        key.Equals("Cameras", StringComparison.OrdinalIgnoreCase)
        || key.EndsWith(":" + nameof(CameraOptions.Controls), StringComparison.OrdinalIgnoreCase);

    private static bool IsNames(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>);

    private static bool IsLeaf(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan) || type == typeof(bool?);

    private static string ToText(object? value) =>
        value switch
        {
            null => "", // auto, as the binder reads it
            TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
            bool flag => flag ? "true" : "false",
            _ => System.Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    private static PropertyInfo? Property(Type type, string name) =>
        type.GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);

    private static Type? TypeOf(string key, out string hint)
    {
        var type = typeof(EdgeNodeOptions);
        var known = "";
        foreach (var part in key.Split(':'))
        {
            hint =
                known.Length == 0 ? $"the sections are {Names(type)}."
                : IsLeaf(type) ? $"{known} is a single value."
                : $"{known} has {Names(type)}.";
            if (IsNames(type))
            {
                if (part.Length == 0)
                    return null;
                type = type.GetGenericArguments()[1];
            }
            else if (type.IsGenericType)
            {
                hint = $"{known} is a list: its entries are {known}:0, {known}:1, ...";
                if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index > 1000)
                    return null;
                type = type.GetGenericArguments()[0];
            }
            else if (!IsLeaf(type) && Property(type, part) is { } property)
            {
                type = property.PropertyType;
            }
            else
            {
                return null;
            }

            known = known.Length == 0 ? part : $"{known}:{part}";
        }

        hint =
            IsNames(type) ? $"{known} has names: {known}:NAME=VALUE."
            : type.IsGenericType
            ? $"{known} is a list: its entries are {known}:0, {known}:1, ..."
            : $"{known} has {(IsLeaf(type) ? "no parts" : Names(type))}.";
        return IsLeaf(type) ? type : null;
    }

    private static string Names(Type type) => string.Join(", ", type.GetProperties().Select(property => property.Name));

    private static string? Convert(Type type, string value, out string expected)
    {
        if (type == typeof(string))
        {
            expected = "text";
            return value;
        }

        if (type == typeof(bool))
        {
            expected = "true or false";
            return bool.TryParse(value, out var flag) ? ToText(flag) : null;
        }

        if (type == typeof(bool?))
        {
            expected = "auto, true or false";
            if (value.Equals("auto", StringComparison.OrdinalIgnoreCase))
                return ToText(null);
            return bool.TryParse(value, out var flag) ? ToText(flag) : null;
        }

        if (type == typeof(TimeSpan))
        {
            expected = "a duration such as 500ms, 5s, 2min or 00:00:05";
            return ToDuration(value) is { } span ? ToText(span) : null;
        }

        if (type.IsEnum)
        {
            expected = "one of " + string.Join(", ", Enum.GetNames(type));
            var bare = value.Replace("-", "", StringComparison.Ordinal);
            return Enum.GetNames(type).FirstOrDefault(name => name.Equals(bare, StringComparison.OrdinalIgnoreCase));
        }

        if (type == typeof(int))
        {
            expected = "a whole number";
            return int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? ToText(number) : null;
        }

        expected = "a number";
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real)
            ? ToText(real)
            : null;
    }
}
