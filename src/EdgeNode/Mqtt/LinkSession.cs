using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using FaceLandmark.Diagnostics;

namespace FaceLandmark.Mqtt;

/// <summary>
/// What the node sends over one connection: first every retained topic and <c>status: online</c>, then the waiting messages, each flow by
/// its share. As many messages as the broker's receive maximum allows wait for their receipts at once; a message that needs no receipt
/// never waits for those of others. One thread.
/// </summary>
internal sealed class LinkSession(LinkConnection connection, LinkContext context, Action online) : IDisposable
{
    private static readonly TimeSpan s_receiptsWithin = TimeSpan.FromSeconds(5);
    private readonly LinkLoad _load = context.Load;
    private readonly LearnedLimits _learned = context.Learned;
    private readonly ConcurrentQueue<(Sending Sending, SendOutcome Outcome, TimeSpan Took, Exception? Failure)> _receipts = new();
    private readonly ReceiptDoubts _doubts = new(connection.Limits.IsVersion5);
    private readonly RefusalPause _pause = new(context.Time, context.Waker.Wake);
    private readonly List<string> _refusedStates = [];
    private readonly LinkFlows _flows = new(connection.Limits, context);
    private int _underWay;
    private int _statusDoubted = 1;
    private bool _statusIsRefused;
    private Sending? _waiting;
    private Sending? _alone;
    private Exception? _failure;

    /// <summary>Whether the broker has <c>status: online</c>, and everything before it.</summary>
    public bool IsEstablished { get; private set; }

    /// <summary>The message that went alone because the broker was never seen to take one like it, and has no receipt.</summary>
    public LearnedLimits.Trait? Alone => _alone?.Trait;

    /// <summary>Says <c>online</c> again. Any thread.</summary>
    public void DoubtStatus()
    {
        Interlocked.Exchange(ref _statusDoubted, 1);
        context.Waker.Wake();
    }

    /// <summary>Sends until the connection is lost, or, after a stop, until nothing waits or the time for it is over.</summary>
    public async Task ServeAsync()
    {
        _flows.Begin();
        while (!connection.Lost.IsCompleted)
        {
            TakeReceipts();
            if (_failure is not null)
                throw _failure;
            if (_pause.IsOver())
                Retry();
            if (context.Stop.QueuedIsOver && _underWay < connection.Limits.UnderWay)
                return; // with room for the goodbye, which is one more without a receipt
            if (!context.Stop.QueuedIsOver && Next() is { } sending)
                await SendAsync(sending);
            else if (context.Stop.IsAsked && _underWay == 0)
                return;
            else
                await context.Waker.WaitAsync(context.Stop.IsAsked ? context.Stop.Abort : CancellationToken.None);
        }
    }

