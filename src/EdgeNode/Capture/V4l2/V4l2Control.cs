using System.Globalization;

namespace FaceLandmark.Capture.V4l2;

/// <summary>A setting of a camera's own: exposure, gain, focus and the like.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">
/// Its name as v4l2-ctl writes it: the driver's in lower case, with underscores for all that is neither letter nor digit.
/// </param>
/// <param name="Type">Its type, as in <see cref="Videodev2"/>.</param>
/// <param name="Least">Its least value.</param>
/// <param name="Most">Its greatest value.</param>
/// <param name="Step">Values lie so far apart, from the least on.</param>
/// <param name="IsReadOnly">Whether it can be looked at only.</param>
/// <param name="Items">The values of a menu with their names; empty for all others.</param>
internal sealed record V4l2Control(
    uint Id,
    string Name,
    uint Type,
    long Least,
    long Most,
    long Step,
    bool IsReadOnly,
    IReadOnlyList<(int Value, string Name)> Items
)
{
    /// <summary>The values it takes, for people.</summary>
    public string Values =>
        IsReadOnly ? "read-only"
        : Type == Videodev2.ControlBoolean ? "true or false"
        : Items.Count > 0 ? string.Join(", ", Items.Select(item => item.Name))
        : string.Create(CultureInfo.InvariantCulture, $"{Least} to {Most}{(Step > 1 ? $" in steps of {Step}" : "")}");

    /// <summary>A driver's name for a control as v4l2-ctl writes it.</summary>
    public static string NameOf(string driversName)
    {
        var letters = driversName.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '_');
        return string.Join('_', string.Concat(letters).Split('_', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>
    /// Reads a value: a number, <c>true</c> or <c>false</c>, or the name of a menu's item, in any case. Null when it is none of its values.
    /// </summary>
    public int? ValueOf(string text)
    {
        if (IsReadOnly)
            return null;
        if (Type == Videodev2.ControlBoolean && bool.TryParse(text, out var flag))
            return flag ? 1 : 0;
        foreach (var (value, name) in Items)
            if (name.Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return null;
        var isMenu = Type is Videodev2.ControlMenu or Videodev2.ControlIntegerMenu;
        return
            isMenu ? Items.Any(item => item.Value == number)
                ? number
                : null
            : number < Least || number > Most || (Step > 1 && (number - Least) % Step != 0) ? null
            : number;
    }
}
