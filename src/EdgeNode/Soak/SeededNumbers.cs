namespace FaceLandmark.Soak;

/// <summary>
/// Numbers that a seed fixes on every machine and with every version of .NET, which <see cref="Random"/> does not promise: SplitMix64
/// (Steele, Lea and Flood 2014).
/// </summary>
internal sealed class SeededNumbers(int seed)
{
    private ulong _state = (uint)seed;

    /// <summary>From <paramref name="least"/> on and below <paramref name="most"/>.</summary>
    public double Between(double least, double most) => least + ((most - least) * (Next() >> 11) / (1UL << 53));

    /// <summary>From 0 on and below <paramref name="count"/>.</summary>
    public int Below(int count) => (int)Between(0, count);

    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
