using System.Collections.Concurrent;
using FaceLandmark.Capture;
using FaceLandmark.Diagnostics;
using FaceLandmark.Mqtt;
using FaceLandmark.Pipeline;

namespace FaceLandmark.Publish;

/// <summary>
/// Frames as JPEGs, at a limited rate for each camera, scaled down, with the faces drawn in. A picture that the broker would refuse is
/// made again with less quality, then smaller; if that is not enough it is dropped and counted.
/// </summary>
internal sealed class PreviewPublisher(
    MqttLink link,
    MqttTopics topics,
    PreviewOptions options,
    NodeMetrics metrics,
    TimeProvider time,
    PicturePrivacy privacy = PicturePrivacy.On
) : IPreviewPublisher, IDisposable
{
    private const string ContentType = "image/jpeg";
    private const int LeastQuality = 30;
    private const int LeastSide = 32;

    private readonly ConcurrentDictionary<string, Turn> _turns = new();
    private readonly Lock _asking = new();
    private readonly List<(string Camera, TaskCompletionSource<long?> Taken)> _snapshots = [];
    private volatile PreviewOptions _settings = options;
    private readonly FramePicture _picture = new();

    /// <summary>What holds now: first the options, then what a command made of them; replaced whole.</summary>
    public PreviewOptions Settings
    {
        get => _settings;
        set => _settings = value;
    }

    /// <summary>What of the pictures may be published, whatever anybody asks for.</summary>
    public PicturePrivacy Privacy => privacy;

    /// <summary>Publishes the camera's next frame, whether previews are on or not.</summary>
    /// <param name="camera">Name of the camera.</param>
    /// <param name="within">How long a frame is waited for; one that comes later is not taken.</param>
    /// <param name="cancellationToken">Nobody wants it any more.</param>
    /// <returns>The frame's sequence number; null when the broker takes no picture of that size.</returns>
    /// <exception cref="TimeoutException">No frame came in time; with <see cref="PicturePrivacy.Off"/> none ever does.</exception>
    public async Task<long?> SnapshotAsync(string camera, TimeSpan within, CancellationToken cancellationToken)
    {
        var asked = (Camera: camera, Taken: new TaskCompletionSource<long?>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_asking)
            _snapshots.Add(asked);
        try
        {
            return await asked.Taken.Task.WaitAsync(within, time, cancellationToken);
        }
        finally
        {
            lock (_asking)
                _snapshots.Remove(asked);
        }
    }

    /// <inheritdoc/>
    public bool TakeTurn(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (privacy == PicturePrivacy.Off)
            return false;
        var settings = _settings;
        if (
            !IsAskedFor(work.Camera.Name)
            && (
                settings.Enabled is not true
                || !_turns.GetOrAdd(work.Camera.Name, static _ => new Turn()).Take(time, TimeSpan.FromSeconds(1 / settings.Rate))
            )
        )
            return false;
        if (link.State == LinkState.Online)
            return true;
        metrics.Dropped(DropPlace.Preview, DropReason.Offline); // not worth encoding
        return false;
    }

    /// <inheritdoc/>
    public void Publish(FrameWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (work.Frame is not { } frame)
            return;
        var topic = topics.Camera(work.Camera.Name).Preview;
        var room = link.MaxPacketBytes - PacketSize.AtMost(topic, 0, ContentType);
        var settings = _settings;
        var quality = settings.Quality;
        var side = Math.Min(settings.MaxSize, Math.Max(frame.Width, frame.Height));
        var jpeg = Encode(work, frame, side, quality, settings.Overlay);
        while (jpeg.Length > room && (quality > LeastQuality || side >= 2 * LeastSide))
        {
            if (quality > LeastQuality)
                quality = Math.Max(LeastQuality, quality / 2);
            else
                side /= 2;
            jpeg = Encode(work, frame, side, quality, settings.Overlay);
        }

        var taken = link.TryEnqueue(
            new MqttMessage(topic, jpeg, MessageClass.Preview) { ContentType = ContentType, Sequence = work.Sequence }
        );
        lock (_asking)
        {
            for (var i = _snapshots.Count - 1; i >= 0; i--)
            {
                if (_snapshots[i].Camera != work.Camera.Name)
                    continue;
                _snapshots[i].Taken.TrySetResult(taken ? work.Sequence : null);
                _snapshots.RemoveAt(i);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _picture.Dispose();

    private bool IsAskedFor(string camera)
    {
        lock (_asking)
        {
            foreach (var (asked, _) in _snapshots)
            {
                if (asked == camera)
                    return true;
            }

            return false;
        }
    }

    private ReadOnlyMemory<byte> Encode(FrameWork work, Frame frame, int side, int quality, bool overlay)
    {
        var faces = work.Faces.AsSpan(0, work.FaceCount);
        var scale = Math.Min(1, (float)side / Math.Max(frame.Width, frame.Height));
        if (privacy == PicturePrivacy.Points)
            _picture.TakeNothingOf(frame, scale);
        else
            _picture.Take(frame, scale);
        if (privacy == PicturePrivacy.Blur)
            _picture.Blur(faces);
        if (overlay || privacy == PicturePrivacy.Points)
            _picture.Draw(faces);
        return _picture.ToJpeg(quality);
    }

    /// <summary>When a camera's next preview is due.</summary>
    private sealed class Turn
    {
        private readonly Lock _lock = new();
        private long? _last;

        /// <summary>
        /// Keeps to the beat, so that frames that come a little late do not lower the rate; after a gap the beat begins again.
        /// </summary>
        public bool Take(TimeProvider time, TimeSpan every)
        {
            lock (_lock)
            {
                var now = time.GetTimestamp();
                if (_last is { } last)
                {
                    var elapsed = time.GetElapsedTime(last, now);
                    if (elapsed < every)
                        return false;
                    if (elapsed < 2 * every)
                        now = last + (long)(every.TotalSeconds * time.TimestampFrequency);
                }

                _last = now;
                return true;
            }
        }
    }
}
