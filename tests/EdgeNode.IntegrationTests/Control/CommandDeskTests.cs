using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaceLandmark.Control;
using FaceLandmark.IntegrationTests.Mqtt;
using FaceLandmark.Mqtt;
using FaceLandmark.Tests.Publish;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace FaceLandmark.Tests.Control;

/// <summary>Requests and answers through a real broker, sent by mosquitto's own programs.</summary>
[Trait("Category", "mqtt")]
public sealed class CommandDeskTests : IAsyncLifetime
{
    private readonly LogProbe<CommandDesk> _log = new();
    private readonly FakeTimeProvider _time = new(); // it stands still, and with it what is folded a second
    private ChosenBroker _broker = null!;
    private LinkBench _bench = null!;
    private CommandDesk _desk = null!;
    private Subscriber _answers = null!;

    private string[] Broker => [.. ChosenBroker.Version, "-p", $"{_broker.Port}"];

    public async ValueTask InitializeAsync()
    {
        _broker = await ChosenBroker.StartAsync();
        _bench = new LinkBench(new MqttOptions { Port = _broker.Port });
        _desk = new CommandDesk(
            new Dictionary<string, ICommand> { ["echo"] = new Echo(), ["bug"] = new Bug() },
            _bench.Link,
            _bench.Topics,
            Samples.Identity,
            _time,
            _log
        );
        _bench.Link.Start();
        await _bench.WaitOnlineAsync();
        _answers = await Subscriber.StartAsync(_broker.Port, "facelandmark/node7/response/#");
    }

