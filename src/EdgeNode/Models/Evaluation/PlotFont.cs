using ScottPlot;

namespace FaceLandmark.Models.Evaluation;

/// <summary>A font of the system for the words of curves: Skia's build without dependencies knows none by itself.</summary>
internal static class PlotFont
{
    private const string Name = "plot";
    private const string Folder = "/usr/share/fonts";

    private static readonly string? s_path = Find(Folder);

    /// <summary>Why no curve can be drawn, in a sentence; null: one can.</summary>
    public static string? Refusal =>
        s_path is null ? "Curves need a font, and none is installed: sudo apt-get install fonts-dejavu-core" : null;

    /// <summary>Gives a curve its font.</summary>
    /// <exception cref="InvalidOperationException">There is none; <see cref="Refusal"/> tells that first.</exception>
    public static void Use(Plot plot)
    {
        ArgumentNullException.ThrowIfNull(plot);
        Fonts.AddFontFile(Name, s_path ?? throw new InvalidOperationException("No font; Refusal tells that first."));
        plot.Font.Set(Name);
    }

    // DejaVu Sans, or else the first upright one of the folder.
    private static string? Find(string folder) =>
        Directory.Exists(folder)
            ? Directory
                .EnumerateFiles(folder, "*.ttf", new EnumerationOptions { RecurseSubdirectories = true })
                .OrderByDescending(file => Path.GetFileName(file) == "DejaVuSans.ttf")
                .ThenByDescending(file => file.EndsWith("Sans-Regular.ttf", StringComparison.Ordinal))
                .ThenBy(file => file, StringComparer.Ordinal)
                .FirstOrDefault()
            : null;
}
