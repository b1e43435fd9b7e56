using System.Globalization;
using System.Text;

namespace FaceLandmark.Diagnostics;

/// <summary>Writes figures in the text form that Prometheus reads (version 0.0.4).</summary>
internal sealed class PrometheusWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>A figure without labels.</summary>
    public void One(string name, string type, string help, double value)
    {
        Head(name, type, help);
        Line(name, value);
    }

    /// <summary>Begins a figure with labels.</summary>
    public void Head(string name, string type, string help) =>
        _text
            .Append("# HELP ")
            .Append(name)
            .Append(' ')
            .Append(help)
            .Append("\n# TYPE ")
            .Append(name)
            .Append(' ')
            .Append(type)
            .Append('\n');

    /// <summary>Three lines of a figure, in seconds.</summary>
    public void Quantiles(string name, Percentiles percentiles, params (string Name, string Value)[] labels)
    {
        Line(name, percentiles.P50 / 1000, [.. labels, ("quantile", "0.5")]);
        Line(name, percentiles.P95 / 1000, [.. labels, ("quantile", "0.95")]);
        Line(name, percentiles.P99 / 1000, [.. labels, ("quantile", "0.99")]);
    }

    /// <summary>A line of a figure.</summary>
    public void Line(string name, double value, params (string Name, string Value)[] labels)
    {
        _text.Append(name);
        if (labels.Length > 0)
            _text.Append('{').AppendJoin(',', labels.Select(label => $"{label.Name}=\"{Escape(label.Value)}\"")).Append('}');
        _text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private static string Escape(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
