namespace FaceLandmark.Mqtt;

/// <summary>
/// Finds out what a broker does not take but ends the connection for, without a word: MQTT 3.1.1 has none for it. After a connection that
/// ended unexplained, what the broker was never seen to take (a topic, a larger message, a retained one) goes alone, and its receipt is
/// awaited. What ended two connections like that is set aside: first the topic; when two topics were, all messages of that size. After an
/// hour it is tried again. One thread.
/// </summary>
internal sealed class LearnedLimits(TimeProvider time)
{
    private const int TopicsAtMost = 1024;
    private const int Proof = 2;
    private static readonly TimeSpan s_tryAgainAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_calmAfter = TimeSpan.FromMinutes(1);
    private readonly HashSet<string> _taken = [];
    private readonly Dictionary<string, long> _aside = [];
    private long _largestTaken;
    private bool _retainedTaken;
    private int _unexplained;
    private (string Topic, int Times) _suspect;
    private long? _asideSince;

    /// <summary>What a message is to the broker.</summary>
    /// <param name="Topic">Its topic.</param>
    /// <param name="Bytes">Size of its packet.</param>
    /// <param name="Retain">Whether it is to be retained.</param>
    public readonly record struct Trait(string Topic, long Bytes, bool Retain);

    /// <summary>Bytes that a packet may have as far as was found out; null: no limit was found.</summary>
    public long? Bytes { get; private set; }

    /// <summary>Whether retained messages are taken, as far as was found out.</summary>
    public bool MayRetain { get; private set; } = true;

    /// <summary>Whether what was never seen to be taken is to be tried alone.</summary>
    public bool IsWary { get; private set; }

    /// <summary>Whether a message is not to be sent at all.</summary>
    public bool IsAside(in Trait message) => message.Bytes > (Bytes ?? long.MaxValue) || _aside.ContainsKey(message.Topic);

    /// <summary>Whether a message is to be tried alone.</summary>
    public bool NeedsProof(in Trait message) =>
        IsWary && (message.Bytes > _largestTaken || (message.Retain && !_retainedTaken) || !_taken.Contains(message.Topic));

    /// <summary>The broker took it.</summary>
    public void Took(in Trait message)
    {
        _largestTaken = Math.Max(_largestTaken, message.Bytes);
        _retainedTaken |= message.Retain;
        if (_taken.Count < TopicsAtMost)
            _taken.Add(message.Topic);
    }

    /// <summary>A new connection: an hour later everything is tried again.</summary>
    public void Begin()
    {
        if (_asideSince is not { } since || time.GetElapsedTime(since) < s_tryAgainAfter)
            return;
        _aside.Clear();
        (Bytes, MayRetain, _asideSince) = (null, true, null);
    }

    /// <summary>The connection ended, and nobody said why.</summary>
    /// <param name="alone">The message that was tried alone; null: none was.</param>
    /// <param name="lasted">How long the connection was there.</param>
    /// <returns>What was found out.</returns>
    public LearnedLimit Ended(Trait? alone, TimeSpan lasted)
    {
        IsWary = true;
        if (alone is not { } suspect)
        {
            // What was taken once may have a smaller limit now.
            _unexplained = lasted < s_calmAfter ? _unexplained + 1 : 0;
            if (_unexplained >= Proof)
                Forget();
            return LearnedLimit.None;
        }

        _unexplained = 0;
        _suspect = (suspect.Topic, _suspect.Topic == suspect.Topic ? _suspect.Times + 1 : 1);
        if (_suspect.Times < Proof)
            return LearnedLimit.None;
        _suspect = default;
        _asideSince = time.GetTimestamp();
        return Judge(suspect);
    }

    private LearnedLimit Judge(in Trait suspect)
    {
        if (suspect.Retain && !_retainedTaken && MayRetain)
        {
            MayRetain = false;
            return LearnedLimit.Retain;
        }

        _aside[suspect.Topic] = suspect.Bytes;
        if (suspect.Bytes <= _largestTaken || _aside.Count(aside => aside.Value > _largestTaken) < 2)
            return LearnedLimit.Topic;
        Bytes = _aside.Values.Where(size => size > _largestTaken).Min() - 1;
        foreach (var topic in _aside.Where(aside => aside.Value > _largestTaken).Select(aside => aside.Key).ToList())
            _aside.Remove(topic);
        return LearnedLimit.Size;
    }

    private void Forget()
    {
        _taken.Clear();
        (_largestTaken, _retainedTaken, _unexplained) = (0, false, 0);
    }
}
