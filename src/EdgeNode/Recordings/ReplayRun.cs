using FaceLandmark.Mqtt;

namespace FaceLandmark.Recordings;

/// <summary>Publishes the messages of recordings again, on their topics, marked, in their own time or faster.</summary>
/// <param name="broker">Where to.</param>
/// <param name="speed">Seconds of the recording in a second; infinity: as fast as the broker takes them.</param>
/// <param name="time">The clock.</param>
internal sealed class ReplayRun(BrokerVisit broker, double speed, TimeProvider time)
{
    // Task.Delay takes no more than this at once, and nobody waits for it.
    private static readonly TimeSpan s_longestPause = TimeSpan.FromDays(20);

    /// <summary>Messages that the broker has taken.</summary>
    public long Messages { get; private set; }

    /// <summary>Times of messages that lie before that of the message before.</summary>
    public long TimesBack { get; private set; }

    /// <summary>Publishes them all.</summary>
    /// <exception cref="RecordingException">The broker cannot be reached or refuses a message.</exception>
    public async Task RunAsync(IEnumerable<RecordedMessage> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        LinkConnection? connection = null;
        try
        {
            DateTimeOffset? last = null;
            var due = time.GetTimestamp();
            foreach (var message in messages)
            {
                if (connection is null) // only after the file has proved to be readable
                {
                    (connection, var fault) = await broker.TryConnectAsync([], cancellationToken).ConfigureAwait(false);
                    if (connection is null)
                        throw new RecordingException(fault!);
                    due = time.GetTimestamp();
                }

                var step = last is { } before ? message.At - before : TimeSpan.Zero;
                last = message.At;
                TimesBack += step < TimeSpan.Zero ? 1 : 0;
                if (step > TimeSpan.Zero && double.IsFinite(speed))
                    due = await WaitAsync(due, step / speed, cancellationToken).ConfigureAwait(false);
                await SendAsync(connection, message, cancellationToken).ConfigureAwait(false);
            }

            if (connection is not null)
                await connection.DisconnectAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            connection?.Dispose();
        }
    }

    // By the clock of the whole recording, so that what each message takes does not add up.
    private async Task<long> WaitAsync(long due, TimeSpan step, CancellationToken cancellationToken)
    {
        step = step < s_longestPause ? step : s_longestPause;
        due += (long)(step.TotalSeconds * time.TimestampFrequency);
        var left = time.GetElapsedTime(time.GetTimestamp(), due);
        if (left > TimeSpan.Zero)
            await Task.Delay(left, time, cancellationToken).ConfigureAwait(false);
        return due;
    }

    private async Task SendAsync(LinkConnection connection, RecordedMessage message, CancellationToken cancellationToken)
    {
        var sending = connection.Sender.SendAsync(
            new MqttMessage(message.Topic, ReplayMark.Add(message.Payload), MessageClass.Landmarks)
            {
                Qos = 1,
                ContentType = message.ContentType,
            },
            cancellationToken
        ).AsTask();
        var first = await Task.WhenAny(sending, connection.Lost).ConfigureAwait(false);
        if (first != sending)
            throw new RecordingException((await connection.Lost.ConfigureAwait(false)).Sentence);
        var (fate, reason) = await sending.ConfigureAwait(false);
        if (fate != SendFate.Taken)
            throw new RecordingException(
                $"The broker {broker.Address} refuses messages on {message.Topic} ({reason}): check what it allows Mqtt:User to write. "
                    + "The broker inside a node takes nothing on that node's topics: name another one by Mqtt:Host."
            );
        Messages++;
    }
}
