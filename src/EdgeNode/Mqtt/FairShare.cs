namespace FaceLandmark.Mqtt;

/// <summary>
/// Whose turn it is on one connection: start-time fair queueing (Goyal, Vin and Cheng, 1996). While several flows wait, each gets bytes in
/// proportion to its weight; one that was idle comes at once and cannot save its share up. One thread.
/// </summary>
/// <param name="weights">The weight of each flow, above 0.</param>
internal sealed class FairShare(IReadOnlyList<int> weights)
{
    private readonly double[] _finish = new double[weights.Count];
    private double _now;

    /// <summary>The flow whose turn it is; null when none is ready.</summary>
    /// <param name="ready">Which flows have something to send.</param>
    public int? Next(ReadOnlySpan<bool> ready)
    {
        int? best = null;
        for (var flow = 0; flow < ready.Length; flow++)
            if (ready[flow] && (best is null || Start(flow) < Start(best.Value)))
                best = flow;
        return best;
    }

    /// <summary>A flow's message goes.</summary>
    public void Charge(int flow, long bytes)
    {
        _now = Start(flow);
        _finish[flow] = _now + ((double)bytes / weights[flow]);
    }

    private double Start(int flow) => Math.Max(_now, _finish[flow]);
}
