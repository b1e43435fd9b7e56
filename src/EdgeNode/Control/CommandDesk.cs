using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using System.Threading.Channels;
using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using FaceLandmark.Platform;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Control;

/// <summary>
/// Takes requests from <c>request/&lt;verb&gt;</c>, one after the other, and answers each on the response topic its sender names (MQTT 5)
/// or on <c>response/&lt;verb&gt;</c>. Whatever comes in, the node goes on: what cannot be obeyed gets an answer that says why.
/// </summary>
internal sealed class CommandDesk : IAsyncDisposable
{
    private const int BytesAtMost = 16 * 1024;
    private const int WaitingAtMost = 32;
    private const string Stops = "The node stops.";
    private static readonly TimeSpan s_within = TimeSpan.FromSeconds(60);
    private readonly Channel<InboundMessage> _requests = Channel.CreateBounded<InboundMessage>(WaitingAtMost);
    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyDictionary<string, ICommand> _commands;
    private readonly MqttLink _link;
    private readonly MqttTopics _topics;
    private readonly CommandAnswers _answers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FaultFold _refusals;
    private readonly FaultFold _retained;
    private readonly Dictionary<string, FaultFold> _obeyed;
    private readonly Task _worker;
    private volatile bool _isClosed;

    /// <summary>Subscribes; call it before the link starts.</summary>
    /// <param name="commands">The verbs that are obeyed.</param>
    /// <param name="link">Where requests come from.</param>
    /// <param name="topics">The node's topics.</param>
    /// <param name="identity">Who answers.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Logs what was executed and refused.</param>
    public CommandDesk(
        IReadOnlyDictionary<string, ICommand> commands,
        MqttLink link,
        MqttTopics topics,
        NodeIdentity identity,
        TimeProvider time,
        ILogger<CommandDesk> logger
    )
    {
        ArgumentNullException.ThrowIfNull(commands);
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(topics);
        (_commands, _link, _topics, _time, _logger) = (commands, link, topics, time, logger);
        _answers = new CommandAnswers(link, topics, identity);
        (_refusals, _retained) = (new FaultFold(time), new FaultFold(time));
        _obeyed = commands.Keys.ToDictionary(verb => verb, _ => new FaultFold(time));
        link.Subscribe(topics.Requests + "+", Receive, seesRetainFlag: true, plain: commands.Keys.Select(verb => topics.Requests + verb));
        logger.Listening(string.Join(", ", commands.Keys));
        _worker = Task.Run(WorkAsync);
    }

    /// <summary>
    /// Takes no more requests; one that is under way is cancelled. Each sender gets the answer that the node stops, so call it while the
    /// link is there.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        if (_requests.Writer.TryComplete())
            await _stop.CancelAsync();
        await _worker;
        _stop.Dispose();
    }

    private void Receive(InboundMessage request)
    {
        if (!_requests.Writer.TryWrite(request))
            _answers.Error(request, VerbOf(request), null, _isClosed ? Stops : "Too many commands are waiting: send it again later.");
    }

    private async Task WorkAsync()
    {
        while (await _requests.Reader.WaitToReadAsync())
            while (_requests.Reader.TryRead(out var request))
                await AnswerAlwaysAsync(request);
    }

    /// <summary>
    /// Nothing that one request does may keep the next from its answer; what cannot even be refused gets the shortest answer there is.
    /// </summary>
    private async Task AnswerAlwaysAsync(InboundMessage request)
    {
        try
        {
            await AnswerAsync(request);
        }
#pragma warning disable CA1031 // the outermost edge: answering itself failed
        catch (Exception bug)
#pragma warning restore CA1031
        {
            _logger.Failed(bug, VerbOf(request));
            _answers.Error(request, VerbOf(request), null, "The answer could not be written.");
        }
    }

    private async Task AnswerAsync(InboundMessage request)
    {
        var verb = VerbOf(request);
        JsonElement? transaction = null;
        try
        {
            if (request.Retained)
            {
                if (_retained.ShouldReport(out var count))
                    _logger.RetainedRefused(_topics.Requests + verb, count);
                throw new CommandException("A command must not be retained: send it without the retain flag.");
            }

            if (!_commands.TryGetValue(verb, out var command))
                throw new CommandException(
                    $"'{verb}' is not a command of this node, or Commands:Allow does not list it; "
                        + $"it lists {string.Join(", ", _commands.Keys)}."
                );
            using var json = Parse(request.Payload);
            transaction = Transaction(json?.RootElement)?.Clone();
            var arguments = new CommandArguments(json?.RootElement ?? default);
            using var limit = new CancellationTokenSource(s_within, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
            var data = await command.ExecuteAsync(arguments, either.Token);
            if (_obeyed[verb].ShouldReport(out var times))
                _logger.Obeyed(verb, times);
            _answers.Ok(request, verb, transaction, data);
        }
        catch (CommandException refusal)
        {
            if (!request.Retained && _refusals.ShouldReport(out var count))
                _logger.Refused(verb, refusal.Message, count);
            _answers.Error(request, verb, transaction, refusal.Message);
        }
        catch (OperationCanceledException)
        {
            _answers.Error(request, verb, transaction, _isClosed ? Stops : "The command took too long, and the node gave it up.");
        }
#pragma warning disable CA1031 // an edge: a command must never end the node
        catch (Exception bug)
#pragma warning restore CA1031
        {
            _logger.Failed(bug, verb);
            _answers.Error(request, verb, transaction, $"Unexpected fault: {bug.Message}");
        }
    }

    /// <summary>The fields of a request; null when it has none.</summary>
    /// <exception cref="CommandException">It is too long, or no JSON object.</exception>
    internal static JsonDocument? Parse(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > BytesAtMost)
            throw new CommandException($"A command may have {BytesAtMost} bytes at most, but this one has {payload.Length}.");
        if (payload.Length == 0)
            return null;
        if (!Utf8.IsValid(payload.Span))
            throw new CommandException("The payload is not UTF-8.");
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = 16 });
        }
        catch (JsonException reason)
        {
            throw new CommandException($"The payload is not JSON: {reason.Message}");
        }

        if (json.RootElement.ValueKind == JsonValueKind.Object && HasNames(json.RootElement))
            return json;
        var isObject = json.RootElement.ValueKind == JsonValueKind.Object;
        json.Dispose();
        throw new CommandException(
            isObject
                ? "The name of a field contains half of a surrogate pair, which is not valid text."
                : "The payload must be a JSON object."
        );
    }

    // A name such as "\ud800" is JSON, but looking any field up beside it fails.
    private static bool HasNames(JsonElement json)
    {
        try
        {
            return json.EnumerateObject().All(field => field.Name is not null);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static JsonElement? Transaction(JsonElement? json)
    {
        if (
            json is not { } fields
            || !fields.TryGetProperty("transaction", out var transaction)
            || transaction.ValueKind == JsonValueKind.Null
        )
            return null;
        if (transaction.ValueKind is JsonValueKind.String or JsonValueKind.Number && JsonMarshal.GetRawUtf8Value(transaction).Length <= 256)
            return transaction;
        throw new CommandException("'transaction' must be a string or number of 256 bytes at most.");
    }

    // A verb that is none goes into topics and logs, too, so only a plain word is taken as it is.
    private string VerbOf(InboundMessage request)
    {
        var verb = request.Topic[_topics.Requests.Length..];
        return verb.Length is > 0 and <= 32 && verb.All(char.IsAsciiLetter) ? verb : "unknown";
    }
}
