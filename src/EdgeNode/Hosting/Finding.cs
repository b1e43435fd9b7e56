namespace FaceLandmark.Hosting;

/// <summary>One line of <c>doctor</c>.</summary>
/// <param name="Verdict"><see cref="Ok"/>, <see cref="Missing"/> or <see cref="Absent"/>.</param>
/// <param name="What">The thing.</param>
/// <param name="Why">What was seen.</param>
/// <param name="Remedy">What to do; null where nothing is to be done.</param>
internal sealed record Finding(string Verdict, string What, string Why, string? Remedy = null)
{
    /// <summary>In place.</summary>
    public const string Ok = "ok";

    /// <summary>The node cannot run as configured without it.</summary>
    public const string Missing = "missing";

    /// <summary>Not there, and not needed as configured.</summary>
    public const string Absent = "absent";

    /// <summary>One line for people.</summary>
    public string ToText() => $"{Verdict,-8} {What,-18} {Why}{(Remedy is null ? "" : $" -> {Remedy}")}";
}
