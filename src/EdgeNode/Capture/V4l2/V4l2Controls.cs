using System.Globalization;
using System.Text;

namespace FaceLandmark.Capture.V4l2;

/// <summary>Sets what the options ask of a camera's controls.</summary>
internal static unsafe class V4l2Controls
{
    // A driver that never says "no more" would be asked for ever.
    private const int MostControls = 1024;
    private const long MostItems = 256;

    /// <summary>The controls of a camera that have one number as their value, in the order of their numbers.</summary>
    public static IReadOnlyList<V4l2Control> List(V4l2Device device)
    {
        var controls = new List<V4l2Control>();
        var query = new Videodev2.ControlQuery { Id = Videodev2.NextControl };
        while (controls.Count < MostControls && device.Call(Videodev2.QueryControl, ref query) == 0)
        {
            if (
                query.Type
                    is Videodev2.ControlInteger
                        or Videodev2.ControlBoolean
                        or Videodev2.ControlMenu
                        or Videodev2.ControlBitmask
                        or Videodev2.ControlIntegerMenu
                && (query.Flags & Videodev2.ControlDisabled) == 0
            )
                controls.Add(
                    new V4l2Control(
                        query.Id,
                        V4l2Control.NameOf(NameOf(query)),
                        query.Type,
                        query.Least,
                        query.Most,
                        query.Step,
                        (query.Flags & Videodev2.ControlReadOnly) != 0,
                        Items(device, query)
                    )
                );
            query = new Videodev2.ControlQuery { Id = query.Id | Videodev2.NextControl };
        }

        return controls;
    }

    /// <summary>Sets the controls that are named. Automatic ones have lower numbers than what they govern, and so come first.</summary>
    /// <param name="device">The camera, before it streams.</param>
    /// <param name="wanted">Names and values; empty: all stay as they are.</param>
    /// <exception cref="SourceException">
    /// One is unknown, has no such value, or is refused; the message names all of them and what there is.
    /// </exception>
    public static void Apply(V4l2Device device, IReadOnlyDictionary<string, string> wanted)
    {
        if (wanted.Count == 0)
            return;
        var (settings, problems) = Resolve(List(device), wanted);
        if (problems.Count > 0)
            throw new SourceException($"Camera '{device.Path}' {string.Join("; it ", problems)}: correct its Controls.")
            {
                IsOfSettings = true,
            };
        foreach (var (control, value) in settings)
        {
            var setting = new Videodev2.Control { Id = control.Id, Value = value };
            var error = device.Call(Videodev2.SetControl, ref setting);
            if (error != 0)
                throw CameraTrouble.Control(
                    device.Path,
                    control.Name,
                    wanted.First(pair => IsNamed(control, pair.Key)).Value,
                    error
                );
        }
    }

    /// <summary>Matches what is wanted with what there is.</summary>
    /// <returns>Controls and values in the order of the controls, and what is wrong, each as the rest of a sentence.</returns>
    public static (IReadOnlyList<(V4l2Control Control, int Value)> Settings, IReadOnlyList<string> Problems) Resolve(
        IReadOnlyList<V4l2Control> controls,
        IReadOnlyDictionary<string, string> wanted
    )
    {
        var settings = new List<(V4l2Control Control, int Value)>();
        var problems = new List<string>();
        var all = controls.Count == 0 ? "none" : string.Join("; ", controls.Select(control => $"{control.Name} ({control.Values})"));
        foreach (var (name, text) in wanted)
        {
            var control = controls.FirstOrDefault(control => IsNamed(control, name));
            if (control is null)
                problems.Add($"has no control '{name}', but: {all}");
            else if (control.IsReadOnly)
                problems.Add($"has the control {control.Name}, but it is read-only");
            else if (control.ValueOf(text) is not { } value)
                problems.Add($"cannot have '{text}' for its control {control.Name}, but {control.Values}");
            else
                settings.Add((control, value));
        }

        return ([.. settings.OrderBy(setting => setting.Control.Id)], problems);
    }

    private static bool IsNamed(V4l2Control control, string name) => V4l2Control.NameOf(name) == control.Name;

    private static string NameOf(Videodev2.ControlQuery query) => Text(query.Name, 32);

    private static List<(int Value, string Name)> Items(V4l2Device device, in Videodev2.ControlQuery query)
    {
        var items = new List<(int Value, string Name)>();
        if (query.Type is not Videodev2.ControlMenu and not Videodev2.ControlIntegerMenu)
            return items;
        // Menus have gaps.
        for (var index = Math.Max(0, query.Least); index <= Math.Min(query.Most, MostItems); index++)
        {
            var item = new Videodev2.MenuQuery { Id = query.Id, Index = (uint)index };
            if (device.Call(Videodev2.QueryMenu, ref item) == 0)
                items.Add(
                    (
                        (int)index,
                        query.Type == Videodev2.ControlMenu ? Text(item.Name, 32) : item.Value.ToString(CultureInfo.InvariantCulture)
                    )
                );
        }

        return items;
    }

    private static string Text(byte* bytes, int length)
    {
        var span = new ReadOnlySpan<byte>(bytes, length);
        var end = span.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? span : span[..end]);
    }
}
