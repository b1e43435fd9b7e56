using System.Globalization;
using System.Text.Json.Nodes;
using FaceLandmark.IntegrationTests.Mqtt;

namespace FaceLandmark.Tests.Integrations;

/// <summary>
/// The configuration for Telegraf of <c>docs/integrations.md</c>, read as Telegraf documents it, and the panels' queries in a real InfluxDB
/// that got what it would write.
/// </summary>
[Collection(NodeForIntegrations.Name)]
public sealed class TelegrafTests(NodeForIntegrations node)
{
    [Fact]
    public async Task Its_paths_are_in_the_messages_and_a_real_InfluxDB_answers_the_panels()
    {
        var configuration = await Conversion.TomlToJsonAsync(Snippets.Of("telegraf.conf"));
        var database = (string)configuration["outputs"]!["influxdb"]![0]!["database"]!;
        await using var influx = await Database.StartInfluxAsync(database, node.NewFolder());
        foreach (var input in configuration["inputs"]!["mqtt_consumer"]!.AsArray())
        {
            Assert.Equal(("tcp://127.0.0.1:1883", "json_v2"), ((string)input!["servers"]![0]!, (string)input["data_format"]!));
            var parser = input["json_v2"]![0]!;
            await using var messages = await Subscriber.StartAsync(node.Port, (string)input["topics"]![0]!);

            // The first messages may lack drops and faces.
            var all = await messages.UntilAsync(message => ToLine(parser, JsonNode.Parse(message.Payload)!) is not null);
            await influx.PostAsync("/write?db=" + database, ToLine(parser, JsonNode.Parse(all[^1].Payload)!)!);
        }

        var queries = Snippets.LinesOf("panels.influxql");
        Assert.Equal(2, queries.Length);
        foreach (var query in queries)
        {
            var sql = query
                .Replace("$timeFilter", "time > now() - 5m", StringComparison.Ordinal)
                .Replace("$__interval", "10s", StringComparison.Ordinal);
            await influx.UntilAsync(
                $"/query?db={database}&q={Uri.EscapeDataString(sql)}",
                answer => answer!["results"]![0]!["series"] is JsonArray { Count: > 0 }
            );
        }
    }

    [Fact]
    public async Task The_output_for_later_InfluxDBs_is_TOML_of_the_settings_that_Telegraf_documents()
    {
        var configuration = await Conversion.TomlToJsonAsync(Snippets.Of("influxdb2.conf"));
        var settings = configuration["outputs"]!["influxdb_v2"]![0]!.AsObject().Select(setting => setting.Key);
        Assert.Equal(["bucket", "organization", "token", "urls"], settings.Order(StringComparer.Ordinal));
    }

    /// <summary>A message in InfluxDB's line protocol; null while it lacks a path that this machine can have.</summary>
    private static string? ToLine(JsonNode parser, JsonNode message)
    {
        var tags = parser["tag"]!.AsArray().Select(tag => $"{tag!["path"]}={At(message, (string)tag["path"]!)}");
        var fields = new List<string>();
        foreach (var field in parser["field"]!.AsArray())
        {
            var path = (string)field!["path"]!;
            if (At(message, path) is { } value)
                fields.Add($"{field["rename"] ?? path}={value.ToJsonString()}{((string)field["type"]! == "int" ? "i" : "")}");
            else if (path != "temperatureC") // not every machine has a sensor
                return null;
        }

        Assert.Equal("2006-01-02T15:04:05.999999999Z07:00", (string)parser["timestamp_format"]!); // Go's way to write RFC 3339
        var at = DateTimeOffset.Parse((string)At(message, (string)parser["timestamp_path"]!)!, CultureInfo.InvariantCulture);
        return $"{parser["measurement_name"]},{string.Join(',', tags)} {string.Join(',', fields)} "
            + $"{(at - DateTimeOffset.UnixEpoch).Ticks * 100}";
    }

    private static JsonNode? At(JsonNode message, string path) => path.Split('.').Aggregate((JsonNode?)message, (at, name) => at?[name]);
}
