using FaceLandmark.Mqtt;
using FaceLandmark.Platform;

namespace FaceLandmark.Recordings;

/// <summary>
/// Writes the messages of a broker down until it is stopped. A broker that goes is connected to again for as long as it takes, and the gap
/// is noted.
/// </summary>
internal sealed class RecordRun(RecordingFile file, BrokerVisit broker, IReadOnlyList<string> filters, TimeProvider time)
{
    private static readonly TimeSpan s_flushEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SequenceWatch _sequences = new();
    private DateTimeOffset? _gapSince;
    private readonly TaskCompletionSource<ExplainedException> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called with a sentence about each gap, and when the messages come again.</summary>
    public Action<string> Tell { get; init; } = _ => { };

    /// <summary>Called when the broker's messages come.</summary>
    public Action Listening { get; init; } = () => { };

    /// <summary>Records until the token.</summary>
    /// <exception cref="BrokerException">The broker cannot be reached at the beginning.</exception>
    /// <exception cref="LineFileException">The file cannot be written.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listening = broker.ListenAsync(
            [.. filters.Select(filter => new Subscription(filter, Take, false, []))],
            Follow,
            end.Token
        );
        try
        {
            while (!listening.IsCompleted && !_failed.Task.IsCompleted && !cancellationToken.IsCancellationRequested)
            {
                await Task.WhenAny(listening, _failed.Task, Task.Delay(s_flushEvery, time, cancellationToken)).ConfigureAwait(false);
                Flush();
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await listening.ConfigureAwait(false);
        }

        if (_failed.Task.IsCompleted)
            throw await _failed.Task.ConfigureAwait(false);
        Flush();
    }

    private void Flush()
    {
        lock (_lock)
            file.Flush();
    }

    private void Follow(string? fault)
    {
        if (fault is null)
        {
            if (_gapSince is { } since)
                NoteGap(since);
            _gapSince = null;
            Listening();
        }
        else if (_gapSince is null)
        {
            _gapSince = time.GetUtcNow();
            Tell($"{fault} Messages until the next connection are missing.");
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
