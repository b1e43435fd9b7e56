using System.Threading.Channels;

namespace FaceLandmark.Mqtt;

/// <summary>Tells one waiting loop to look again; any number of calls before it looks are one. Thread-safe.</summary>
internal sealed class Waker
{
    private readonly Channel<bool> _token = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }
    );

    /// <summary>Look again.</summary>
    public void Wake() => _token.Writer.TryWrite(true);

    /// <summary>Returns when there is a reason to look again.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken = default) => _token.Reader.ReadAsync(cancellationToken);
}
