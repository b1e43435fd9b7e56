using System.Globalization;

namespace FaceLandmark.Films;

/// <summary>
/// The times of a film's frames as they are used: as the film states them, from 0 or later, and always forward. Where the film's own go
/// back, or stand still, it goes on at its usual pace.
/// </summary>
/// <param name="fps">Frames a second as the film states them; 0 where it states none.</param>
internal sealed class FilmClock(double fps)
{
    private readonly TimeSpan _usual = TimeSpan.FromSeconds(1 / (fps > 0 ? fps : 25));
    private TimeSpan _shift;
    private TimeSpan? _last;
    private long _frames;
    private long _firstBack;
    private long _timesBack;

    /// <summary>The time of the last frame; zero before the first.</summary>
    public TimeSpan Last => _last ?? TimeSpan.Zero;

    /// <summary>What is odd about the film's times, in a sentence that begins with its name; null when nothing is.</summary>
    public string? Remark(string film) =>
        _timesBack == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The time stamps of '{film}' go back {(_timesBack == 1 ? "once" : $"{_timesBack} times")}, first at frame {_firstBack}: "
                    + $"from there on its frames have later times than it states."
            );

    /// <summary>The time of the next frame.</summary>
    /// <param name="stated">What the film states; null where it states nothing.</param>
    public TimeSpan Next(TimeSpan? stated)
    {
        _frames++;
        var at = stated is { } own ? own + _shift : (_last ?? -_usual) + _usual;
        if (_last is { } last && at <= last)
        {
            _timesBack++;
            if (_timesBack == 1)
                _firstBack = _frames;
            _shift += last + _usual - at;
            at = last + _usual;
        }
        else if (at < TimeSpan.Zero)
        {
            _shift -= at;
            at = TimeSpan.Zero;
        }

        _last = at;
        return at;
    }
}
