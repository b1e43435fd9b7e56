using System.Text.Json.Nodes;

namespace FaceLandmark.Tests.Integrations;

/// <summary>Reads the formats of configurations and templates by Python's own parsers.</summary>
internal static class Conversion
{
    /// <summary>TOML to JSON.</summary>
    public static Task<JsonNode> TomlToJsonAsync(string text) =>
        PythonAsync("import json, sys, tomllib; print(json.dumps(tomllib.loads(sys.argv[1])))", text);

    /// <summary>YAML to JSON.</summary>
    public static Task<JsonNode> YamlToJsonAsync(string text) =>
        PythonAsync("import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.argv[1])))", text);

    /// <summary>Renders one of Home Assistant's templates for a message, as text; an unknown field is an error.</summary>
    public static async Task<string> RenderAsync(string template, string message) =>
        (string)
            (
                await PythonAsync(
                    """
                    import json, sys, jinja2
                    try: value_json = json.loads(sys.argv[2])
                    except ValueError: value_json = None
                    template = jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(sys.argv[1])
                    print(json.dumps(template.render(value=sys.argv[2], value_json=value_json)))
                    """,
                    template,
                    message
                )
            )!;

    private static async Task<JsonNode> PythonAsync(string code, params string[] arguments) =>
        JsonNode.Parse(await RunningProgram.OutputOfAsync("/usr/bin/python3", ["-c", code, .. arguments]))!;
}
