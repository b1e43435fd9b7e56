namespace FaceLandmark.Diagnostics;

/// <summary>The last values, of a fixed number, of a duration and their percentiles. Thread-safe; adding allocates nothing.</summary>
internal sealed class RollingWindow(int capacity)
{
    private readonly double[] _values = new double[capacity];
    private readonly double[] _sorted = new double[capacity];
    private readonly Lock _lock = new();
    private int _count;
    private int _next;

    /// <summary>Adds a value; the oldest leaves when the window is full.</summary>
    public void Add(double value)
    {
        lock (_lock)
        {
            _values[_next] = value;
            _next = (_next + 1) % _values.Length;
            _count = Math.Min(_count + 1, _values.Length);
        }
    }

    /// <summary>Percentiles by the nearest rank.</summary>
    public Percentiles Percentiles()
    {
        lock (_lock)
        {
            if (_count == 0)
                return default;
            Array.Copy(_values, _sorted, _count);
            Array.Sort(_sorted, 0, _count);
            return new Percentiles(Rank(0.50), Rank(0.95), Rank(0.99));
        }
    }

    private double Rank(double share) => _sorted[Math.Clamp((int)Math.Ceiling(share * _count) - 1, 0, _count - 1)];
}
