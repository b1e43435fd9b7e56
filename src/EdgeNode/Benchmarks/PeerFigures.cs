namespace FaceLandmark.Benchmarks;

/// <summary>One run of the script that is compared with.</summary>
/// <param name="Frames">Frames of the measured time.</param>
/// <param name="Seconds">The measured time, seconds.</param>
/// <param name="CpuSeconds">Processor time of the script in it, seconds.</param>
internal sealed record PeerFigures(int Frames, double Seconds, double CpuSeconds)
{
    /// <summary>Frames a second.</summary>
    public double Fps => Frames / Seconds;

    /// <summary>Processor time a frame, milliseconds.</summary>
    public double CpuMs => 1000 * CpuSeconds / Frames;
}