    public async ValueTask DisposeAsync()
    {
        await _answers.DisposeAsync();
        await _desk.DisposeAsync();
        await _bench.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task A_command_is_obeyed_and_its_transaction_comes_back()
    {
        await PublishAsync("echo", """{"transaction":"t-1","text":"hello"}""");
        var answer = await NextAsync();
        Assert.Equal(
            """
            {"schema":"facelandmark/response/1","node":"node7","session":"s1","verb":"echo","transaction":"t-1",
            "status":"ok","data":{"text":"hello"}}
            """.ReplaceLineEndings(""),
            answer.ToJsonString()
        );
    }

    [Fact]
    public async Task The_response_topic_and_the_correlation_data_of_mqtt_5_are_honoured()
    {
        ChosenBroker.Needs(BrokerAbility.Version5);
        var printed = await MosquittoClients.RequestAsync(
            "-V",
            "5",
            "-p",
            $"{_broker.Port}",
            "-t",
            "facelandmark/node7/request/echo",
            "-e",
            "my/answers",
            "-D",
            "publish",
            "correlation-data",
            "c-7",
            "-m",
            """{"text":"x"}""",
            "-F",
            "%D %t %p"
        );
        Assert.StartsWith("c-7 my/answers {", printed, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"ok\"", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_topic_among_the_nodes_own_state_is_not_used()
    {
        ChosenBroker.Needs(BrokerAbility.Version5);
        await MosquittoClients.PublishAsync(
            "-V",
            "5",
            "-p",
            $"{_broker.Port}",
            "-t",
            "facelandmark/node7/request/echo",
            "-D",
            "publish",
            "response-topic",
            "facelandmark/node7/status",
            "-m",
            "{}"
        );
        Assert.Equal("facelandmark/node7/response/echo", (await _answers.NextAsync()).Topic);
    }

    [Theory]
    [InlineData("echo", "{\"text\":", "The payload is not JSON")]
    [InlineData("echo", "[1]", "The payload must be a JSON object.")]
    [InlineData("echo", "{\"text\":1}", "'text' must be a string.")]
    [InlineData("echo", "{\"texxt\":\"a\"}", "'texxt' is unknown; this command takes text, transaction.")]
    [InlineData("echo", "{\"transaction\":{}}", "'transaction' must be a string or number")]
    [InlineData("restart", "{}", "'restart' is not a command of this node, or Commands:Allow does not list it; it lists echo, bug.")]
    [InlineData("bug", "{}", "Unexpected fault: oops")]
    [InlineData("echo", "{\"text\":\"\\ud800\"}", "'text' contains half of a surrogate pair")]
    [InlineData("echo", "{\"\\udfff\":1}", "The name of a field contains half of a surrogate pair")]
    public async Task What_cannot_be_obeyed_is_answered(string verb, string payload, string error)
    {
        await PublishAsync(verb, payload);
        var answer = await NextAsync();
        Assert.Equal("error", (string)answer["status"]!);
        Assert.StartsWith(error, (string)answer["error"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00\\ud800 \\u0000\"")]
    [InlineData("1E400")]
    [InlineData("\"\U0001F600\"")]
    public async Task A_transaction_comes_back_as_it_was_sent_whatever_it_holds(string transaction)
    {
        await PublishAsync("echo", $"{{\"transaction\":{transaction},\"text\":\"hello\"}}");
        Assert.Contains($"\"transaction\":{transaction},\"status\":\"ok\"", (await _answers.NextAsync()).Text, StringComparison.Ordinal);
        await PublishAsync("bug", $"{{\"transaction\":{transaction}}}");
        Assert.Contains($"\"transaction\":{transaction},\"status\":\"error\"", (await _answers.NextAsync()).Text, StringComparison.Ordinal);
        await PublishAsync("echo", """{"text":"still there"}""");
        Assert.Equal("ok", (string)(await NextAsync())["status"]!);
    }

    [Fact]
    public async Task Whatever_must_come_back_with_an_answer_the_next_command_is_answered()
    {
        ChosenBroker.Needs(BrokerAbility.Version5);
        var random = new Random(20261126);
        string[] strings = ["\\ud800", "\\udfff\\ud800", "\\u0000", "\\ufffe", "a/b", "\U0001F600", "\\\\", "\\\"", new('x', 300), ""];
        string[] topics =
        [
            "answers/1",
            "answers/\u0001",
            "answers/\uFFFE",
            "+",
            "#/a",
            "$SYS/x",
            "answers/" + new string('t', 600),
            _bench.Topics.Status,
            _bench.Topics.Responses + "mine",
        ];
        var sender = await Subscriber.StartAsync(_broker.Port, "nothing");
        for (var i = 0; i < 300; i++)
        {
            var text = strings[random.Next(strings.Length)];
            var payload = random.Next(4) switch
            {
                0 => $"{{\"transaction\":\"{text}\",\"text\":\"{strings[random.Next(strings.Length)]}\"}}",
                1 => $"{{\"transaction\":\"{text}\",\"{text}\":1}}",
                2 => $"{{\"transaction\":{{\"{text}\":1}}}}",
                _ => $"{{\"text\":\"{text}\",\"text\":\"{text}\"}}",
            };
            var bytes = Encoding.UTF8.GetBytes(payload);
            if (random.Next(4) == 0)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(0x80, 0x100);
            try
            {
                await sender.PublishAsync(
                    new MqttApplicationMessageBuilder()
                        .WithTopic("facelandmark/node7/request/" + (random.Next(8) == 0 ? "bug" : "echo"))
                        .WithPayload(bytes)
                        .WithResponseTopic(random.Next(2) == 0 ? null : topics[random.Next(topics.Length)])
                        .WithCorrelationData(random.Next(2) == 0 ? null : new byte[random.Next(2000)])
                        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                        .Build()
                );
            }
            catch (MqttCommunicationException)
            {
                await sender.DisposeAsync(); // the broker does not carry everything
                sender = await Subscriber.StartAsync(_broker.Port, "nothing");
            }
        }

        await sender.DisposeAsync();

        await _answers.PublishAsync("facelandmark/node7/request/echo", """{"transaction":"last","text":"still there"}""");
        var answers = await _answers.UntilAsync(message => message.Text.Contains("\"last\"", StringComparison.Ordinal));
        Assert.Contains("\"status\":\"ok\"", answers[^1].Text, StringComparison.Ordinal);
        Assert.True(answers.Count > 50, $"{answers.Count} answers");
        Assert.DoesNotContain(
            _log.All,
            line => line.Text.Contains("this is a bug", StringComparison.Ordinal) && !line.Text.Contains("'bug'", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(_bench.Log.All, line => line.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task Too_large_a_command_is_answered()
    {
        await PublishAsync("echo", $"{{\"text\":\"{new string('x', 20_000)}\"}}");
        Assert.StartsWith("A command may have 16384 bytes at most", (string)(await NextAsync())["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retained_command_is_refused_and_named_in_the_log()
    {
        ChosenBroker.Needs(BrokerAbility.Version5); // 3.1.1 marks it only for those who come later
        await MosquittoClients.PublishAsync([.. Broker, "-r", "-t", "facelandmark/node7/request/echo", "-m", "{}"]);
        Assert.Contains("must not be retained", (string)(await NextAsync())["error"]!, StringComparison.Ordinal);
        Assert.Contains("facelandmark/node7/request/echo", await _log.NextAsync(LogLevel.Warning), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_malformed_commands_are_answered_and_the_next_good_one_obeyed()
    {
        var random = new Random(20260504);
        const int Commands = 10_000;
        await using var sender = await Subscriber.StartAsync(_broker.Port, "nothing");
        for (var i = 0; i < Commands; i++)
        {
            await sender.PublishAsync("facelandmark/node7/request/" + Verb(random), Payload(random));

            // Sixteen under way at most: nothing is refused for haste alone.
            if (i >= 16)
                Assert.Equal("error", (string)(await NextAsync())["status"]!);
        }

        for (var i = 0; i < 16; i++)
            Assert.Equal("error", (string)(await NextAsync())["status"]!);
        await PublishAsync("echo", """{"text":"still there"}""");
        Assert.Equal("ok", (string)(await NextAsync())["status"]!);
        Assert.Equal(LinkState.Online, _bench.Link.State);
        Assert.Single(_log.All, line => line.Level == LogLevel.Warning); // folded: a second at most
    }

    private static string Verb(Random random)
    {
        var verb = AnyVerb(random);
        // Where these are not letters as others, they are left out.
        return ChosenBroker.Has(BrokerAbility.AnyTopic) ? verb : verb.Replace('.', '_').Replace(' ', '_').Replace('*', '_');
    }

    private static string AnyVerb(Random random) =>
        random.Next(4) switch
        {
            0 => "echo",
            1 => "",
            2 => new string((char)random.Next(0x20, 0x7e), random.Next(1, 50)).Replace('+', '_').Replace('#', '_').Replace('/', '_'),
            _ => "ECHO",
        };

    // JSON with a few bytes changed, cut off, nested too deep, or no JSON at all; the field that must be a text never is one.
    private static string Payload(Random random)
    {
        var text = new StringBuilder($$"""{"transaction":{{random.Next()}},"text":{{random.Next()}},"list":[1,2,{"a":null}]}""");
        for (var changes = random.Next(4); changes > 0; changes--)
            text[random.Next(text.Length)] = (char)random.Next(1, 0x2ff);
        return random.Next(5) switch
        {
            0 => text.ToString(0, random.Next(1, text.Length)),
            1 => new string('[', random.Next(1, 200)),
            2 => new string((char)random.Next(1, 0xd000), random.Next(1, 300)),
            _ => text.ToString(),
        };
    }

    private Task<string> PublishAsync(string verb, string payload) =>
        MosquittoClients.PublishAsync([.. Broker, "-q", "1", "-t", $"facelandmark/node7/request/{verb}", "-m", payload]);

    private async Task<JsonNode> NextAsync() => JsonNode.Parse((await _answers.NextAsync()).Payload)!;

    private sealed class Echo : ICommand
    {
        public Task<JsonElement?> ExecuteAsync(CommandArguments arguments, CancellationToken cancellationToken)
        {
            var text = arguments.Text("text");
            arguments.ThrowIfUnknown();
            return Task.FromResult<JsonElement?>(JsonSerializer.SerializeToElement(new { text }));
        }
    }

    private sealed class Bug : ICommand
    {
        public Task<JsonElement?> ExecuteAsync(CommandArguments arguments, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("oops");
    }
}
