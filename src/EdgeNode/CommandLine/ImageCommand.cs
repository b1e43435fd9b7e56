using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FaceLandmark.Capture;
using FaceLandmark.Configuration;
using FaceLandmark.Faces;
using FaceLandmark.Locate;
using FaceLandmark.Models;
using FaceLandmark.Pipeline;
using FaceLandmark.Platform;

namespace FaceLandmark.CommandLine;

/// <summary>The verb <c>image</c>: landmarks of single pictures.</summary>
internal static class ImageCommand
{
    /// <summary>Describes the verb.</summary>
    public static Command Create(CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var paths = new Argument<string[]>("file|folder")
        {
            Description = "Pictures, or folders of pictures.",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = new Option<bool>("--json")
        {
            Description = "Print one JSON object a picture, each on its own line, in the form of the landmarks message.",
        };
        var locate = new Option<string>("--locate")
        {
            Description = "How faces are found.",
            DefaultValueFactory = _ => "detect",
            HelpName = "detect|full-frame",
        };
        locate.AcceptOnlyFromAmong("detect", "full-frame");
        var region = new Option<Region?>("--region")
        {
            Description = "The only region to examine, in pixels.",
            CustomParser = ParseRegion,
            HelpName = "x,y,w,h",
        };
        var annotate = new Option<string?>("--annotate")
        {
            Description = "Write the pictures with points, boxes and contours to this folder.",
            HelpName = "dir",
        };
        var command = new Command("image", "Localises the landmarks in pictures.") { paths, json, locate, region, annotate };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var options = context.Load(parsed);
                options = options with
                {
                    Locate = options.Locate with
                    {
                        Mode = parsed.GetValue(locate) == "full-frame" ? LocateMode.FullFrame : LocateMode.Detect,
                    },
                };
                using var output = new ImageOutput(options.Node.Name, parsed.GetValue(json), parsed.GetValue(annotate));
                return Task.FromResult(Run(options, parsed.GetValue(paths)!, parsed.GetValue(region), output, cancellationToken));
            }
        );
        return command;
    }

    private static int Run(
        EdgeNodeOptions options,
        IReadOnlyList<string> paths,
        Region? region,
        ImageOutput output,
        CancellationToken cancellationToken
    )
    {
        var (files, missing) = Expand(paths);
        foreach (var sentence in missing)
            Console.Error.WriteLine(sentence);
        if (files.Count == 0)
            return ExitCode.Fault;

        output.Protect(files);
        using var pool = new FramePool();
        var model = new ModelCatalogue(options.Models).Default();
        using var lane = EngineFactory.OpenLane(model, options.Engines, TimeProvider.System, options.Preprocess.Path);
        using var detector =
            region is not null || options.Locate.Mode == LocateMode.FullFrame ? null : new BlazeFaceDetector(options.Locate);
        using IFaceLocator locator = region is { } fixedRegion
            ? new FixedLocator { Region = fixedRegion }
            : new FaceLocator(options.Locate, detector);
        var analyzer = new StillAnalyzer(locator, lane, options.Postprocess, options.Locate.MaxFaces, TimeProvider.System);
        var failed = missing.Count;
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                analyzer.Analyze(PictureFile.Decode(file, pool, options.Pictures), output.Write);
            }
            catch (ExplainedException reason) when (reason is not OutputException) // which ends all of it
            {
                Console.Error.WriteLine(reason.Message);
                failed++;
            }
        }

        return failed == 0 ? ExitCode.Clean : ExitCode.Fault;
    }

    private static (List<string> Files, List<string> Missing) Expand(IReadOnlyList<string> paths)
    {
        var files = new List<string>();
        var missing = new List<string>();
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
            {
                try
                {
                    var pictures = PictureReader.List(path);
                    files.AddRange(pictures);
                    if (pictures.Count == 0)
                        missing.Add($"The folder {path} has no pictures ({PictureReader.Extensions}).");
                }
                catch (SourceException reason)
                {
                    missing.Add(reason.Message);
                }
            }
            else
            {
                files.Add(path);
            }
        }

        return (files, missing);
    }

    private static Region? ParseRegion(ArgumentResult result)
    {
        var parts = result.Tokens[0].Value.Split(',');
        var numbers = new int[4];
        var valid = parts.Length == 4;
        for (var i = 0; valid && i < 4; i++)
            valid =
                int.TryParse(parts[i], NumberStyles.Integer, CultureInfo.InvariantCulture, out numbers[i])
                && Math.Abs(numbers[i]) <= 100_000;
        if (valid && numbers[2] > 0 && numbers[3] > 0)
            return new Region(numbers[0], numbers[1], numbers[2], numbers[3]);
        result.AddError($"--region is '{result.Tokens[0].Value}', but must be four whole numbers x,y,w,h with w and h above 0.");
        return null;
    }
}
