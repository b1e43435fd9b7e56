using FaceLandmark.Mqtt;
using FaceLandmark.Platform;

namespace FaceLandmark.Recordings;

/// <summary>
/// Writes the messages of a broker down until it is stopped. A broker that goes is connected to again for as long as it takes, and the gap
/// is noted.
/// </summary>
internal sealed class RecordRun(
    MqttOptions options,
    RecordingFile file,
    BrokerVisit broker,
    IReadOnlyList<string> filters,
    TimeProvider time
)
{
    private static readonly TimeSpan s_flushEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SequenceWatch _sequences = new();
    private readonly TaskCompletionSource<ExplainedException> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called with a sentence about each gap, and when the messages come again.</summary>
    public Action<string> Tell { get; init; } = _ => { };

    /// <summary>Called when the broker's messages come.</summary>
    public Action Listening { get; init; } = () => { };

    /// <summary>Records until the token.</summary>
    /// <exception cref="RecordingException">The broker cannot be reached at the beginning.</exception>
    /// <exception cref="LineFileException">The file cannot be written.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<Subscription> subscriptions = [.. filters.Select(filter => new Subscription(filter, Take, false, []))];
        var pause = options.ReconnectAfter;
        DateTimeOffset? gapSince = null;
        try
        {
            for (var isFirst = true; ; isFirst = false)
            {
                var (connection, fault) = await broker.TryConnectAsync(subscriptions, cancellationToken).ConfigureAwait(false);
                if (connection is null && isFirst)
                    throw new RecordingException(fault!);
                if (connection is null)
                {
                    await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
                    pause = pause * 2 < options.ReconnectAfterAtMost ? pause * 2 : options.ReconnectAfterAtMost;
                    continue;
                }

                using (connection)
                {
                    if (gapSince is { } since)
                        NoteGap(since);
                    pause = options.ReconnectAfter;
                    Listening();
                    var lost = await LostAsync(connection, cancellationToken).ConfigureAwait(false);
                    gapSince = time.GetUtcNow();
                    Tell($"{lost} Messages until the next connection are missing.");
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            lock (_lock)
                file.Flush();
        }
    }

    // Why the connection was lost; the file is kept up to date meanwhile.
    private async Task<string> LostAsync(LinkConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            var tick = Task.Delay(s_flushEvery, time, cancellationToken);
            var first = await Task.WhenAny(connection.Lost, _failed.Task, tick).ConfigureAwait(false);
            if (first == connection.Lost)
                return (await connection.Lost.ConfigureAwait(false)).Sentence;
            if (first == _failed.Task)
                throw await _failed.Task.ConfigureAwait(false);
            if (cancellationToken.IsCancellationRequested)
                await connection.DisconnectAsync(CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            lock (_lock)
                file.Flush();
        }
    }

    private void NoteGap(DateTimeOffset since)
    {
        lock (_lock)
            file.AddGap(null, "the connection to the broker was lost", null, since);
    }

    private void Take(InboundMessage message)
    {
        // Commands are not for playing back: they would be obeyed.
        if (message.Topic.Contains("/request/", StringComparison.Ordinal))
            return;
        try
        {
            lock (_lock)
            {
                if (
                    message.Topic.EndsWith("/landmarks", StringComparison.Ordinal)
                    && _sequences.MissingBefore(message.Topic, message.Payload.Span) is > 0 and var missing
                )
                    file.AddGap(message.Topic, "messages did not come", missing, null);
                file.Add(new RecordedMessage(time.GetUtcNow(), message.Topic, message.Payload, message.ContentType));
            }
        }
        catch (LineFileException reason)
        {
            _failed.TrySetResult(reason);
        }
    }
}