    /// <summary>The connection is closed: waits for what is under way to fail, and puts everything in its place.</summary>
    public async Task FinishAsync()
    {
        using var limit = new CancellationTokenSource(s_receiptsWithin, context.Time);
        TakeReceipts();
        while (_underWay > 0 && !limit.IsCancellationRequested)
        {
            await ((Task)context.Waker.WaitAsync(limit.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            TakeReceipts();
        }

        if (_waiting is Sending.Once once)
            _load.Drop(once.Message, context.ReasonOfLoss);
        _load.Outbox?.Rewind();
        context.Waker.Wake(); // it may have been taken here
    }

    /// <inheritdoc/>
    public void Dispose() => _pause.Dispose();

    private Sending? Next()
    {
        if (_alone is not null)
            return null;
        if (_waiting is null)
        {
            if (Interlocked.Exchange(ref _statusDoubted, 0) == 1)
                _flows.StatusIsDue = true;
            var sending = _flows.Take(_underWay < connection.Limits.UnderWay);
            if (sending is null || !_learned.NeedsProof(sending.Trait))
                return sending;
            _waiting = sending;
        }

        if (_underWay > 0)
            return null;
        (_alone, _waiting) = (_waiting, null);
        return _alone;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(Sending sending)
    {
        var end = context.Stop.Abort;
        var sender = connection.Sender;
        var since = context.Time.GetTimestamp();
        var task = sending switch
        {
            Sending.State state => sender.SendStateAsync(state.Topic, state.Payload, end),
            Sending.Status => sender.SendStatusAsync(context.Broker.StatusTopic, NodeStatus.Online, end),
            Sending.Stored stored => sender.SendAsync(stored.Entry, end),
            Sending.Once once => sender.SendAsync(once.Message.Message, end),
            _ => throw new InvalidOperationException("There is no such sending."),
        };
        if (connection.Limits.IsAcknowledged(sending is Sending.Once { Message.Message.Qos: 0 } ? 0 : 1))
        {
            _underWay++;
            _ = FollowAsync(sending, task, since);
        }
        else
        {
            try
            {
                var outcome = await task;
                if (sending == _alone)
                {
                    await connection.PingAsync(end);
                    _learned.Took(sending.Trait);
                }

                Settle(sending, outcome);
            }
            catch
            {
                Settle(sending, new SendOutcome(SendFate.Lost));
                throw;
            }
        }

        if (sending is Sending.Status && !_flows.IsGreeted)
        {
            _flows.IsGreeted = true;
            online();
        }
    }

    private async Task FollowAsync(Sending sending, ValueTask<SendOutcome> receipt, long since)
    {
        try
        {
            var outcome = await receipt.ConfigureAwait(false);
            _receipts.Enqueue((sending, outcome, context.Time.GetElapsedTime(since), null));
        }
#pragma warning disable CA1031 // nobody awaits it: the loop gets it
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _receipts.Enqueue((sending, new SendOutcome(SendFate.Lost), TimeSpan.Zero, failure));
        }

        context.Waker.Wake();
    }

    private void TakeReceipts()
    {
        while (_receipts.TryDequeue(out var receipt))
        {
            _underWay--;
            _failure ??= receipt.Failure;
            if (receipt.Outcome.Fate == SendFate.Taken)
                _learned.Took(receipt.Sending.Trait);
            Settle(receipt.Sending, receipt.Outcome, receipt.Took);
        }
    }

    private void Settle(Sending sending, SendOutcome outcome, TimeSpan took = default)
    {
        var (fate, reason) = outcome;
        if (sending == _alone && fate != SendFate.Lost)
            _alone = null;
        if (fate is SendFate.Refused or SendFate.RefusedForever)
            context.Words.Refused(sending.Trait.Topic, reason);
        switch (sending)
        {
            case Sending.State when fate == SendFate.Refused:
                _refusedStates.Add(sending.Trait.Topic);
                _pause.Begin();
                break;
            case Sending.State when fate != SendFate.Lost:
                _load.State.Settle(sending.Trait.Topic, again: fate == SendFate.Taken && _doubts.IsDoubtful(sending.Trait.Topic, took));
                break;
            case Sending.Status:
                IsEstablished |= fate == SendFate.Taken;
                if (_statusIsRefused = fate == SendFate.Refused)
                    _pause.Begin();
                else if (fate == SendFate.Taken && _doubts.IsDoubtful(sending.Trait.Topic, took))
                    _flows.StatusIsDue = true;
                break;
            case Sending.Stored stored when _flows.Stored!.Settle(stored.Entry, fate):
                _pause.Begin();
                break;
            case Sending.Stored when fate == SendFate.Taken:
                _pause.Shorten();
                break;
            case Sending.Once once when fate == SendFate.Taken:
                once.Message.Message.Sent?.Invoke();
                once.Message.Return();
                break;
            case Sending.Once once:
                _load.Drop(once.Message, fate == SendFate.Lost ? context.ReasonOfLoss : DropReason.Refused);
                break;
            default:
                break;
        }
    }

    // What the broker refused may be allowed now.
    private void Retry()
    {
        foreach (var topic in _refusedStates)
            _load.State.Settle(topic, again: true);
        _refusedStates.Clear();
        _flows.Stored?.Resume();
        if (_statusIsRefused)
            _flows.StatusIsDue = true;
        _statusIsRefused = false;
    }
}
