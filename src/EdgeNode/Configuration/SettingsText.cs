using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FaceLandmark.Configuration;

/// <summary>
/// The text of a settings file, into which single values are put: everything else stays as its owner wrote it, with its comments, its
/// order and its spaces.
/// </summary>
internal sealed class SettingsText
{
    private const string Step = "  ";
    private static readonly JsonReaderOptions s_reader = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <param name="text">JSON, with comments and trailing commas where it has them; empty: a new file.</param>
    public SettingsText(string text) => Text = string.IsNullOrWhiteSpace(text) ? "{\n}\n" : text;

    /// <summary>The text as it is now.</summary>
    public string Text { get; private set; }

    /// <summary>Replaces a value, or adds it where it is missing, with the sections that lead to it.</summary>
    /// <param name="key">Sections and lists by name and number, separated by colons: <c>Cameras:0:Source</c>. In any case.</param>
    /// <param name="json">The value as JSON.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public void Set(string key, string json)
    {
        ArgumentNullException.ThrowIfNull(key);
        var bytes = Encoding.UTF8.GetBytes(Text);
        var (place, rest) = Deepest(Parse(bytes), key.Split(':'));
        var edited =
            rest.Length == 0 || place.Members is null
                ? Splice(bytes, place.Start, place.End, Nested(rest, json, Indent(bytes, place.Start)))
                : Insert(bytes, place, rest, json);
        Text = Encoding.UTF8.GetString(edited);
    }

    /// <summary>A text as JSON.</summary>
    public static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static byte[] Insert(byte[] bytes, Value place, string[] rest, string json)
    {
        var close = place.End - 1;
        var end = close;
        while (char.IsWhiteSpace((char)bytes[end - 1]))
            end--;
        var last = place.Members!.Count > 0 ? place.Members[^1].Value.End : -1;
        var outer = Indent(bytes, place.Start);
        var indent = last < 0 ? outer + Step : Indent(bytes, place.Members[0].Start);
        var value = Nested(rest[1..], json, indent);
        var member = bytes[place.Start] == '[' ? value : $"{Quoted(rest[0])}: {value}";
        var lacksComma = last >= 0 && !HasComma(bytes, last, close);
        if (last >= 0 && !bytes.AsSpan(place.Start, place.Members[0].Start - place.Start).Contains((byte)'\n'))
            return lacksComma ? Splice(bytes, last, last, $", {member}") : Splice(bytes, end, end, $" {member}");
        // The comma follows the value itself; the member follows the comments behind it.
        var tail = bytes.AsSpan(end, close - end).Contains((byte)'\n') ? "" : "\n" + outer;
        var added = Splice(bytes, end, end, $"\n{indent}{member}{tail}");
        return lacksComma ? Splice(added, last, last, ",") : added;
    }

    private static string Nested(string[] sections, string json, string indent)
    {
        if (sections.Length == 0)
            return json;
        var inner = Nested(sections[1..], json, indent + Step);
        return sections[0] == "0"
            ? $"[\n{indent}{Step}{inner}\n{indent}]"
            : $"{{\n{indent}{Step}{Quoted(sections[0])}: {inner}\n{indent}}}";
    }

    private static byte[] Splice(byte[] bytes, int start, int end, string text) =>
        [.. bytes.AsSpan(0, start), .. Encoding.UTF8.GetBytes(text), .. bytes.AsSpan(end)];

    /// <summary>The spaces at the beginning of the line.</summary>
    private static string Indent(byte[] bytes, int at)
    {
        var line = bytes.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
        var end = line;
        while (end < at && bytes[end] is (byte)' ' or (byte)'\t')
            end++;
        return Encoding.UTF8.GetString(bytes, line, end - line);
    }

    private static bool HasComma(byte[] bytes, int from, int to)
    {
        var rest = Encoding.UTF8.GetString(bytes, from, to - from);
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i] == ',')
                return true;
            if (rest.AsSpan(i).StartsWith("//", StringComparison.Ordinal))
                i = rest.IndexOf('\n', i) is >= 0 and var line ? line : rest.Length;
            else if (rest.AsSpan(i).StartsWith("/*", StringComparison.Ordinal))
                i = rest.IndexOf("*/", i, StringComparison.Ordinal) + 1;
        }

        return false;
    }

    /// <summary>The place that has most of the path; what of the path it lacks.</summary>
    private static (Value Place, string[] Lacks) Deepest(Value value, string[] path)
    {
        var best = (Place: value, Lacks: path);
        if (path.Length == 0 || value.Members is null)
            return best;
        foreach (var member in value.Members)
        {
            // "Mqtt:Host" may be written as one name.
            var parts = member.Name.Split(':');
            if (parts.Length > path.Length || !parts.AsSpan().SequenceEqual(path.AsSpan(0, parts.Length), StringComparer.OrdinalIgnoreCase))
                continue;
            var found = Deepest(member.Value, path[parts.Length..]);
            if (found.Lacks.Length < best.Lacks.Length)
                best = found;
        }

        return best;
    }

    private static Value Parse(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes, s_reader);
        reader.Read();
        var value = Parse(ref reader);
        reader.Read(); // nothing may follow
        return value;
    }

    private static Value Parse(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return new Value(start, (int)reader.BytesConsumed, null);
        var isArray = reader.TokenType == JsonTokenType.StartArray;
        List<Member> members = [];
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            var (at, name) = ((int)reader.TokenStartIndex, $"{members.Count}");
            if (!isArray)
            {
                name = reader.GetString()!;
                reader.Read();
            }

            members.Add(new Member(name, at, Parse(ref reader)));
        }

        return new Value(start, (int)reader.BytesConsumed, members);
    }

    /// <summary>Bytes of a value; null members: a single one.</summary>
    private sealed record Value(int Start, int End, List<Member>? Members);

    private sealed record Member(string Name, int Start, Value Value);
}
